import { deepStrictEqual } from 'node:assert';
import { Probed, printProbed } from '../probe/probed';

/** Nothing forbidden got in, the session goes on, and what is allowed was away for no more than so many milliseconds. */
export function nothingGotIn(probed: Probed, awayAtMost = Infinity): void {
  deepStrictEqual(
    probed.tests.filter(({ successes, wrong, longestOutage }) => successes.length + wrong.length > 0 || longestOutage > awayAtMost),
    [],
    printProbed(probed),
  );
  deepStrictEqual(
    probed.sessions.map(({ ended }) => ended),
    [''],
  );
}
