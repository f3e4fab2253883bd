import { Address, FAMILY_RANGE, Family, familyOf, networkOf, parseAddress, prefixRange } from '../../../net/address';
import { Range, point } from '../../../net/range';
import { Cursor } from './cursor';
import { shown } from '../../../problems/in-text';
import { unexpected } from './problems';
import { HostText, NegatedHost } from './text';

const TABLE = /^<([^:>]+)(:(\d+|\*))?>$/;
const INTERFACE = /^([A-Za-z][\w.-]*?)((?::(?:network|broadcast|peer|0|\d+|\*))*)$/;

/** One host, or several in braces. `any` alone is no restriction at all: undefined. Beside others pfctl forgets it. Source: parse.y, host_list. */
export function hostsAt(cursor: Cursor): readonly NegatedHost[] | undefined {
  const hosts = cursor.list(hostAt).filter(({ not, host }) => not || host.is !== 'any');
  return hosts.length === 0 ? undefined : hosts;
}

export function hostAt(cursor: Cursor): NegatedHost {
  const not = cursor.take('!');
  const table = cursor.next?.startsWith('<') === true ? TABLE.exec(cursor.next) : null;
  if (table) {
    cursor.skip();
    return { not, host: { is: 'table', name: table[1]! } };
  }
  if (cursor.next === '(') return { not, host: inParentheses(cursor) };
  const word = cursor.word('an address');
  if (cursor.next === '-') {
    cursor.skip();
    return { not, host: between(word, cursor.word('the last address of a range'), cursor) };
  }
  return { not, host: hostNamed(word) };
}

/** `(em0)`, `(em0:network)`, `(self)`, with the number of its addresses behind it where pfctl is asked for more. */
function inParentheses(cursor: Cursor): HostText {
  const inside = cursor.parenthesised();
  // `(em0)/24`: the networks of that length around its addresses.
  if (cursor.next?.startsWith('/') === true) {
    const length = cursor.word('a length');
    return { is: 'unclear', because: `what (${inside.join(' ')})${length} stands for is not told` };
  }
  const [word, ...more] = inside;
  if (word === undefined || more.length > 0)
    return unexpected(cursor.line.number, inside.join(' ') || ')', 'the name of an interface');
  return hostNamed(word);
}

/** Of one word: an address, a network, an interface. */
export function hostNamed(word: string): HostText {
  if (word === 'any') return { is: 'any' };
  if (word === 'self') return { is: 'self' };
  if (word === 'no-route') return { is: 'unclear', because: 'whether there is a route back is not told' };
  if (word === 'urpf-failed') return { is: 'unclear', because: 'which way the route back leads is not told' };
  const range = rangeOf(word);
  if (range) return { is: 'range', range };
  const zoned = /^([0-9A-Fa-f:.]+)%[\w.]+(\/\d{1,3})?$/.exec(word);
  const inZone = zoned && rangeOf(`${zoned[1]!}${zoned[2] ?? ''}`);
  if (inZone) return { is: 'range', range: inZone, because: 'a link-local address counts on its own link alone' };
  const parts = INTERFACE.exec(word);
  if (!parts) return { is: 'unclear', because: `what ${shown(word)} stands for is not told` };
  return interfaceNamed(parts[1]!, parts[2]!.split(':').slice(1));
}

function interfaceNamed(name: string, modifiers: readonly string[]): HostText {
  // A count of addresses stands last, and only where pfctl is asked for more.
  const counted =
    modifiers.length > 1
      ? modifiers.filter((one, at) => at < modifiers.length - 1 || /[a-z]/.test(one) || one === '0')
      : modifiers;
  const what = counted.filter((one) => !/^([1-9]\d*|\*)$/.test(one));
  if (what.includes('peer')) return { is: 'unclear', because: `who is at the other end of ${name} is not told` };
  if (name === 'self')
    return what.length === 0
      ? { is: 'self' }
      : { is: 'unclear', because: `what ${name}:${what.join(':')} holds is not told` };
  if (what.includes('network')) return { is: 'interface', name, what: 'network' };
  if (what.includes('broadcast')) return { is: 'interface', name, what: 'broadcast' };
  return { is: 'interface', name, what: what.includes('0') ? 'first' : 'addresses' };
}

function between(first: string, last: string, cursor: Cursor): HostText {
  const from = parseAddress(first);
  const to = parseAddress(last);
  if (from === undefined || to === undefined || familyOf(from) !== familyOf(to) || from > to)
    return unexpected(cursor.line.number, `${first} - ${last}`, 'a range of addresses');
  return { is: 'range', range: { first: from, last: to } };
}

const ANY: Readonly<Record<string, Range>> = { '0.0.0.0/0': FAMILY_RANGE.ip, '::/0': FAMILY_RANGE.ip6 };

/** `::ffff:192.0.2.1`: an address of IPv6 to pf, though of no packet that anybody should send. Lists of bogons have them. */
function mapped(text: string): Address | undefined {
  const four = parseAddress(/^::ffff:(\d[\d.]*\.\d+)$/i.exec(text)?.[1] ?? '');
  return four === undefined ? undefined : ((FAMILY_RANGE.ip6.first + 0xffff_0000_0000n + four) as Address);
}

/** pf leaves host bits out, and takes `10/8`. */
function rangeOf(word: string): Range | undefined {
  const first = word.charCodeAt(0);
  if (!(first <= 57 && first >= 48) && !word.includes(':')) return undefined;
  if (ANY[word]) return ANY[word];
  const [head = '', length, ...more] = word.split('/');
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const short = /^\d{1,3}(\.\d{1,3}){0,2}$/.test(head) && length !== undefined;
  const address =
    mapped(head) ?? parseAddress(short ? `${head}${'.0'.repeat(3 - (head.split('.').length - 1))}` : head);
  if (address === undefined) return undefined;
  if (length === undefined) return point(address);
  const most: Readonly<Record<Family, number>> = { ip: 32, ip6: 128 };
  return Number(length) <= most[familyOf(address)] ? prefixRange(networkOf(address, Number(length))) : undefined;
}

/** What `pfctl -t NAME -T show` prints: a line for each. */
export function tableEntry(text: string): NegatedHost | undefined {
  const not = text.startsWith('!');
  const word = text.replace(/^!\s*/, '');
  const host = hostNamed(word);
  return host.is === 'range' ? { not, host } : undefined;
}
