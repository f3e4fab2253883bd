// Asserts that work ends within a generous number of seconds, to catch computations that explode.

/**
 * Act ends within so many seconds, which are far more than it takes on any machine, however busy, and far less than it would take if one
 * thing were done for each pair of what it reads. It guards against texts that stop the program, and measures nothing.
 */
export function farWithin(seconds: number, act: () => void): void {
  const began = performance.now();
  act();
  expect((performance.now() - began) / 1000).toBeLessThan(seconds);
}
