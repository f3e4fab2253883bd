// Parses the hosts of pf rules (addresses, ranges, tables, interfaces such as `(em0:network)`, `self`, `any`), and the
// entries of a table that pfctl prints.

import { Address, FAMILY_RANGE, Family, getFamily, getNetwork, parseAddress, toRange } from '../../../net/address';
import { Range, toSingleRange } from '../../../net/range';
import { PfCursor } from './cursor';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuseUnexpected } from './pf-problems';
import { ParsedPfHost, NegatedHost } from './syntax-tree';

const TABLE = /^<([^:>]+)(:(\d+|\*))?>$/;
const INTERFACE = /^([A-Za-z][\w.-]*?)((?::(?:network|broadcast|peer|0|\d+|\*))*)$/;

/**
 * Parses one host, or several in braces. Undefined for `any` alone, which is no restriction. pfctl drops `any` beside
 * other hosts. Source: parse.y, host_list.
 */
export function parseHosts(cursor: PfCursor): readonly NegatedHost[] | undefined {
  const hosts = cursor.takeList(parseHost).filter(({ negated, host }) => negated || host.is !== 'any');
  return hosts.length === 0 ? undefined : hosts;
}

export function parseHost(cursor: PfCursor): NegatedHost {
  const negated = cursor.take('!');
  const table = cursor.next?.startsWith('<') === true ? TABLE.exec(cursor.next) : null;
  if (table) {
    cursor.skip();
    return { negated, host: { is: 'table', name: table[1]! } };
  }
  if (cursor.next === '(') return { negated, host: parseParenthesizedHost(cursor) };
  const word = cursor.takeWord('an address');
  if (cursor.next === '-') {
    cursor.skip();
    return { negated, host: parseHostRange(word, cursor.takeWord('the last address of a range'), cursor) };
  }
  return { negated, host: parseHostWord(word) };
}

/** Parses `(em0)`, `(em0:network)`, `(self)`, with the count of its addresses behind it if pfctl prints verbosely. */
function parseParenthesizedHost(cursor: PfCursor): ParsedPfHost {
  const words = cursor.takeParenthesized();
  // `(em0)/24`: the networks of that length around its addresses.
  if (cursor.next?.startsWith('/') === true) {
    const length = cursor.takeWord('a length');
    return { is: 'unclear', reason: `what (${words.join(' ')})${length} stands for is not told` };
  }
  const [word, ...extraWords] = words;
  if (word === undefined || extraWords.length > 0)
    return refuseUnexpected(cursor.line.number, words.join(' ') || ')', 'the name of an interface');
  return parseHostWord(word);
}

/** Parses a host of one word: an address, a network, an interface. */
export function parseHostWord(word: string): ParsedPfHost {
  if (word === 'any') return { is: 'any' };
  if (word === 'self') return { is: 'self' };
  if (word === 'no-route') return { is: 'unclear', reason: 'whether there is a route back is not told' };
  if (word === 'urpf-failed') return { is: 'unclear', reason: 'which way the route back leads is not told' };
  const range = parseNetwork(word);
  if (range) return { is: 'range', range };
  const zoneMatch = /^([0-9A-Fa-f:.]+)%[\w.]+(\/\d{1,3})?$/.exec(word);
  const zoneRange = zoneMatch && parseNetwork(`${zoneMatch[1]!}${zoneMatch[2] ?? ''}`);
  if (zoneRange) return { is: 'range', range: zoneRange, reason: 'a link-local address counts on its own link alone' };
  const parts = INTERFACE.exec(word);
  if (!parts) return { is: 'unclear', reason: `what ${quoteForDisplay(word)} stands for is not told` };
  return parseInterfaceHost(parts[1]!, parts[2]!.split(':').slice(1));
}

function parseInterfaceHost(name: string, modifiers: readonly string[]): ParsedPfHost {
  // A count of addresses stands last, and only if pfctl prints verbosely.
  const uncounted =
    modifiers.length > 1
      ? modifiers.filter((modifier, at) => at < modifiers.length - 1 || /[a-z]/.test(modifier) || modifier === '0')
      : modifiers;
  const kinds = uncounted.filter((modifier) => !/^([1-9]\d*|\*)$/.test(modifier));
  if (kinds.includes('peer')) return { is: 'unclear', reason: `who is at the other end of ${name} is not told` };
  if (name === 'self')
    return kinds.length === 0
      ? { is: 'self' }
      : { is: 'unclear', reason: `what ${name}:${kinds.join(':')} holds is not told` };
  if (kinds.includes('network')) return { is: 'interface', name, part: 'network' };
  if (kinds.includes('broadcast')) return { is: 'interface', name, part: 'broadcast' };
  return { is: 'interface', name, part: kinds.includes('0') ? 'first' : 'addresses' };
}

function parseHostRange(first: string, last: string, cursor: PfCursor): ParsedPfHost {
  const from = parseAddress(first);
  const to = parseAddress(last);
  if (from === undefined || to === undefined || getFamily(from) !== getFamily(to) || from > to)
    return refuseUnexpected(cursor.line.number, `${first} - ${last}`, 'a range of addresses');
  return { is: 'range', range: { first: from, last: to } };
}

const ANY_RANGES: Readonly<Record<string, Range>> = { '0.0.0.0/0': FAMILY_RANGE.ip, '::/0': FAMILY_RANGE.ip6 };

/**
 * Parses `::ffff:192.0.2.1`, an IPv6 address to pf, though no packet should have it. Lists of bogons have such
 * addresses.
 */
function parseMappedHost(text: string): Address | undefined {
  const ipv4Address = parseAddress(/^::ffff:(\d[\d.]*\.\d+)$/i.exec(text)?.[1] ?? '');
  return ipv4Address === undefined
    ? undefined
    : ((FAMILY_RANGE.ip6.first + 0xffff_0000_0000n + ipv4Address) as Address);
}

/** Parses a network. pf drops host bits, and takes `10/8`. */
function parseNetwork(word: string): Range | undefined {
  const first = word.charCodeAt(0);
  if (!(first <= 57 && first >= 48) && !word.includes(':')) return undefined;
  if (ANY_RANGES[word]) return ANY_RANGES[word];
  const [head = '', length, ...extraParts] = word.split('/');
  if (extraParts.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const isShort = /^\d{1,3}(\.\d{1,3}){0,2}$/.test(head) && length !== undefined;
  const address =
    parseMappedHost(head) ?? parseAddress(isShort ? `${head}${'.0'.repeat(3 - (head.split('.').length - 1))}` : head);
  if (address === undefined) return undefined;
  if (length === undefined) return toSingleRange(address);
  const maxLengths: Readonly<Record<Family, number>> = { ip: 32, ip6: 128 };
  return Number(length) <= maxLengths[getFamily(address)] ? toRange(getNetwork(address, Number(length))) : undefined;
}

/** Parses a line of `pfctl -t NAME -T show`. */
export function parseTableEntry(text: string): NegatedHost | undefined {
  const negated = text.startsWith('!');
  const word = text.replace(/^!\s*/, '');
  const host = parseHostWord(word);
  return host.is === 'range' ? { negated, host } : undefined;
}
