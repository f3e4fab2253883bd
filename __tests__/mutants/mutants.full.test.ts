// Changes generators, spec and generated texts at random (mutants): the verifier has to notice each change, or
// reasons.ts must have a reason why it survives.

import { Tried, unexplained } from './report';
import { triedMutants } from './try-mutants';

const tried = triedMutants('--some');
const count = (kind: Tried['kind']): number => tried.filter((one) => one.kind === kind).length;

it('tries many of each kind', () => {
  expect(count('writer')).toBeGreaterThanOrEqual(30);
  expect(count('meaning')).toBeGreaterThanOrEqual(10);
  expect(count('text')).toBeGreaterThanOrEqual(40);
});

it('has a reason for each surviving mutant', () => expect(unexplained(tried)).toEqual([]));
