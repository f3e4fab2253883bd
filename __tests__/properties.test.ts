// Tests that a random test whose seconds are over is tried once all the same, and fails if that try fails.

import { fc } from './randomly';

const NO_TIME = { interruptAfterTimeLimit: 0 };

test('tries a property once if its time is over before the first try', async () => {
  const tried: string[] = [];
  fc.assert(
    fc.property(fc.nat(), () => void tried.push('sync')),
    NO_TIME,
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(), () => Promise.resolve(void tried.push('async'))),
    NO_TIME,
  );
  expect(tried).toEqual(['sync', 'async']);
});

test('fails if that try fails', () => {
  const fails = (): void =>
    fc.assert(
      fc.property(fc.nat(), () => false),
      NO_TIME,
    );
  expect(fails).toThrow('Property failed after 1 tests');
});
