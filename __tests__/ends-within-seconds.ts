// Asserts that work ends within a generous number of seconds, to catch computations that explode.

/**
 * Asserts that work ends within this many seconds, far more than it takes on a busy machine and far less than quadratic
 * work would take. It guards against texts that stop the program, and measures nothing.
 */
export function farWithin(seconds: number, act: () => void): void {
  const began = performance.now();
  act();
  expect((performance.now() - began) / 1000).toBeLessThan(seconds);
}
