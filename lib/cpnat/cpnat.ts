import { Address, familyOf, parseAddress, printAddress } from '../net/address';

// `/var/cpanel/cpnat` as cPanel reads it: `Cpanel::NAT::Object` of cPanel & WHM (2022), and the vendor's page on 1:1 NAT (2025-06-09).

/** A line of the file, split at white space: what stands after the second word cPanel ignores, and white space before the first leaves that empty. */
export interface CpnatLine {
  /** From 1. */
  readonly line: number;
  readonly local: string;
  readonly public: string;
}

/** Of the file's lines as `capture` keeps them: a blank before the first word, where the file has one. */
export const cpnatLinesOf = (lines: readonly string[]): readonly CpnatLine[] =>
  lines.map((text, at) => {
    const [local = '', outside = ''] = text.split(/[ \t\r\f]+/);
    return { line: at + 1, local, public: outside };
  });

/** What cPanel makes of a local address. */
type Taken =
  | { readonly is: 'public'; readonly address: Address; readonly line: number }
  /** An earlier line has the public address for somebody else: this one stays as it is. */
  | { readonly is: 'shadowed'; readonly address: Address; readonly line: number; readonly by: CpnatLine }
  /** A line without a public address, or with what is none. */
  | { readonly is: 'nothing'; readonly line: number }
  | { readonly is: 'no line' };

/** A line that cPanel takes for something else than it looks like. */
export interface CpnatMistake {
  /** A rule of docs/lint.md. */
  readonly code: `cpnat/${'bad-line' | 'ipv6' | 'loopback-local' | 'duplicate-local' | 'shadowed-line'}`;
  readonly line: number;
  readonly what: string;
}

export interface Cpnat {
  readonly mistakes: readonly CpnatMistake[];
  of(local: Address): Taken;
}

const ipv4 = (text: string): Address | undefined => {
  const address = parseAddress(text);
  return address !== undefined && familyOf(address) === 'ip' ? address : undefined;
};

/** Of lines for one local address the last one counts, of lines for one public address the first. */
export function cpnatOf(lines: readonly CpnatLine[]): Cpnat {
  const holding = new Map<string, CpnatLine>();
  const holderOf = new Map<string, CpnatLine>();
  const shadowed = new Map<string, { readonly line: CpnatLine; readonly by: CpnatLine }>();
  const blank = new Map<string, CpnatLine>();
  const mistakes: CpnatMistake[] = [];
  for (const one of lines) {
    const { line, local, public: outside } = one;
    if (local === '' && outside === '') continue;
    const [from, to] = [ipv4(local), ipv4(outside)];
    const code = mistaken(one, from, to);
    if (code) mistakes.push({ code, line, what: MISTAKES[code] });
    if (outside === '') {
      blank.set(local, one);
      continue;
    }
    if (from === undefined && to === undefined) continue;
    const by = holderOf.get(outside);
    if (by) {
      shadowed.set(local, { line: one, by });
      if (by.local !== local)
        mistakes.push({
          code: 'cpnat/shadowed-line',
          line,
          what: `line ${by.line} has ${outside} for ${by.local} first`,
        });
      continue;
    }
    const before = holding.get(local);
    if (before) {
      holderOf.delete(before.public);
      mistakes.push({ code: 'cpnat/duplicate-local', line, what: `it takes ${local} away from line ${before.line}` });
    }
    holding.set(local, one);
    holderOf.set(outside, one);
  }
  return {
    mistakes,
    of(address) {
      const local = printAddress(address);
      const held = holding.get(local);
      if (held) {
        const found = ipv4(held.public);
        return found === undefined
          ? { is: 'nothing', line: held.line }
          : { is: 'public', address: found, line: held.line };
      }
      const behind = shadowed.get(local);
      const found = behind && ipv4(behind.line.public);
      if (behind && found !== undefined)
        return { is: 'shadowed', address: found, line: behind.line.line, by: behind.by };
      const without = blank.get(local) ?? behind?.line;
      return without ? { is: 'nothing', line: without.line } : { is: 'no line' };
    },
  };
}

const MISTAKES = {
  'cpnat/bad-line': 'it is not a local and a public IPv4 address, divided by a blank',
  'cpnat/ipv6': 'IPv6 is not translated: the file is for IPv4',
  'cpnat/loopback-local': 'a loopback address is never seen from outside',
} as const;

function mistaken(
  { local, public: outside }: CpnatLine,
  from: Address | undefined,
  to: Address | undefined,
): keyof typeof MISTAKES | undefined {
  if (local.startsWith('127.') && from !== undefined) return 'cpnat/loopback-local';
  if (from !== undefined && (to !== undefined || outside === '')) return undefined;
  return [local, outside].some((text) => text.includes(':')) ? 'cpnat/ipv6' : 'cpnat/bad-line';
}
