// nftables data types (ipv4_addr, inet_service, ...): which names are types, which values a type accepts, and the type
// of each field.

import { getFamily } from '../../../net/address';
import { MAX_INTERFACE_NAME_LENGTH, parseAddressRange } from '../../../parse/netfilter/parse-values';
import { FLAGS, NUMBERS_BY_NAME } from '../../../parse/netfilter/named-numbers';
import { parseNumbers } from './number-prefix';

/** Other types that the values of sets may have. Source: `nft describe`, 1.0.6 and 1.1.3. */
const OTHER_TYPES = new Set(
  `ether_addr ether_type arp_op tcp_flag dccp_pkttype mh_type time iface_index iface_type classid realm devgroup pkt_type ct_dir ct_status
   ct_label ct_id ct_event uid gid boolean igmp_type fib_addrtype cgroupsv2 day hour icmp_code icmpv6_code icmpx_code ll_addr
   sctp_chunk tun_mode lladdr skuid skgid`.split(/\s+/),
);

/**
 * Returns whether nft accepts a text as a value. Returns undefined if that depends on the host, as for names that a
 * resolver looks up.
 */
type ValueCheck = (text: string) => boolean | undefined;

const startsWithLetter = (text: string): boolean => /^[a-z]/i.test(text);

const createAddressCheck =
  (family: 'ip' | 'ip6'): ValueCheck =>
  (text) => {
    const range = parseAddressRange(text);
    if (range) return getFamily(range.first) === family;
    // nft takes a plain number as 32 bits, and resolves a name.
    return /^(0x[0-9a-f]{1,8}|\d+)$/i.test(text) ||
      (startsWithLetter(text) && !text.includes(':') && !text.includes('/'))
      ? undefined
      : false;
  };

/** Number types, with the names of their values and their width in bits. */
export const NUMBER_TYPES: Readonly<
  Record<string, { readonly words: ReadonlyMap<string, number>; readonly width: number }>
> = {
  inet_service: { words: NUMBERS_BY_NAME.port, width: 16 },
  inet_proto: { words: NUMBERS_BY_NAME.protocol, width: 8 },
  icmp_type: { words: NUMBERS_BY_NAME.icmp, width: 8 },
  icmpv6_type: { words: NUMBERS_BY_NAME.icmpv6, width: 8 },
  nf_proto: { words: FLAGS.family!, width: 8 },
  mark: { words: FLAGS.none!, width: 32 },
};

const createNumberCheck =
  (type: string): ValueCheck =>
  (text) => {
    const { words, width } = NUMBER_TYPES[type]!;
    const range = parseNumbers(text, words, width);
    return range ? range.last < 2 ** width : startsWithLetter(text) ? undefined : false;
  };

const createFlagsCheck =
  (words: ReadonlyMap<string, number>): ValueCheck =>
  (text) =>
    text.split('|').every((flag) => words.has(flag) || /^(0x[0-9a-f]+|\d+)$/i.test(flag)) ||
    (startsWithLetter(text) ? undefined : false);

export const VALUE_CHECKS: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['ipv4_addr', createAddressCheck('ip')],
  ['ipv6_addr', createAddressCheck('ip6')],
  ...Object.keys(NUMBER_TYPES).map((type) => [type, createNumberCheck(type)] as const),
  ['ct_state', createFlagsCheck(FLAGS.state!)],
  ['ifname', (text) => text !== '' && text !== '*' && text.length <= MAX_INTERFACE_NAME_LENGTH],
  ['iface_index', (text) => !text.endsWith('*')],
]);

export const isType = (name: string): boolean => VALUE_CHECKS.has(name) || OTHER_TYPES.has(name);

/** Returns whether a value stands for several, which only interval sets hold. */
export function isMultiValue(type: string | undefined, text: string): boolean {
  if (type === 'ifname') return text.endsWith('*') && !text.endsWith('\\*');
  if (type === 'ipv4_addr' || type === 'ipv6_addr') return /^[0-9a-f.:]+[-/]/i.test(text);
  return /^(0x[0-9a-f]+|\d+)[-/]/i.test(text);
}

const listSessionFields = (head: string): readonly string[] =>
  ['original', 'reply'].flatMap((direction) => ['saddr', 'daddr'].map((side) => `ct ${direction} ${head} ${side}`));
const PORT_HEADERS = ['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'th'];

const FIELDS_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  ipv4_addr: ['ip saddr', 'ip daddr', 'arp saddr ip', 'arp daddr ip', ...listSessionFields('ip')],
  ipv6_addr: ['ip6 saddr', 'ip6 daddr', ...listSessionFields('ip6')],
  inet_service: PORT_HEADERS.flatMap((head) => [`${head} dport`, `${head} sport`]),
  inet_proto: ['meta l4proto', 'ip protocol', 'ip6 nexthdr'],
  nf_proto: ['meta nfproto'],
  mark: ['meta mark', 'ct mark'],
  ifname: ['meta iifname', 'meta oifname'],
  iface_index: ['meta iif', 'meta oif'],
  icmp_type: ['icmp type'],
  icmpv6_type: ['icmpv6 type'],
  ct_state: ['ct state'],
  ct_status: ['ct status'],
  ct_dir: ['ct direction'],
  ether_addr: ['ether saddr', 'ether daddr'],
};
const TYPE_BY_FIELD: ReadonlyMap<string, string> = new Map(
  Object.entries(FIELDS_BY_TYPE).flatMap(([type, fields]) => fields.map((field): [string, string] => [field, type])),
);

/** Returns the type of a field. Returns undefined if it isn't known here. */
export const findFieldType = (field: string): string | undefined => TYPE_BY_FIELD.get(field);
