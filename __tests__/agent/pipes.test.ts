// Tests the text of the agent: every reader of a pipe that may end early runs under the function `drain`, because the
// writing program would fail otherwise.

import { loadAgent } from '../../driver/agent-program';

/** Readers that can end before their input does, each with what stands before the pipe. `grep .` does where /dev/null takes its output. */
const EARLY_READER =
  /(\S.*?)\s*(?<!\|)\|(?!\|)\s*(?:cmp |head |grep (?:-\w*q|-m|[.]$|[.] &&|[.] \|\|)|sed \S*q|awk [^|]*\bexit\s*})/;

/** A builtin that prints one value fits into a pipe, and a unit's command line has no such functions. */
const MAY_END_EARLY = /printf '[^']*' "\$\w+"$|ExecStart|^#/;

test('readers of pipes are run by `drain` where they can end early: the program that writes would fail, as one that did not answer', () => {
  const early = loadAgent('nftables')
    .text.split('\n')
    .map((line) => line.trim())
    .filter((line) => !MAY_END_EARLY.test(EARLY_READER.exec(line)?.[1] ?? '#'));
  expect(early).toEqual([]);
});
