// Asserts, in a test of the lab, that no forbidden connection succeeded while something happened to a device, and
// that allowed ports were hardly down.

import { deepStrictEqual } from 'node:assert';
import { Probed, printProbed } from '../probe/probe-results';

/**
 * Asserts that no forbidden connection succeeded, that the session goes on, and that allowed ports were down for at
 * most so many milliseconds.
 */
export function nothingGotIn(probed: Probed, awayAtMost = Infinity): void {
  const amiss = probed.tests.filter(
    ({ successes, wrong, longestOutage }) => successes.length + wrong.length > 0 || longestOutage > awayAtMost,
  );
  // The fault comes first: of a long message only the beginning may be kept.
  deepStrictEqual(
    amiss,
    [],
    printProbed({ ...probed, tests: [...amiss, ...probed.tests.filter((test) => !amiss.includes(test))] }),
  );
  deepStrictEqual(
    probed.sessions.map(({ ended }) => ended),
    [''],
  );
}
