// Tests which suites and tests of the lab a run selects by tier and words, and which it reports as left out.

import { chooseTests, printLeftOut } from '../../lab/tests/select-tests';
import { LabSuite, TestTier } from '../../lab/tests/test';

const test = (name: string, tier?: TestTier) => ({ name, run: () => Promise.resolve(), ...(tier ? { tier } : {}) });

const SUITES: readonly LabSuite[] = [
  { name: 'first', tests: [test('deploys', 'quick'), test('reboots'), test('case', 'by name')] },
  { name: 'second', tests: [test('reboots twice')] },
  { name: 'third', tests: [test('case of another', 'by name')] },
];

const chosen = (choice: Partial<Parameters<typeof chooseTests>[1]>): readonly string[] =>
  chooseTests(SUITES, { words: [], ...choice }).flatMap(({ name, tests }) =>
    tests.map((each) => `${name}: ${each.name}`),
  );

describe("the lab's tests that run", () => {
  it('are those of the full tier, among them the quick ones, where nothing is said', () => {
    const full = ['first: deploys', 'first: reboots', 'second: reboots twice'];
    expect(chosen({})).toEqual(full);
    expect(chosen({ tier: 'full' })).toEqual(full);
  });

  it('are the quick ones alone in the quick tier', () => expect(chosen({ tier: 'quick' })).toEqual(['first: deploys']));

  it('are those with one of the words, also those that run by name', () => {
    expect(chosen({ words: ['case', 'twice'] })).toEqual([
      'first: case',
      'second: reboots twice',
      'third: case of another',
    ]);
    expect(chosen({ words: ['third: case'] })).toEqual(['third: case of another']);
  });

  it('are those with one of the words within a tier that is named', () => {
    expect(chosen({ words: ['first'], tier: 'quick' })).toEqual(['first: deploys']);
    expect(chosen({ words: ['case'], tier: 'full' })).toEqual([]);
  });

  it('are those of the suites that are named, in their own order', () => {
    expect(chosen({ only: ['second', 'first'] })).toEqual([
      'first: deploys',
      'first: reboots',
      'second: reboots twice',
    ]);
    expect(chosen({ only: [] })).toEqual([]);
  });

  it('are none where a name is no suite of the tier', () => {
    expect(() => chosen({ only: ['first', 'fourth'] })).toThrow('No unit of this tier has the name "fourth".');
    expect(() => chosen({ only: ['second'], tier: 'quick' })).toThrow('"second"');
  });
});

describe('what a run of the lab leaves out', () => {
  it('is counted with the command that runs it', () => {
    expect(printLeftOut(SUITES, chooseTests(SUITES, { words: [], tier: 'quick' }))).toEqual([
      'lab: 2 tests of the full tier were not run: npm run test:full',
      "lab: 2 tests that run by name were not run: sh scripts/lab-test.sh lab/tests/run.ts 'host cases on'",
    ]);
  });

  it('is nothing where all ran', () => expect(printLeftOut(SUITES, SUITES)).toEqual([]));
});
