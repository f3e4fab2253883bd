// Creates conditions of the ruleset model from firewalld's addresses, interfaces, protocols, ports, ICMP types and
// connection states, in one inet table for both families; also parses these values.

import { Family, getFamily } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { PROTOCOL } from '../../../../net/packet';
import { Range, toSingleRange } from '../../../../net/range';
import { createSetCondition, createStateCondition } from '../../../../parse/netfilter/conditions';
import { getField } from '../../../../parse/netfilter/fields';
import { parseAddressRange } from '../../../../parse/netfilter/parse-values';
import { FLAGS, NUMBERS_BY_NAME } from '../../../../parse/netfilter/named-numbers';
import { CT_STATE } from '../../../../evaluator/packet-facts';
import { Condition, FieldValue } from '../../../../evaluator/ruleset-model';
import { createFactCondition, createMemberCondition } from '../../../../evaluator/disjunction';
import { findIcmpType } from './icmp-types';
import { FirewalldVersion } from '../files/firewalld-version';

const getInetField = (name: string) => getField(name, 'inet');

export type AddressSide = 'source' | 'destination';

const MAC_ADDRESS = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
export const isMacAddress = (text: string): boolean => MAC_ADDRESS.test(text);

/** Returns the condition on an address, a network or a hardware address. Returns undefined for any other text. */
export function createAddressCondition(side: AddressSide, text: string, negated = false): Condition | undefined {
  if (MAC_ADDRESS.test(text))
    return { is: 'doubt', reason: `it has the card ${text} or not`, fields: [getInetField('ether saddr')] };
  const range = parsePlainRange(text);
  return (
    range &&
    createMemberCondition(
      getInetField(`${getFamily(range.first)} ${side === 'source' ? 'saddr' : 'daddr'}`),
      [{ is: 'addresses', range }],
      negated,
    )
  );
}

/** Returns the condition on interface names. `eth+` matches every name that begins with `eth`. */
export const createInterfaceCondition = (direction: 'in' | 'out', names: readonly string[]): Condition =>
  createMemberCondition(
    getInetField(direction === 'in' ? 'meta iifname' : 'meta oifname'),
    names.map((name): FieldValue => ({ is: 'name', name: name.replace(/\+$/, ''), isPrefix: name.endsWith('+') })),
  );

export const createFamilyCondition = (family: Family): Condition =>
  createSetCondition(getInetField('meta nfproto'), [family === 'ip' ? 'ipv4' : 'ipv6'], false)!;
export const parseFamily = (word: string | undefined): Family | undefined =>
  word === 'ipv4' ? 'ip' : word === 'ipv6' ? 'ip6' : undefined;

/** Parses one address or network. It refuses `010.0.0.1` as Python's library does; C's reads it as 8.0.0.1. */
export const parsePlainRange = (text: string): Range | undefined =>
  /-|(^|\.)0\d/.test(text) ? undefined : parseAddressRange(text);

export const isAddressInFamily = (family: Family, text: string): boolean => {
  const range = parsePlainRange(text);
  return range !== undefined && getFamily(range.first) === family;
};

export const createProtocolCondition = (...protocols: readonly number[]): Condition =>
  createMemberCondition(
    getInetField('meta l4proto'),
    protocols.map((protocol): FieldValue => ({ is: 'numbers', range: toSingleRange(protocol) })),
  );

/** Returns whether firewalld knows ports for this protocol name. */
export const hasPorts = (protocol: string): boolean => /^(tcp|udp|sctp|dccp)$/.test(protocol);

export const createPortCondition = (side: 'sport' | 'dport', protocol: string, range: NumberRange): Condition =>
  createMemberCondition(getInetField(`${protocol} ${side}`), [{ is: 'numbers', range }]);

/**
 * Parses `443`, `8000-8010`, `8010-8000`, `http`, and `2087-`, which is one port. Numbers are decimal, whatever they
 * begin with. Source: getPortRange of firewall/functions.py.
 */
export function parsePortRange(text: string): NumberRange | undefined {
  const [, start, end = start] = /^(\d{1,9})(?:-(\d{1,9})?)?$/.exec(text) ?? [];
  const name = NUMBERS_BY_NAME.port.get(text);
  const range =
    start === undefined
      ? name === undefined
        ? undefined
        : toSingleRange(name)
      : { first: Math.min(Number(start), Number(end)), last: Math.max(Number(start), Number(end)) };
  return range && range.last <= 65_535 ? range : undefined;
}

/** Protocol names that are the same on every system. It is unknown whether firewalld accepts others. */
const KNOWN_PROTOCOLS = new Set(
  'icmp igmp tcp udp dccp ipv6 gre esp ah ipv6-icmp ospf ipip pim vrrp l2tp sctp udplite'.split(' '),
);

export function parseProtocol(text: string): number | undefined {
  const number = /^\d{1,3}$/.test(text)
    ? Number(text)
    : KNOWN_PROTOCOLS.has(text)
      ? NUMBERS_BY_NAME.protocol.get(text)
      : undefined;
  return number !== undefined && number <= 255 ? number : undefined;
}

/** Returns the conditions on the type and its code. Returns undefined if the family has no such type. */
export function createIcmpConditions(
  family: Family,
  name: string,
  version: FirewalldVersion,
): readonly Condition[] | undefined {
  const numbers = findIcmpType(family, name, version)?.split('/').map(Number);
  const parts = family === 'ip' ? ['icmp type', 'icmp code'] : ['icmpv6 type', 'icmpv6 code'];
  return numbers?.map((number, index) =>
    createMemberCondition(getInetField(parts[index]!), [{ is: 'numbers', range: toSingleRange(number) }]),
  );
}

/**
 * 6to4 addresses that embed private ones, and IPv4 addresses in IPv6. Source: build_rfc3964_ipv4_rules of
 * firewall/core/nftables.py, 1.3.3.
 */
export const TO_6TO4 = createSetCondition(
  getInetField('ip6 daddr'),
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
/** Matches neighbour discovery. These packets arrive before the way back is known. */
export const NEIGHBOR_DISCOVERY: readonly Condition[] = [
  createSetCondition(getInetField('icmpv6 type'), ['nd-router-advert', 'nd-neighbor-solicit'], false)!,
];
export const ANY_ICMP = createProtocolCondition(PROTOCOL.icmp, PROTOCOL.icmpv6);
export const ESTABLISHED = createStateCondition(CT_STATE.established | CT_STATE.related);
export const NEW_CONNECTION = createStateCondition(CT_STATE.new | CT_STATE.untracked);
export const INVALID = createStateCondition(CT_STATE.invalid);
const DNAT_BIT = FLAGS['status']!.get('dnat')!;
export const TRANSLATED = createFactCondition(getInetField('ct status'), (value) => (value & DNAT_BIT) !== 0);
/** Returns the condition that the connection was opened to a port of the range, before any translation. */
export const createOriginalPortCondition = (range: NumberRange): Condition =>
  createMemberCondition(getInetField('ct original proto-dst'), [{ is: 'numbers', range }]);
/** Holds if replies would leave by another interface. */
export const NO_RETURN_ROUTE = createSetCondition(getInetField('fib saddr.mark.iif oif'), ['missing'], false)!;
export const UNKNOWN_RETURN_ROUTE: Condition = { is: 'doubt', reason: 'answers may have no way back', fields: [] };

/** Returns whether the condition can match packets that aren't TCP. */
export const matchesNonTcp = (condition: Condition): boolean =>
  condition.is === 'member' &&
  condition.fields.some(
    ({ looksAt, protocols }) =>
      (protocols !== undefined && !protocols.includes(PROTOCOL.tcp)) ||
      (looksAt.is === 'number' &&
        looksAt.axis === 'protocol' &&
        condition.members.tuples.some(
          ({ values: [value] }) => value?.is === 'numbers' && value.range.first !== PROTOCOL.tcp,
        )),
  );
