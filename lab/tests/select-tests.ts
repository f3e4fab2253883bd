// Selects the suites and tests of the lab that a run has, by tier, words and suite names, and reports those that are
// left out.
import { Tier, selectUnits } from '../../scripts/units';
import { LabSuite, LabTest } from './test';

interface Choice {
  /** Without it: the full tier, or every test that words choose. */
  readonly tier?: Tier | undefined;
  /** Words that choose a test by its suite's name and its own. */
  readonly words: readonly string[];
  /** Names of suites that run. */
  readonly only?: readonly string[] | undefined;
}

/** Returns the suites to run, each with its chosen tests. @throws if a name of `only` is no suite of this tier. */
export function chooseTests(suites: readonly LabSuite[], { tier, words, only }: Choice): readonly LabSuite[] {
  const chosen = suites
    .map((suite) => ({
      ...suite,
      tests: suite.tests.filter(
        (test) =>
          isOfTier(test, tier ?? (words.length > 0 ? undefined : 'full')) &&
          hasWord(`${suite.name}: ${test.name}`, words),
      ),
    }))
    .filter(({ tests }) => tests.length > 0);
  return selectUnits(chosen, ({ name }) => name, only);
}

/** Returns sentences on the tests that a run leaves out, each with the command that runs them. */
export function printLeftOut(suites: readonly LabSuite[], chosen: readonly LabSuite[]): readonly string[] {
  const run = new Set(chosen.flatMap((suite) => suite.tests.map((test) => `${suite.name}: ${test.name}`)));
  const leftOut = suites.flatMap((suite) => suite.tests.filter((test) => !run.has(`${suite.name}: ${test.name}`)));
  const byName = leftOut.filter(({ tier }) => tier === 'by name').length;
  const full = leftOut.length - byName;
  return [
    ...(full > 0 ? [`lab: ${full} tests of the full tier were not run: npm run test:full`] : []),
    ...(byName > 0
      ? [`lab: ${byName} tests that run by name were not run: sh scripts/lab-test.sh lab/tests/run.ts 'host cases on'`]
      : []),
  ];
}

const isOfTier = ({ tier = 'full' }: LabTest, wanted: Tier | undefined): boolean =>
  wanted === undefined || tier === 'quick' || tier === wanted;

const hasWord = (name: string, words: readonly string[]): boolean =>
  words.length === 0 || words.some((word) => name.includes(word));
