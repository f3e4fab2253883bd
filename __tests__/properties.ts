// fast-check's `assert` for all random tests, with a limit of seconds and at least one try.

import * as fastCheck from 'fast-check';

/**
 * fast-check, whose `assert` tries a property at least once: on a busy machine the time may be over before the first
 * try.
 */
export * from 'fast-check';

const ONCE = { numRuns: 1, interruptAfterTimeLimit: 300_000 };
const isTooLate = (error: unknown): boolean => /^Property interrupted after 0 tests/.test((error as Error).message);

export function assert<T>(property: fastCheck.IAsyncProperty<T>, parameters?: fastCheck.Parameters<T>): Promise<void>;
export function assert<T>(property: fastCheck.IProperty<T>, parameters?: fastCheck.Parameters<T>): void;
export function assert<T>(
  property: fastCheck.IAsyncProperty<T> | fastCheck.IProperty<T>,
  parameters?: fastCheck.Parameters<T>,
): Promise<void> | void {
  const tryOnce = (error: unknown): Promise<void> | void => {
    if (!isTooLate(error)) throw error;
    return fastCheck.assert(property, { ...parameters, ...ONCE });
  };
  try {
    const done = fastCheck.assert(property, parameters) as Promise<void> | void;
    return done instanceof Promise ? done.catch(tryOnce) : done;
  } catch (error) {
    return tryOnce(error);
  }
}
