// Detects a listing of nftables whose sets and maps are all without elements, as `nft -t` prints it, and names the sets
// for a warning: they are evaluated as empty.

import { ParsedNftRule, ParsedNftRuleset, NftStatement } from './syntax-tree';

const MAX_NAMED_SETS = 8;

/**
 * Returns what a listing leaves out if no set in it has an element: `nft -t` of 1.0.6 prints every set so. `omissions`:
 * sets whose elements might allow more packets.
 */
export function findMissingElements({ tables }: ParsedNftRuleset): {
  readonly omissions: readonly string[];
  readonly limits: readonly string[];
} {
  const sets = tables.flatMap((table) => [...table.sets.values()]);
  const empty = sets.filter(({ head }) => !head.flags.has('dynamic')).map(({ name }) => name);
  if (empty.length === 0 || sets.some(({ elements }) => elements.length > 0)) return { omissions: [], limits: [] };
  const openingSets = new Set(
    tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules.flatMap(listOpeningSets))),
  );
  const [openingNames, otherNames] = [true, false].map((isOpening) =>
    empty.filter((name) => openingSets.has(name) === isOpening),
  );
  return { omissions: describeMissing(openingNames!), limits: describeMissing(otherNames!) };
}

function describeMissing(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const nameList = names.slice(0, MAX_NAMED_SETS).join(', ') + (names.length > MAX_NAMED_SETS ? ', …' : '');
  return [
    `no set or map of the text has an element (${nameList}), so they are judged as empty: nft -t leaves elements out, nft list ruleset has them`,
  ];
}

/**
 * Returns the sets of a rule whose further elements might let a packet in. It leaves out sets by which the rule only
 * drops their members, or accepts all others.
 */
function listOpeningSets({ statements }: ParsedNftRule): readonly string[] {
  const verdicts = statements.flatMap((statement) => (statement.is === 'verdict' ? [statement.verdict.is] : []));
  return statements.flatMap((statement) => {
    const name = findSetName(statement);
    const isNegated = statement.is === 'test' && (statement.comparison === '!=' || statement.comparison === '!');
    const isHarmless =
      statement.is === 'test' && verdicts.length === 1 && verdicts[0] === (isNegated ? 'accept' : 'drop');
    return name === undefined || isHarmless ? [] : [name];
  });
}

function findSetName(statement: NftStatement): string | undefined {
  const right = statement.is === 'test' ? statement.right : findMapOperand(statement);
  return right && 'set' in right ? right.set : undefined;
}

function findMapOperand(statement: NftStatement) {
  if (statement.is === 'choose') return statement.map;
  return statement.is === 'translate' && statement.to && 'map' in statement.to ? statement.to.map : undefined;
}
