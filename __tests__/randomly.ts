import * as fc from 'fast-check';

const asked = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

/** `RANDOM_TIMES`: how many times as far everything random looks. `RANDOM_SECONDS`: how long each looks at the most, times that. */
const TIMES = asked('RANDOM_TIMES', 1);
const MILLISECONDS = 1000 * asked('RANDOM_SECONDS', 60) * TIMES;
const SEED = process.env['RANDOM_SEED'];

/** How many tries where this many are usual. */
export const times = (usual: number): number => usual * TIMES;

/** `RANDOM_SEED` looks elsewhere. Properties look somewhere else each time without it, and say the seed of what they find. */
export const seeded = (usual: number): number => (SEED === undefined ? usual : Number(SEED));

/** As many of them as there is time for, and one at least. */
export function* inTime<T>(tries: Iterable<T>): Generator<T> {
  const end = Date.now() + MILLISECONDS;
  for (const one of tries) {
    yield one;
    if (Date.now() > end) return;
  }
}

fc.configureGlobal({ interruptAfterTimeLimit: MILLISECONDS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });

export { fc };
