// Tests the text of the agent: every reader of a pipe that may end early runs under the function `drain`, because the
// writing program would fail otherwise.

import { loadAgent } from '../../driver/agent-program';

/**
 * Commands that may end before their input does, each with the part before the pipe. `grep .` does if its output is
 * /dev/null.
 */
const EARLY_READER =
  /(\S.*?)\s*(?<!\|)\|(?!\|)\s*(?:cmp |head |grep (?:-\w*q|-m|[.]$|[.] &&|[.] \|\|)|sed \S*q|awk [^|]*\bexit\s*})/;

/** A builtin that prints one value fits into a pipe, and a unit's command line has no such functions. */
const MAY_END_EARLY = /printf '[^']*' "\$\w+"$|ExecStart|^#/;

test('`drain` runs every reader that may end early: the writing program would fail, as one that did not answer', () => {
  const early = loadAgent('nftables')
    .text.split('\n')
    .map((line) => line.trim())
    .filter((line) => !MAY_END_EARLY.test(EARLY_READER.exec(line)?.[1] ?? '#'));
  expect(early).toEqual([]);
});
