import { shown } from '../../problems/in-text';
import { LONGEST_DEVICE, addressRange, numberRange } from '../netfilter/values';
import { FLAGS, NUMBERS } from '../netfilter/words';
import { Match, Option } from './rule';

/** What iptables takes of a match's options, for the whole of which a file is refused. Seen, 1.8.9 in both back ends. */

const NEED_ONE = `bpf cluster comment connbytes connlabel connlimit connmark conntrack cpu devgroup dscp ecn helper hl iprange ipv6header ipvs
  length mac mark nfacct osf owner physdev pkttype quota rateest realm state tcpmss tos ttl u32`;

/** Matches of iptables that can't stand without one of these options. Others, and those that others brought, may. */
const NEEDED: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(NEED_ONE.split(/\s+/).map((module) => [module, /^--/])),
  addrtype: /^--(src|dst)-type$/,
  hashlimit: /^--hashlimit(-upto|-above)?$/,
  multiport: /^--(sports|source-ports|dports|destination-ports|ports)$/,
  policy: /^--dir$/,
  recent: /^--(set|rcheck|update|remove)$/,
  set: /^--match-set$/,
  statistic: /^--mode$/,
  string: /^--(hex-)?string$/,
};

/** Chains of the kernel's own in which there is what they ask for. Sources: `.hooks` in xt_owner.c, ipt_rpfilter.c, xt_socket.c, xt_mac.c. */
const PLACES: Readonly<Record<string, RegExp>> = {
  owner: /^(OUTPUT|POSTROUTING)$/,
  rpfilter: /^PREROUTING$/,
  socket: /^(PREROUTING|INPUT)$/,
  mac: /^(PREROUTING|INPUT|FORWARD)$/,
};
const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

const NOT_NEGATED =
  /^--(ctdir|limit-iface-in|limit-iface-out|comment|seconds|reap|hitcount|rttl|name|rsource|rdest|mask|loose|validmark|accept-local|invert|return-nomatch)$/;

type Takes = (...values: readonly string[]) => boolean;

/** Words of a list, each as far as it is written. */
const words = (known: string): Takes => {
  const all = known.split(' ');
  return (value = '') =>
    value.split(',').every((word) => word !== '' && all.some((one) => one.startsWith(word.toLowerCase())));
};
const types = words(
  'unspec unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat xresolve',
);
const flags = (value: string): boolean =>
  /^(all|none)$/i.test(value) || value.split(',').every((one) => FLAGS['tcp']!.has(one.toLowerCase()));
const upTo = (most: number, text: string): boolean => {
  const number = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : NaN;
  return number <= most;
};
const mark: Takes = (value = '') =>
  value.split('/').length <= 2 && value.split('/').every((one) => upTo(0xffff_ffff, one));
const byte = (value = ''): boolean => /^\d+$/.test(value) && Number(value) <= 255;
/** A number or a range of numbers; words are left alone. */
const numbers =
  (most: number): Takes =>
  (value = '') =>
    !/^[\d:]+$/.test(value) || value.split(':').every((one) => one === '' || Number(one) <= most);
const multiport: Takes = (value = '') =>
  value.split(',').every((one) => {
    const [low = '', high, ...more] = one.split(':');
    const ends = [low, high ?? low].map((end) => (/^\d+$/.test(end) ? Number(end) : 0));
    return (
      more.length === 0 &&
      low !== '' &&
      high !== '' &&
      ends.every((end) => end <= 65_535) &&
      (high === undefined || !/^\d+:\d+$/.test(one) || ends[0]! < ends[1]!)
    );
  });
const icmp: Takes = (value = '') => !/^\d/.test(value) || (/^\d+(\/\d+)?$/.test(value) && value.split('/').every(byte));
const positive: Takes = (value = '') => /^(0x)?0*[1-9a-f]/i.test(value) && upTo(0xffff_ffff, value);

/** Of numbers alone: anything else may be the name of a host, and `10/8` is a network. */
const address: Takes = (value = '') =>
  value.split(',').every((one) => {
    const [, host, length = '0'] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+)|[/-].*)?$/.exec(one) ?? [];
    return host === undefined || (!one.includes('-') && addressRange(host) !== undefined && Number(length) <= 32);
  });

const TAKES: Readonly<Record<string, Takes>> = {
  // A name may be one of the server's own.
  protocol: (value = '') =>
    /^\d/.test(value) ? (numberRange(value, NUMBERS.protocol)?.last ?? 256) <= 255 : !value.includes(','),
  source: address,
  destination: address,
  in: (value = '') => value.length <= LONGEST_DEVICE,
  out: (value = '') => value.length <= LONGEST_DEVICE,
  '--state': words('invalid new established related untracked'),
  '--ctstate': words('invalid new established related untracked snat dnat'),
  '--ctstatus': words('none expected seen_reply assured confirmed'),
  '--ctdir': (value = '') => /^(original|reply)$/i.test(value),
  '--src-type': types,
  '--dst-type': types,
  '--mac-source': (value = '') => /^[\da-f]{1,2}(:[\da-f]{1,2}){5}$/i.test(value),
  '--mark': mark,
  '--tcp-flags': (...values) => values.every(flags),
  ...Object.fromEntries(
    ['--dports', '--destination-ports', '--sports', '--source-ports', '--ports'].map((name) => [name, multiport]),
  ),
  '--icmp-type': icmp,
  '--icmpv6-type': icmp,
  '--length': numbers(65_535),
  '--mss': numbers(65_535),
  '--ttl-eq': byte,
  '--ttl': byte,
  '--ttl-lt': byte,
  '--ttl-gt': byte,
  '--hl-eq': byte,
  '--limit': (value = '') => /^\d+(\/[a-z]+)?$/i.test(value) && Number(/^\d+/.exec(value)![0]) > 0,
  '--connlimit-above': numbers(0xffff_ffff),
  '--pkt-type': words('unicast broadcast multicast bcast mcast host otherhost'),
  '--seconds': positive,
  '--hitcount': positive,
};

/** Why iptables doesn't take it, or nothing. */
export function refusedAsks({ module, tests }: Match, chain: string): string | undefined {
  const needed = Object.hasOwn(NEEDED, module) ? NEEDED[module]! : undefined;
  if (needed && !tests.some(({ name }) => needed.test(name)))
    return `-m ${module} asks nothing, and iptables wants to be told what.`;
  if (Object.hasOwn(PLACES, module) && BUILT_IN.test(chain) && !PLACES[module]!.test(chain))
    return `-m ${module} has no place in ${chain}.`;
  return tests.map(refusedAsk).find((one) => one !== undefined);
}

function refusedAsk({ name, values, negated }: Option): string | undefined {
  if (negated && NOT_NEGATED.test(name)) return `${name} takes no "!".`;
  if (!Object.hasOwn(TAKES, name) || TAKES[name]!(...values)) return undefined;
  return `${ASKED[name] ?? name} ${shown(values.join(' '))} is nothing that iptables knows.`;
}

const ASKED: Readonly<Record<string, string>> = {
  protocol: '-p',
  in: '-i',
  out: '-o',
  source: '-s',
  destination: '-d',
};
