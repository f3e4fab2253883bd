import { Refuse, inTextOf, refusing, shown } from '../../../problems/in-text';

export const problem = inTextOf('nftables');
export const refuse: Refuse = refusing(problem);

export const cutOff = (line: number): never =>
  refuse(
    'cut-off',
    line,
    'a statement that begins here has no end: the line break is missing.',
    'the text whole, with its last line break.',
  );

export const notIncluded = (line: number, path: string): never =>
  refuse(
    'include',
    line,
    `the text includes ${shown(path)}, which was not given.`,
    'the included text in its place, or `nft list ruleset`; cpanel-edge explain nftables/include says how to get that from files alone.',
  );

export const unexpected = (line: number, got: string, wanted: string): never =>
  refuse(
    'unexpected-text',
    line,
    got === '' ? `the text ends where ${wanted} has to follow.` : `${shown(got)} stands where ${wanted} has to follow.`,
    'the whole text as `nft list ruleset` prints it, or a file that `nft -c -f` accepts.',
  );
