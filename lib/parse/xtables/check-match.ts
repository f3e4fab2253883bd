// Checks the options of a rule's match (`-m`) as iptables does, and returns why iptables refuses it: it then refuses
// the whole file. check-target.ts does the same for targets. Each check was tried with iptables 1.8.9, both backends.
import { quoteForDisplay } from '../../problems/line-problems';
import { parseInteger } from '../netfilter/parse-integers';
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
/** Returns whether a text is a number up to this one: 0x10 is hexadecimal, 010 octal. Source: xtables_strtoui. */
export const isUpTo = (max: number, text: string): boolean => {
  const number = parseInteger(text);
  return number !== undefined && !text.startsWith('-') && number <= max;
};
/** Returns whether a text is a mark, with or without a mask behind it: `0x1/0xff`. */
export const isMark: OptionCheck = (value = '') =>
  value.split('/').length <= 2 && value.split('/').every((part) => isUpTo(0xffff_ffff, part));
const isByte: OptionCheck = (value = '') => isUpTo(255, value);
/** Creates a check for a number or a range of numbers. iptables 1.8.9 takes one that runs backwards, too. */
const createNumbersCheck =
  (max: number): OptionCheck =>
  (value = '') => {
    const bounds = value.split(':');
    return bounds.length <= 2 && bounds.every((bound) => bound === '' || isUpTo(max, bound));
  };
const areBytes = createNumbersCheck(255);
const isPortOrRange: OptionCheck = (value = '') => !/(^|:)-/.test(value);
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
const isIcmpType: OptionCheck = (value = '') => {
  const [type = '', codes = '0', ...more] = value.split('/');
  return !/^[-+\d]/.test(value) || (more.length === 0 && isByte(type) && areBytes(codes));
};
const isPositive: OptionCheck = (value = '') => isUpTo(0xffff_ffff, value) && parseInteger(value) !== 0;

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
  ...Object.fromEntries(
    ['--sport', '--source-port', '--dport', '--destination-port'].map((name) => [name, isPortOrRange]),
  ),
  '--tcp-option': isByte,
  '--dccp-option': isByte,
  '--dscp': (value = '') => isUpTo(63, value),
  '--ahspi': createNumbersCheck(0xffff_ffff),
  '--espspi': createNumbersCheck(0xffff_ffff),
  '--mh-type': (value = '') => !/^[-+\d:]/.test(value) || areBytes(value),
  '--ctexpire': createNumbersCheck(0xffff_ffff),
  '--ttl-eq': isByte,
  '--ttl': isByte,
  '--ttl-lt': isByte,
  '--ttl-gt': isByte,
  '--hl-eq': isByte,
  '--hl-lt': isByte,
  '--hl-gt': isByte,
  '--limit': (value = '') => /^\d+(\/[a-z]+)?$/i.test(value) && Number(/^\d+/.exec(value)![0]) > 0,
  '--connlimit-above': (value = '') => isUpTo(0xffff_ffff, value),
  '--connlimit-upto': (value = '') => isUpTo(0xffff_ffff, value),
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
