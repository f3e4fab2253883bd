import { Problem, Refusal, refuseIfAny } from '../../../problems/problem';
import { BaseChain, LoweredRule, LoweredRuleset } from '../../../evaluator/model';
import { chain, leads, rule } from './contents/contents';
import { Files } from './files/files';
import { lowerAs } from './lower/lower';
import { TELLS, problem } from './files/problems';
import { OWN } from './files/said';
import { Settings } from './files/settings';
import { Version, inWords } from './files/version';

/**
 * What the files would load: where they don't say of which firewalld they are, what all of these load alike, and what they don't as a doubt. Throws
 * Refusal with all that is wrong, and `firewalld/version-untold` where some would load them and others not.
 */
export function lower(files: Files, settings: Settings): LoweredRuleset {
  const read = files.told.versions.map((version) => ({ version, ...lowerAs(version, files, settings) }));
  const [refusing, taking] = [
    read.filter(({ problems }) => problems.length > 0),
    read.filter(({ problems }) => problems.length === 0),
  ];
  if (taking.length === 0) refuseIfAny(common(refusing.map(({ problems }) => problems)));
  else if (refusing.length > 0)
    throw new Refusal([
      untold(
        refusing.map(({ version }) => version),
        taking.map(({ version }) => version),
        refusing[0]!.problems[0]!,
      ),
    ]);
  const [first, ...more] = taking;
  return more.reduce(
    (all, { lowered }) => ({ ...all, bases: joined(all, lowered), facts: either(all, lowered) }),
    first!.lowered,
  );
}

/** What all say, or else what the last says. */
function common(of: readonly (readonly Problem[])[]): readonly Problem[] {
  const last = of.at(-1)!;
  const everywhere = last.filter((one) =>
    of.every((some) => some.some(({ where, what }) => where === one.where && what === one.what)),
  );
  return everywhere.length > 0 ? everywhere : last;
}

function untold(refusing: readonly Version[], taking: readonly Version[], { where, what }: Problem): Problem {
  return {
    ...problem('version-untold', 1, '', TELLS),
    where,
    what: `The files may be of firewalld ${inWords(taking)}, which load them, or of ${inWords(refusing)}, which don’t: ${what}`,
  };
}

const either = ({ facts }: LoweredRuleset, other: LoweredRuleset): LoweredRuleset['facts'] => ({
  ...facts,
  helpers: facts.helpers || other.facts.helpers,
});

const joined = ({ bases }: LoweredRuleset, other: LoweredRuleset): readonly BaseChain[] =>
  bases.map((one, at) => {
    const its = other.bases[at]!.chain;
    return areAlike(one.chain, its)
      ? one
      : { ...one, chain: chain(one.chain.called, [doubtful(its), rule(OWN('zones'), [], leads('goto', one.chain))]) };
  });

const doubtful = (its: BaseChain['chain']): LoweredRule =>
  rule(
    OWN('another version'),
    [
      {
        is: 'doubt',
        because: 'it is not told of which firewalld the files are, and not all load them alike',
        fields: [],
      },
    ],
    leads('goto', its),
  );

/** Whether two chains are the same, name for name and rule for rule, with whatever they lead to: of one text, read twice. */
function areAlike(a: unknown, b: unknown, known = new Map<object, object>()): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (known.has(a)) return known.get(a) === b;
  known.set(a, b);
  if (![a, b].every((one) => PLAIN.includes(Object.getPrototypeOf(one))) || Array.isArray(a) !== Array.isArray(b))
    return false;
  const [own, other] = [Object.entries(a), Object.entries(b)];
  return (
    own.length === other.length &&
    own.every(([key, value]) => key in b && areAlike(value, (b as Record<string, unknown>)[key], known))
  );
}

const PLAIN: readonly unknown[] = [Object.prototype, Array.prototype];
