// Evaluates /var/cpanel/cpnat as cPanel does: returns the public address of each local address, and the lines with
// mistakes. Source: `Cpanel::NAT::Object` of cPanel & WHM (2022), and the vendor's page on 1:1 NAT (2025-06-09).
import { Address, getFamily, parseAddress, printAddress } from '../net/address';

/**
 * A line of the file, split at white space. cPanel ignores all words after the second; white space before the first
 * word leaves that word empty.
 */
export interface CpnatLine {
  /** Line number, from 1. */
  readonly line: number;
  readonly local: string;
  readonly public: string;
}

/**
 * Parses the file's lines in the form in which `capture` keeps them: a blank before the first word where the file has
 * one.
 */
export const parseCpnatLines = (lines: readonly string[]): readonly CpnatLine[] =>
  lines.map((text, index) => {
    const [local = '', outside = ''] = text.split(/[ \t\r\f]+/);
    return { line: index + 1, local, public: outside };
  });

/** The public address that cPanel finds for a local one, or why it finds none. */
type CpnatLookup =
  | { readonly is: 'public'; readonly address: Address; readonly line: number }
  /** An earlier line has the public address for another local one: this local address stays unchanged. */
  | { readonly is: 'shadowed'; readonly address: Address; readonly line: number; readonly by: CpnatLine }
  /** A line without a public address, or with an invalid one. */
  | { readonly is: 'nothing'; readonly line: number }
  | { readonly is: 'no line' };

/** A line that cPanel interprets differently from how it looks. */
export interface CpnatMistake {
  /** A rule of docs/reference/lint.md. */
  readonly code: `cpnat/${'bad-line' | 'ipv6' | 'loopback-local' | 'duplicate-local' | 'shadowed-line'}`;
  readonly line: number;
  readonly what: string;
}

export interface EvaluatedCpnat {
  readonly mistakes: readonly CpnatMistake[];
  of(local: Address): CpnatLookup;
}

const parseIpv4 = (text: string): Address | undefined => {
  const address = parseAddress(text);
  return address !== undefined && getFamily(address) === 'ip' ? address : undefined;
};

/**
 * Evaluates the lines. Of several lines for one local address the last counts; of several for one public address the
 * first counts.
 */
export function evaluateCpnat(lines: readonly CpnatLine[]): EvaluatedCpnat {
  const byLocal = new Map<string, CpnatLine>();
  const byPublic = new Map<string, CpnatLine>();
  const shadowed = new Map<string, { readonly line: CpnatLine; readonly by: CpnatLine }>();
  const blank = new Map<string, CpnatLine>();
  const mistakes: CpnatMistake[] = [];
  for (const entry of lines) {
    const { line, local, public: outside } = entry;
    if (local === '' && outside === '') continue;
    const [from, to] = [parseIpv4(local), parseIpv4(outside)];
    const code = findMistake(entry, from, to);
    if (code) mistakes.push({ code, line, what: MISTAKE_MESSAGES[code] });
    if (outside === '') {
      blank.set(local, entry);
      continue;
    }
    if (from === undefined && to === undefined) continue;
    const shadowing = byPublic.get(outside);
    if (shadowing) {
      shadowed.set(local, { line: entry, by: shadowing });
      if (shadowing.local !== local)
        mistakes.push({
          code: 'cpnat/shadowed-line',
          line,
          what: `line ${shadowing.line} has ${outside} for ${shadowing.local} first`,
        });
      continue;
    }
    const previous = byLocal.get(local);
    if (previous) {
      byPublic.delete(previous.public);
      mistakes.push({ code: 'cpnat/duplicate-local', line, what: `it takes ${local} away from line ${previous.line}` });
    }
    byLocal.set(local, entry);
    byPublic.set(outside, entry);
  }
  return {
    mistakes,
    of(address) {
      const local = printAddress(address);
      const active = byLocal.get(local);
      if (active) {
        const publicAddress = parseIpv4(active.public);
        return publicAddress === undefined
          ? { is: 'nothing', line: active.line }
          : { is: 'public', address: publicAddress, line: active.line };
      }
      const hidden = shadowed.get(local);
      const publicAddress = hidden && parseIpv4(hidden.line.public);
      if (hidden && publicAddress !== undefined)
        return { is: 'shadowed', address: publicAddress, line: hidden.line.line, by: hidden.by };
      const incomplete = blank.get(local) ?? hidden?.line;
      return incomplete ? { is: 'nothing', line: incomplete.line } : { is: 'no line' };
    },
  };
}

const MISTAKE_MESSAGES = {
  'cpnat/bad-line': 'it is not a local and a public IPv4 address, divided by a blank',
  'cpnat/ipv6': 'IPv6 is not translated: the file is for IPv4',
  'cpnat/loopback-local': 'a loopback address is never seen from outside',
} as const;

function findMistake(
  { local, public: outside }: CpnatLine,
  from: Address | undefined,
  to: Address | undefined,
): keyof typeof MISTAKE_MESSAGES | undefined {
  if (local.startsWith('127.') && from !== undefined) return 'cpnat/loopback-local';
  if (from !== undefined && (to !== undefined || outside === '')) return undefined;
  return [local, outside].some((text) => text.includes(':')) ? 'cpnat/ipv6' : 'cpnat/bad-line';
}
