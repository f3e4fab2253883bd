import { Problem, Refusal, printable } from '../../../problems/problem';

/** Where reading stops at once: text whose structure can't be accounted for means nothing that could be relied on. */
export function refuse(code: string, line: number, what: string, instead: string): never {
  throw new Refusal([problem(code, line, what, instead)]);
}

export const problem = (code: string, line: number, what: string, instead: string): Problem => ({
  code: `nftables/${code}`,
  where: `line ${line}`,
  what,
  instead,
});

export const cutOff = (line: number): never =>
  refuse(
    'cut-off',
    line,
    'a statement that begins here has no end: the line break is missing.',
    'the text whole, with its last line break.',
  );

export const shown = (text: string): string => `"${printable(text.length > 60 ? `${text.slice(0, 57)}...` : text)}"`;

export const unexpected = (line: number, got: string, wanted: string): never =>
  refuse(
    'unexpected-text',
    line,
    got === '' ? `the text ends where ${wanted} has to follow.` : `${shown(got)} stands where ${wanted} has to follow.`,
    'the whole text as `nft list ruleset` prints it, or a file that `nft -c -f` accepts.',
  );
