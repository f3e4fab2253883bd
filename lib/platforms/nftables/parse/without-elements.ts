import { Rule, Ruleset, Statement } from './ruleset';

const MOST_NAMED = 8;

/** What a listing doesn't tell where no set in it has an element: `nft -t` of 1.0.6 prints all of them so. `untold`: what might let in more. */
export function withoutElements({ tables }: Ruleset): {
  readonly untold: readonly string[];
  readonly limits: readonly string[];
} {
  const sets = tables.flatMap((table) => [...table.sets.values()]);
  const empty = sets.filter(({ head }) => !head.flags.has('dynamic')).map(({ name }) => name);
  if (empty.length === 0 || sets.some(({ elements }) => elements.length > 0)) return { untold: [], limits: [] };
  const opening = new Set(
    tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules.flatMap(setsThatOpen))),
  );
  const [open, close] = [true, false].map((is) => empty.filter((name) => opening.has(name) === is));
  return { untold: said(open!), limits: said(close!) };
}

function said(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : '');
  return [
    `no set or map of the text has an element (${shown}), so they are judged as empty: nft -t leaves elements out, nft list ruleset has them`,
  ];
}

/** Sets of which an element more might let a packet in: all but those by which a rule alone drops what is in them, or accepts what isn't. */
function setsThatOpen({ statements }: Rule): readonly string[] {
  const verdicts = statements.flatMap((one) => (one.is === 'verdict' ? [one.verdict.is] : []));
  return statements.flatMap((one) => {
    const name = setIn(one);
    const isNegated = one.is === 'test' && (one.comparison === '!=' || one.comparison === '!');
    const harmless = one.is === 'test' && verdicts.length === 1 && verdicts[0] === (isNegated ? 'accept' : 'drop');
    return name === undefined || harmless ? [] : [name];
  });
}

function setIn(statement: Statement): string | undefined {
  const right = statement.is === 'test' ? statement.right : lookedUp(statement);
  return right && 'set' in right ? right.set : undefined;
}

function lookedUp(statement: Statement) {
  if (statement.is === 'choose') return statement.map;
  return statement.is === 'translate' && statement.to && 'map' in statement.to ? statement.to.map : undefined;
}
