// Lowers firewalld's files for each version that they may be for, and merges the results: rules that only some
// versions load are unknown.

import { Problem, Refusal, refuseIfAny } from '../../../problems/problem';
import { BaseChain, LoweredRule, LoweredRuleset } from '../../../evaluator/ruleset-model';
import { createChain, createJump, createRule } from './contents/chain-builder';
import { FirewalldFiles } from './files/firewalld-files';
import { lowerForVersion } from './lower/lower-for-version';
import { VERSION_HINT, createProblem } from './files/parse-problems';
import { createBuiltInSource } from './files/rule-sources';
import { FirewalldSettings } from './files/firewalld-settings';
import { FirewalldVersion, describeVersions } from './files/firewalld-version';

/**
 * Returns the rules that the files load. If their version is unknown, it keeps the rules that all candidate versions
 * load alike, and makes the others unknown.
 * @throws Refusal with all problems of the files, and `firewalld/version-untold` if only some versions load them
 */
export function lowerFiles(files: FirewalldFiles, settings: FirewalldSettings): LoweredRuleset {
  const results = files.detectedVersions.versions.map((version) => ({
    version,
    ...lowerForVersion(version, files, settings),
  }));
  const [refused, accepted] = [
    results.filter(({ problems }) => problems.length > 0),
    results.filter(({ problems }) => problems.length === 0),
  ];
  if (accepted.length === 0) refuseIfAny(selectCommonProblems(refused.map(({ problems }) => problems)));
  else if (refused.length > 0)
    throw new Refusal([
      createVersionProblem(
        refused.map(({ version }) => version),
        accepted.map(({ version }) => version),
        refused[0]!.problems[0]!,
      ),
    ]);
  const [first, ...more] = accepted;
  return more.reduce(
    (merged, { lowered }) => ({
      ...merged,
      baseChains: mergeBases(merged, lowered),
      facts: mergeFacts(merged, lowered),
    }),
    first!.lowered,
  );
}

/** Returns the problems that all versions share, or else those of the last version. */
function selectCommonProblems(problemLists: readonly (readonly Problem[])[]): readonly Problem[] {
  const last = problemLists.at(-1)!;
  const shared = last.filter((lastProblem) =>
    problemLists.every((problems) =>
      problems.some(({ where, what }) => where === lastProblem.where && what === lastProblem.what),
    ),
  );
  return shared.length > 0 ? shared : last;
}

function createVersionProblem(
  refused: readonly FirewalldVersion[],
  accepted: readonly FirewalldVersion[],
  { where, what }: Problem,
): Problem {
  return {
    ...createProblem('version-untold', 1, '', VERSION_HINT),
    where,
    what: `The files may be of firewalld ${describeVersions(accepted)}, which load them, or of ${describeVersions(refused)}, which don’t: ${what}`,
  };
}

const mergeFacts = ({ facts }: LoweredRuleset, other: LoweredRuleset): LoweredRuleset['facts'] => ({
  ...facts,
  hasHelpers: facts.hasHelpers || other.facts.hasHelpers,
});

const mergeBases = ({ baseChains }: LoweredRuleset, other: LoweredRuleset): readonly BaseChain[] =>
  baseChains.map((base, index) => {
    const otherChain = other.baseChains[index]!.chain;
    return isSameStructure(base.chain, otherChain)
      ? base
      : {
          ...base,
          chain: createChain(base.chain.label, [
            createUnknownJump(otherChain),
            createRule(createBuiltInSource('zones'), [], createJump('goto', base.chain)),
          ]),
        };
  });

const createUnknownJump = (target: BaseChain['chain']): LoweredRule =>
  createRule(
    createBuiltInSource('another version'),
    [
      {
        is: 'doubt',
        reason: 'it is not told of which firewalld the files are, and not all load them alike',
        fields: [],
      },
    ],
    createJump('goto', target),
  );

/**
 * Returns whether two chains and all chains that they jump to are equal, rule for rule and name for name. Both are made
 * of one text.
 */
function isSameStructure(a: unknown, b: unknown, counterparts = new Map<object, object>()): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (counterparts.has(a)) return counterparts.get(a) === b;
  counterparts.set(a, b);
  if (
    ![a, b].every((item) => PLAIN_PROTOTYPES.includes(Object.getPrototypeOf(item))) ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return false;
  const [entries, otherEntries] = [Object.entries(a), Object.entries(b)];
  return (
    entries.length === otherEntries.length &&
    entries.every(
      ([key, value]) => key in b && isSameStructure(value, (b as Record<string, unknown>)[key], counterparts),
    )
  );
}

const PLAIN_PROTOTYPES: readonly unknown[] = [Object.prototype, Array.prototype];
