// Changes generators, spec and generated texts by known mistakes (named mutants): the verifier has to notice each. Also
// compares contributing/mutants.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './modules';
import { PAGE } from './report';
import { triedMutants } from './try-mutants';

it('notices each named mistake', () => {
  const tried = triedMutants('--named');
  expect(tried.length).toBeGreaterThanOrEqual(60);
  expect(tried.filter(({ kind, outcome }) => kind !== 'named' || outcome.is !== 'seen')).toEqual([]);
});

it('has a page of the surviving mutants, each with its reason', () => {
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const counts = [...page.matchAll(/^\| [a-z ]+ \| +(\d+) \|/gm)].map(([, count]) => Number(count));
  expect(counts.reduce((all, count) => all + count, 0)).toBeGreaterThanOrEqual(400);
  expect(page).not.toContain('Without a reason');
});
