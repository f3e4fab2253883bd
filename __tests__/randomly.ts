// Seeds and amounts of all random tests, and samples of cases for the quick tier.

import { spawnSync } from 'node:child_process';
import * as fc from './properties';
import { IS_QUICK, RANDOM_SECONDS } from './tier';

/** `RANDOM_TIMES`: the factor for the number of all random tries. */
const TIMES = Number(process.env['RANDOM_TIMES'] ?? 1);
const MILLISECONDS = 1000 * RANDOM_SECONDS * TIMES;
const SEED = process.env['RANDOM_SEED'];

/** Returns the number of tries, given the usual number. */
export const times = (usual: number): number => usual * TIMES;

/** `RANDOM_SEED` chooses other random values. */
export const seeded = (usual: number): number => (SEED === undefined ? usual : Number(SEED));

/** Yields tries until the time is over, at least one. */
export function* inTime<T>(tries: Iterable<T>): Generator<T> {
  const end = Date.now() + MILLISECONDS;
  for (const one of tries) {
    yield one;
    if (Date.now() > end) return;
  }
}

/**
 * Returns a seed of the committed sources in CI, so that a passed test passes again, and each change tries other
 * values.
 */
function seedOfTree(): number | undefined {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD:lib', 'HEAD:__tests__'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const [lib, tests] = (stdout ?? '').match(/^[0-9a-f]{40}$/gm) ?? [];
  return lib === undefined || tests === undefined
    ? undefined
    : Number.parseInt(lib.slice(0, 4) + tests.slice(0, 3), 16);
}

// Without a seed, properties try other values each time, and print the seed of a finding.
const seed = SEED === undefined ? (process.env['CI'] ? seedOfTree() : undefined) : Number(SEED);
fc.configureGlobal({ interruptAfterTimeLimit: MILLISECONDS, ...(seed === undefined ? {} : { seed }) });

/** All cases in the full tier; in the quick tier `count` of them, in their order, drawn by RANDOM_SEED or else by the committed tree. */
export function drawCases<T>(cases: readonly T[], count: number): readonly T[] {
  if (!IS_QUICK || cases.length <= count) return cases;
  const drawn = fc.shuffledSubarray([...cases.keys()], { minLength: count, maxLength: count });
  const [places = []] = fc.sample(drawn, { numRuns: 1, seed: SEED === undefined ? (seedOfTree() ?? 1) : Number(SEED) });
  return places.sort((a, b) => a - b).map((place) => cases[place]!);
}

const ENOUGH_TRIES = 50;

/**
 * Checks a share, such as "a third of them is allowed", if there were enough tries for it. The time may be over before
 * that.
 */
export function checkShares(tried: number, check: () => void): void {
  if (tried >= ENOUGH_TRIES) check();
}

export { fc };
