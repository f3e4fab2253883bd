import { Refuse, inTextOf, refusing, shown } from '../../../problems/in-text';

export const refuse: Refuse = refusing(inTextOf('pf'));

const WHOLE = 'the whole text as `pfctl -sn` and `pfctl -sr` print it, or a file that `pfctl -nf` accepts.';

export const cutOff = (line: number): never =>
  refuse(
    'cut-off',
    line,
    'what begins here has no end: the text is cut off.',
    'the text whole, with its last line break.',
  );

export const unexpected = (line: number, got: string | undefined, wanted: string): never =>
  refuse(
    'unexpected-text',
    line,
    got === undefined
      ? `the line ends where ${wanted} has to follow.`
      : `${shown(got.replace(/^"/, ''))} stands where ${wanted} has to follow.`,
    WHOLE,
  );

export const otherDialect = (line: number, word: string): never =>
  refuse(
    'other-dialect',
    line,
    `${shown(word)} is how OpenBSD's pf translates: its rules mean something else.`,
    "rules of FreeBSD's pf: nat, rdr and binat in lines of their own.",
  );

export const includes = (line: number): never =>
  refuse('includes', line, 'another file is included, which nobody gave.', 'what runs: `pfctl -sn` and `pfctl -sr`.');

export const tooMuch = (line: number, what: string): never =>
  refuse('too-much', line, `${what}: more than any box loads.`, 'what runs: `pfctl -sn` and `pfctl -sr`.');
