// Checks the options of a rule's match (`-m`) as iptables does, and returns why iptables refuses it: it then refuses
// the whole file. check-target.ts does the same for targets. Each check was tried with iptables 1.8.9, both backends.
import { quoteForDisplay } from '../../problems/line-problems';
import { MAX_INTERFACE_NAME_LENGTH, parseAddressRange, parseNumberRange } from '../netfilter/parse-values';
import { FLAGS, NUMBERS_BY_NAME } from '../netfilter/named-numbers';
import { XtablesMatch, XtablesOption } from './rule';

const MODULES_NEEDING_OPTIONS = `bpf cluster comment connbytes connlabel connlimit connmark conntrack cpu devgroup dscp ecn helper hl iprange ipv6header ipvs
  length mac mark nfacct osf owner physdev pkttype quota rateest realm state tcpmss tos ttl u32`;

/**
 * The options of which a match of iptables needs one. Other matches, and matches of third parties, may stand without
 * options.
 */
const REQUIRED_OPTIONS: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(MODULES_NEEDING_OPTIONS.split(/\s+/).map((module) => [module, /^--/])),
  addrtype: /^--(src|dst)-type$/,
  hashlimit: /^--hashlimit(-upto|-above)?$/,
  multiport: /^--(sports|source-ports|dports|destination-ports|ports)$/,
  policy: /^--dir$/,
  recent: /^--(set|rcheck|update|remove)$/,
  set: /^--match-set$/,
  statistic: /^--mode$/,
  string: /^--(hex-)?string$/,
};

/**
 * The built-in chains in which a match has the data that it tests. Sources: `.hooks` in xt_owner.c, ipt_rpfilter.c,
 * xt_socket.c, xt_mac.c.
 */
const ALLOWED_CHAINS: Readonly<Record<string, RegExp>> = {
  owner: /^(OUTPUT|POSTROUTING)$/,
  rpfilter: /^PREROUTING$/,
  socket: /^(PREROUTING|INPUT)$/,
  mac: /^(PREROUTING|INPUT|FORWARD)$/,
};
const BUILT_IN_CHAIN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

const NOT_NEGATABLE =
  /^--(ctdir|limit-iface-in|limit-iface-out|comment|seconds|reap|hitcount|rttl|name|rsource|rdest|mask|loose|validmark|accept-local|invert|return-nomatch)$/;

type OptionCheck = (...values: readonly string[]) => boolean;

/** Creates a check for lists of these words, each of which may be abbreviated. */
const createWordsCheck = (wordList: string): OptionCheck => {
  const knownWords = wordList.split(' ');
  return (value = '') =>
    value
      .split(',')
      .every((word) => word !== '' && knownWords.some((knownWord) => knownWord.startsWith(word.toLowerCase())));
};
const areAddressTypes = createWordsCheck(
  'unspec unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat xresolve',
);
const areTcpFlags = (value: string): boolean =>
  /^(all|none)$/i.test(value) || value.split(',').every((flag) => FLAGS['tcp']!.has(flag.toLowerCase()));
const isUpTo = (max: number, text: string): boolean => {
  const number = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : NaN;
  return number <= max;
};
const isMark: OptionCheck = (value = '') =>
  value.split('/').length <= 2 && value.split('/').every((part) => isUpTo(0xffff_ffff, part));
const isByte = (value = ''): boolean => /^\d+$/.test(value) && Number(value) <= 255;
/** Creates a check for a number or a range of numbers; it accepts words. */
const createNumbersCheck =
  (max: number): OptionCheck =>
  (value = '') =>
    !/^[\d:]+$/.test(value) || value.split(':').every((bound) => bound === '' || Number(bound) <= max);
const areMultiportPorts: OptionCheck = (value = '') =>
  value.split(',').every((range) => {
    const [low = '', high, ...more] = range.split(':');
    const ends = [low, high ?? low].map((end) => (/^\d+$/.test(end) ? Number(end) : 0));
    return (
      more.length === 0 &&
      low !== '' &&
      high !== '' &&
      ends.every((end) => end <= 65_535) &&
      (high === undefined || !/^\d+:\d+$/.test(range) || ends[0]! < ends[1]!)
    );
  });
const isIcmpType: OptionCheck = (value = '') =>
  !/^\d/.test(value) || (/^\d+(\/\d+)?$/.test(value) && value.split('/').every(isByte));
const isPositive: OptionCheck = (value = '') => /^(0x)?0*[1-9a-f]/i.test(value) && isUpTo(0xffff_ffff, value);

/** Checks addresses that are numbers alone: any other text may be the name of a host, and `10/8` is a network. */
const areAddresses: OptionCheck = (value = '') =>
  value.split(',').every((text) => {
    const [, host, length = '0'] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+)|[/-].*)?$/.exec(text) ?? [];
    return host === undefined || (!text.includes('-') && parseAddressRange(host) !== undefined && Number(length) <= 32);
  });

const OPTION_CHECKS: Readonly<Record<string, OptionCheck>> = {
  // The name may be one that only the server knows.
  protocol: (value = '') =>
    /^\d/.test(value) ? (parseNumberRange(value, NUMBERS_BY_NAME.protocol)?.last ?? 256) <= 255 : !value.includes(','),
  source: areAddresses,
  destination: areAddresses,
  in: (value = '') => value.length <= MAX_INTERFACE_NAME_LENGTH,
  out: (value = '') => value.length <= MAX_INTERFACE_NAME_LENGTH,
  '--state': createWordsCheck('invalid new established related untracked'),
  '--ctstate': createWordsCheck('invalid new established related untracked snat dnat'),
  '--ctstatus': createWordsCheck('none expected seen_reply assured confirmed'),
  '--ctdir': (value = '') => /^(original|reply)$/i.test(value),
  '--src-type': areAddressTypes,
  '--dst-type': areAddressTypes,
  '--mac-source': (value = '') => /^[\da-f]{1,2}(:[\da-f]{1,2}){5}$/i.test(value),
  '--mark': isMark,
  '--tcp-flags': (...values) => values.every(areTcpFlags),
  ...Object.fromEntries(
    ['--dports', '--destination-ports', '--sports', '--source-ports', '--ports'].map((name) => [
      name,
      areMultiportPorts,
    ]),
  ),
  '--icmp-type': isIcmpType,
  '--icmpv6-type': isIcmpType,
  '--length': createNumbersCheck(65_535),
  '--mss': createNumbersCheck(65_535),
  '--ttl-eq': isByte,
  '--ttl': isByte,
  '--ttl-lt': isByte,
  '--ttl-gt': isByte,
  '--hl-eq': isByte,
  '--limit': (value = '') => /^\d+(\/[a-z]+)?$/i.test(value) && Number(/^\d+/.exec(value)![0]) > 0,
  '--connlimit-above': createNumbersCheck(0xffff_ffff),
  '--pkt-type': createWordsCheck('unicast broadcast multicast bcast mcast host otherhost'),
  '--seconds': isPositive,
  '--hitcount': isPositive,
};

/** Returns why iptables doesn't take a match; undefined if it does, or may. */
export function explainRefusedMatch({ module, tests }: XtablesMatch, chain: string): string | undefined {
  const required = Object.hasOwn(REQUIRED_OPTIONS, module) ? REQUIRED_OPTIONS[module]! : undefined;
  if (required && !tests.some(({ name }) => required.test(name)))
    return `-m ${module} asks nothing, and iptables wants to be told what.`;
  if (Object.hasOwn(ALLOWED_CHAINS, module) && BUILT_IN_CHAIN.test(chain) && !ALLOWED_CHAINS[module]!.test(chain))
    return `-m ${module} has no place in ${chain}.`;
  return tests.map(explainRefusedOption).find((refusal) => refusal !== undefined);
}

function explainRefusedOption({ name, values, negated }: XtablesOption): string | undefined {
  if (negated && NOT_NEGATABLE.test(name)) return `${name} takes no "!".`;
  if (!Object.hasOwn(OPTION_CHECKS, name) || OPTION_CHECKS[name]!(...values)) return undefined;
  return `${SHORT_OPTIONS[name] ?? name} ${quoteForDisplay(values.join(' '))} is nothing that iptables knows.`;
}

const SHORT_OPTIONS: Readonly<Record<string, string>> = {
  protocol: '-p',
  in: '-i',
  out: '-o',
  source: '-s',
  destination: '-d',
};
