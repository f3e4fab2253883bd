import { Family, familyOf } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { PROTOCOL } from '../../../../net/packet';
import { Range, point } from '../../../../net/range';
import { among, inState } from '../../../../parse/netfilter/conditions';
import { fieldNamed } from '../../../../parse/netfilter/fields';
import { addressRange } from '../../../../parse/netfilter/values';
import { FLAGS, NUMBERS } from '../../../../parse/netfilter/words';
import { STATE } from '../../../../evaluator/facts';
import { Condition, Value } from '../../../../evaluator/model';
import { fact, member } from '../../../../evaluator/disjunction';
import { icmpType } from './icmp-types';
import { Version } from '../files/version';

// What firewalld asks of a packet, as rules of one table for both families do.

const field = (name: string) => fieldNamed(name, 'inet');

export type Side = 'source' | 'destination';

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
export const isCard = (text: string): boolean => MAC.test(text);

/** Undefined for what is neither an address, nor a network, nor that of a network card. */
export function atAddress(side: Side, text: string, negated = false): Condition | undefined {
  if (MAC.test(text)) return { is: 'doubt', because: `it has the card ${text} or not`, fields: [field('ether saddr')] };
  const range = plainRange(text);
  return (
    range &&
    member(
      field(`${familyOf(range.first)} ${side === 'source' ? 'saddr' : 'daddr'}`),
      [{ is: 'addresses', range }],
      negated,
    )
  );
}

/** `eth+` is every interface whose name begins so. */
export const byInterface = (way: 'in' | 'out', names: readonly string[]): Condition =>
  member(
    field(way === 'in' ? 'meta iifname' : 'meta oifname'),
    names.map((name): Value => ({ is: 'name', name: name.replace(/\+$/, ''), wild: name.endsWith('+') })),
  );

export const ofFamily = (family: Family): Condition =>
  among(field('meta nfproto'), [family === 'ip' ? 'ipv4' : 'ipv6'], false)!;
export const familyNamed = (word: string | undefined): Family | undefined =>
  word === 'ipv4' ? 'ip' : word === 'ipv6' ? 'ip6' : undefined;

/** One address or network. Python's library refuses `010.0.0.1`, which C's takes for 8.0.0.1. */
export const plainRange = (text: string): Range | undefined =>
  /-|(^|\.)0\d/.test(text) ? undefined : addressRange(text);

export const isAddressOf = (family: Family, text: string): boolean => {
  const range = plainRange(text);
  return range !== undefined && familyOf(range.first) === family;
};

export const ofProtocol = (...protocols: readonly number[]): Condition =>
  member(
    field('meta l4proto'),
    protocols.map((one): Value => ({ is: 'numbers', range: point(one) })),
  );

/** Protocols with ports, by the words of firewalld. */
export const isPorted = (protocol: string): boolean => /^(tcp|udp|sctp|dccp)$/.test(protocol);

export const atPort = (side: 'sport' | 'dport', protocol: string, range: NumberRange): Condition =>
  member(field(`${protocol} ${side}`), [{ is: 'numbers', range }]);

/** `443`, `8000-8010`, `8010-8000`, `http`, and `2087-`, which is one. Numbers are decimal, whatever they begin with. Source: getPortRange of firewall/functions.py. */
export function portsOf(text: string): NumberRange | undefined {
  const [, one, other = one] = /^(\d{1,9})(?:-(\d{1,9})?)?$/.exec(text) ?? [];
  const name = NUMBERS.port.get(text);
  const range =
    one === undefined
      ? name === undefined
        ? undefined
        : point(name)
      : { first: Math.min(Number(one), Number(other)), last: Math.max(Number(one), Number(other)) };
  return range && range.last <= 65_535 ? range : undefined;
}

/** Those that are called so everywhere: of other names it isn't known whether firewalld takes them. */
const PROTOCOLS = new Set(
  'icmp igmp tcp udp dccp ipv6 gre esp ah ipv6-icmp ospf ipip pim vrrp l2tp sctp udplite'.split(' '),
);

export function protocolOf(text: string): number | undefined {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : PROTOCOLS.has(text) ? NUMBERS.protocol.get(text) : undefined;
  return number !== undefined && number <= 255 ? number : undefined;
}

/** Undefined for a type that this family hasn't. */
export function ofIcmp(family: Family, name: string, version: Version): readonly Condition[] | undefined {
  const numbers = icmpType(family, name, version)?.split('/').map(Number);
  const parts = family === 'ip' ? ['icmp type', 'icmp code'] : ['icmpv6 type', 'icmpv6 code'];
  return numbers?.map((one, at) => member(field(parts[at]!), [{ is: 'numbers', range: point(one) }]));
}

/** Addresses of 6to4 that stand for private ones, and of IPv4 in IPv6. Source: build_rfc3964_ipv4_rules of firewall/core/nftables.py, 1.3.3. */
export const TO_6TO4 = among(
  field('ip6 daddr'),
  [
    '::/96',
    '::ffff:0:0/96',
    '2002::/24',
    '2002:a00::/24',
    '2002:7f00::/24',
    '2002:a9fe::/32',
    '2002:ac10::/28',
    '2002:c0a8::/32',
    '2002:e000::/19',
  ],
  false,
)!;
/** They come before anybody knows the way back. */
export const NEIGHBOURS: readonly Condition[] = [
  among(field('icmpv6 type'), ['nd-router-advert', 'nd-neighbor-solicit'], false)!,
];
export const ANY_ICMP = ofProtocol(PROTOCOL.icmp, PROTOCOL.icmpv6);
export const GOING_ON = inState(STATE.established | STATE.related);
export const BEGINNING = inState(STATE.new | STATE.untracked);
export const INVALID = inState(STATE.invalid);
const DNAT = FLAGS['status']!.get('dnat')!;
export const TRANSLATED = fact(field('ct status'), (value) => (value & DNAT) !== 0);
/** It was begun to a port, whatever that was translated to. */
export const toPortAtFirst = (range: NumberRange): Condition =>
  member(field('ct original proto-dst'), [{ is: 'numbers', range }]);
/** Answers would leave by another interface. */
export const NO_WAY_BACK = among(field('fib saddr.mark.iif oif'), ['missing'], false)!;
export const PERHAPS_NO_WAY_BACK: Condition = { is: 'doubt', because: 'answers may have no way back', fields: [] };

/** Whether it asks of packets that are not TCP. */
export const isOfOthers = (one: Condition): boolean =>
  one.is === 'member' &&
  one.fields.some(
    ({ looksAt, protocols }) =>
      (protocols !== undefined && !protocols.includes(PROTOCOL.tcp)) ||
      (looksAt.is === 'number' &&
        looksAt.axis === 'protocol' &&
        one.members.tuples.some(
          ({ values: [value] }) => value?.is === 'numbers' && value.range.first !== PROTOCOL.tcp,
        )),
  );
