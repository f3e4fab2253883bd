import { familyOf } from '../../../net/address';
import { LONGEST_DEVICE, addressRange } from '../../../parse/netfilter/values';
import { FLAGS, NUMBERS } from '../../../parse/netfilter/words';
import { numbersAs } from './number-prefix';

/** Types of values that sets may be made of. Source: `nft describe`, 1.0.6 and 1.1.3. */
const OTHERS = new Set(
  `ether_addr ether_type arp_op tcp_flag dccp_pkttype mh_type time iface_index iface_type classid realm devgroup pkt_type ct_dir ct_status
   ct_label ct_id ct_event uid gid boolean igmp_type fib_addrtype cgroupsv2 day hour icmp_code icmpv6_code icmpx_code ll_addr
   sctp_chunk tun_mode lladdr skuid skgid`.split(/\s+/),
);

/** Whether nft takes a text as a value; undefined where that isn't for us to say, as with names that a machine looks up. */
type Judge = (text: string) => boolean | undefined;

const isNamed = (text: string): boolean => /^[a-z]/i.test(text);

const address =
  (family: 'ip' | 'ip6'): Judge =>
  (text) => {
    const range = addressRange(text);
    if (range) return familyOf(range.first) === family;
    // A number alone is taken as one of 32 bits, and a name is asked of a resolver.
    return /^(0x[0-9a-f]{1,8}|\d+)$/i.test(text) || (isNamed(text) && !text.includes(':') && !text.includes('/'))
      ? undefined
      : false;
  };

/** Types of numbers, with their names and how many bits they have. */
export const NUMBERED: Readonly<
  Record<string, { readonly words: ReadonlyMap<string, number>; readonly width: number }>
> = {
  inet_service: { words: NUMBERS.port, width: 16 },
  inet_proto: { words: NUMBERS.protocol, width: 8 },
  icmp_type: { words: NUMBERS.icmp, width: 8 },
  icmpv6_type: { words: NUMBERS.icmpv6, width: 8 },
  nf_proto: { words: FLAGS.family!, width: 8 },
  mark: { words: FLAGS.none!, width: 32 },
};

const number =
  (type: string): Judge =>
  (text) => {
    const { words, width } = NUMBERED[type]!;
    const range = numbersAs(text, words, width);
    return range ? range.last < 2 ** width : isNamed(text) ? undefined : false;
  };

const flags =
  (words: ReadonlyMap<string, number>): Judge =>
  (text) =>
    text.split('|').every((one) => words.has(one) || /^(0x[0-9a-f]+|\d+)$/i.test(one)) ||
    (isNamed(text) ? undefined : false);

export const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['ipv4_addr', address('ip')],
  ['ipv6_addr', address('ip6')],
  ...Object.keys(NUMBERED).map((type) => [type, number(type)] as const),
  ['ct_state', flags(FLAGS.state!)],
  ['ifname', (text) => text !== '' && text !== '*' && text.length <= LONGEST_DEVICE],
  ['iface_index', (text) => !text.endsWith('*')],
]);

export const isType = (name: string): boolean => JUDGES.has(name) || OTHERS.has(name);

/** Whether a value stands for several, which only sets of intervals hold. */
export function isWide(type: string | undefined, text: string): boolean {
  if (type === 'ifname') return text.endsWith('*') && !text.endsWith('\\*');
  if (type === 'ipv4_addr' || type === 'ipv6_addr') return /^[0-9a-f.:]+[-/]/i.test(text);
  return /^(0x[0-9a-f]+|\d+)[-/]/i.test(text);
}

const inSessions = (head: string): readonly string[] =>
  ['original', 'reply'].flatMap((way) => ['saddr', 'daddr'].map((side) => `ct ${way} ${head} ${side}`));
const PORT_HEADERS = ['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'th'];

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ipv4_addr: ['ip saddr', 'ip daddr', 'arp saddr ip', 'arp daddr ip', ...inSessions('ip')],
  ipv6_addr: ['ip6 saddr', 'ip6 daddr', ...inSessions('ip6')],
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
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(FIELDS).flatMap(([type, fields]) => fields.map((field): [string, string] => [field, type])),
);

/** Undefined where it isn't known here. */
export const typeOfField = (field: string): string | undefined => TYPES.get(field);
