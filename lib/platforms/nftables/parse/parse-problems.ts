// Creates the problems and refusals of the nftables parser, each with a line number: text that is cut off, an include
// that isn't given, unexpected text.

import { LineRefusal, createLineProblems, createLineRefusal, quoteForDisplay } from '../../../problems/line-problems';

export const createProblem = createLineProblems('nftables');
export const refuse: LineRefusal = createLineRefusal(createProblem);

export const refuseCutOff = (line: number): never =>
  refuse(
    'cut-off',
    line,
    'a statement that begins here has no end: the line break is missing.',
    'the text whole, with its last line break.',
  );

export const refuseInclude = (line: number, path: string): never =>
  refuse(
    'include',
    line,
    `the text includes ${quoteForDisplay(path)}, which was not given.`,
    'the included text in its place, or `nft list ruleset`; cpanel-edge explain nftables/include says how to get that from files alone.',
  );

export const refuseUnexpected = (line: number, actual: string, expected: string): never =>
  refuse(
    'unexpected-text',
    line,
    actual === ''
      ? `the text ends where ${expected} has to follow.`
      : `${quoteForDisplay(actual)} stands where ${expected} has to follow.`,
    'the whole text as `nft list ruleset` prints it, or a file that `nft -c -f` accepts.',
  );
