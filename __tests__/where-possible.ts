// `describe` for tests that need something of the machine. If it is missing, they are skipped aloud, and fail in CI.

/**
 * `describe`, where what it needs is there. Elsewhere it says aloud what isn't tried and why, and in CI that is a failure: nothing may be
 * skipped silently.
 */
export function describeWhere(possible: boolean, what: string, needs: string): jest.Describe {
  if (possible) return describe;
  if (process.env['CI'] !== undefined) {
    it(`${what} is tried in CI`, () => {
      throw new Error(`${what}: not tried, it needs ${needs}`);
    });
  } else sayNotTried(what, needs);
  return describe.skip as jest.Describe;
}

/** Prints what isn't tested and why, where that is accepted in CI as well. */
export const sayNotTried = (what: string, needs: string): void => console.warn(`${what}: not tried, it needs ${needs}`);
