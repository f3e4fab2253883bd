import { deepStrictEqual } from 'node:assert';
import { Probed, printProbed } from '../probe/probed';

/** Nothing forbidden got in, the session goes on, and what is allowed was away for no more than so many milliseconds. */
export function nothingGotIn(probed: Probed, awayAtMost = Infinity): void {
  const amiss = probed.tests.filter(
    ({ successes, wrong, longestOutage }) => successes.length + wrong.length > 0 || longestOutage > awayAtMost,
  );
  // What is amiss comes first: of a long message only the beginning may be kept.
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
