import { Problem, Refusal, printable } from '../../../problems/problem';

/** Where reading stops at once: text whose structure can't be accounted for means nothing that could be relied on. */
export function refuse(code: string, line: number, what: string, instead: string): never {
  throw new Refusal([problem(code, line, what, instead)]);
}

export const problem = (code: string, line: number, what: string, instead: string): Problem => ({
  code: `iptables/${code}`,
  where: `line ${line}`,
  what,
  instead,
});

export const shown = (text: string): string => `"${printable(text.length > 60 ? `${text.slice(0, 57)}...` : text)}"`;

/** What every text can be had from. */
export const WHOLE = 'the whole text as `iptables-save`, `ip6tables-save` and `ipset save` print it.';

export const unexpected = (line: number, got: string, wanted: string): never =>
  refuse('unexpected-text', line, got === '' ? `${wanted} is missing.` : `${shown(got)} stands where ${wanted} has to.`, WHOLE);
