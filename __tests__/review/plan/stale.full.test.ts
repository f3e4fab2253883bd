// Tests that a plan of another stack than the one that is synthesized now makes the answer unknown, or is an objection
// with --synthesized.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleStack } from './sample-stack';
import { codes, typedReviews } from '../typed-reviews';

// Plans of the real Terraform, and a stack that was synthesized again since.

const { planned, review, judged } = typedReviews();

test('reports unknown for a found plan of another stack than the synthesized one, but accepts it if it is named', () => {
  const at = planned('stale.out', 'edge', sampleStack());
  const path = join(at, 'cdk.tf.json');
  const synthesized = readFileSync(path, 'utf8');
  const again = (from: string, to: string): void => writeFileSync(path, synthesized.replaceAll(from, to));
  // The same stack as another machine writes it.
  again('/dist/cli/main.js', '/elsewhere/cli/main.js');
  expect([readFileSync(path, 'utf8') === synthesized, judged(['stale.out']).status]).toEqual([false, 0]);
  again('"host keys": "', '"host keys": "another ');
  expect(readFileSync(path, 'utf8')).not.toBe(synthesized);
  for (const found of ['stale.out', join('stale.out', 'stacks', 'edge')]) {
    const one = judged([found]);
    expect([one.status, codes(one), one.review.unknown[0]?.where]).toEqual([3, ['? cli/stale-plan'], 'plan edge']);
  }
  expect(judged([join(at, 'plan')]).status).toBe(0);
  writeFileSync(path, '{');
  expect(review(['stale.out'])).toMatchObject({ status: 2, said: expect.stringContaining('review/not-readable') });
});

test('objects to a plan of another commit than the given stacks, instead of reporting unknown', () => {
  const at = planned('foreign.out', 'edge', sampleStack());
  writeFileSync(join(at, 'cdk.tf.json'), sampleStack({ services: ['smtp'] }));
  expect([judged(['foreign.out']).status, codes(judged(['foreign.out']))]).toEqual([3, ['? cli/stale-plan']]);
  const compared = judged(['foreign.out', '--synthesized', 'foreign.out']);
  expect([compared.status, codes(compared)]).toEqual([1, ['! review/not-this-commit', '! review/not-this-commit']]);
});
