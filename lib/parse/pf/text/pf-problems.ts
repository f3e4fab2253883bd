// Refuses texts that the pf parser can't parse: cut-off or unexpected text, the syntax of OpenBSD's pf, includes, and
// texts that are too large.

import { LineRefusal, createLineProblems, createLineRefusal, quoteForDisplay } from '../../../problems/line-problems';

export const refuse: LineRefusal = createLineRefusal(createLineProblems('pf'));

const EXPECTED_TEXT = 'the whole text as `pfctl -sn` and `pfctl -sr` print it, or a file that `pfctl -nf` accepts.';

export const refuseCutOff = (line: number): never =>
  refuse(
    'cut-off',
    line,
    'what begins here has no end: the text is cut off.',
    'the text whole, with its last line break.',
  );

export const refuseUnexpected = (line: number, got: string | undefined, expected: string): never =>
  refuse(
    'unexpected-text',
    line,
    got === undefined
      ? `the line ends where ${expected} has to follow.`
      : `${quoteForDisplay(got.replace(/^"/, ''))} stands where ${expected} has to follow.`,
    EXPECTED_TEXT,
  );

export const refuseOtherDialect = (line: number, word: string): never =>
  refuse(
    'other-dialect',
    line,
    `${quoteForDisplay(word)} is how pf of OpenBSD and of FreeBSD 15 translates, within rules that filter: that is not read.`,
    "rules of FreeBSD's pf with nat, rdr and binat in lines of their own. To know what a host with other rules has open, ask it from outside (nmap).",
  );

export const refuseInclude = (line: number): never =>
  refuse('includes', line, 'another file is included, which was not given.', 'what runs: `pfctl -sn` and `pfctl -sr`.');

export const refuseTooMuch = (line: number, what: string): never =>
  refuse('too-much', line, `${what}: more than any box loads.`, 'what runs: `pfctl -sn` and `pfctl -sr`.');
