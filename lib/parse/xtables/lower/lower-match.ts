// Lowers all matches of an iptables rule to conditions of the ruleset model: interfaces, ports, ICMP types and modules
// such as `-m addrtype` itself, and addresses, conntrack and sets by address.ts, conntrack.ts and set.ts.

import { createSetCondition } from '../../netfilter/conditions';
import { maskField, getField } from '../../netfilter/fields';
import { parseInteger, toDecimalPorts } from '../../netfilter/parse-integers';
import { parseNumberRange, parsePorts } from '../../netfilter/parse-values';
import { FLAGS, NUMBERS_BY_NAME } from '../../netfilter/named-numbers';
import { PacketField } from '../../../evaluator/packet-fields';
import { Condition } from '../../../evaluator/ruleset-model';
import {
  ALWAYS,
  NEVER,
  Disjunction,
  intersectAll,
  uniteConditions,
  createHistoryMatch,
  createUnknownMatch,
  createFactCondition,
  createMemberCondition,
  negateCondition,
} from '../../../evaluator/disjunction';
import { lowerAddress } from './address';
import { lowerConntrack } from './conntrack';
import { IpSetResolver } from '../../ipset/lower-sets';
import { findIcmpType } from '../icmp-names';
import { lowerSet } from './set';
import { MATCH_OPTIONS } from '../match-options';
import { quoteForDisplay } from '../../../problems/line-problems';
import { XtablesRuleContext, XtablesMatch, XtablesOption } from '../rule';

type TestLowering = (test: XtablesOption, context: XtablesRuleContext) => Disjunction;

/** Lowers one match. An unknown test may hold or not; it is never lowered to "doesn't match". */
export function lowerMatch(
  { module, tests }: XtablesMatch,
  context: XtablesRuleContext,
  sets: IpSetResolver,
): Disjunction {
  switch (module) {
    case 'conntrack':
    case 'state':
      return lowerConntrack(tests, context);
    case 'set':
      return lowerSet(tests, context, sets);
    case 'recent':
      return lowerRecent(tests, context);
    case 'limit':
    case 'hashlimit':
      return lowerLimit(tests, context);
    case 'connlimit':
      return lowerConnectionLimit(tests, context);
    case 'addrtype':
      return lowerAddressType(tests, context);
    case 'rpfilter':
      return lowerReversePath(tests, context);
    case 'mark':
    case 'connmark':
      return intersectAll(
        tests.map((test) => createMarkLowering(module === 'mark' ? 'meta mark' : 'ct mark')(test, context)),
      );
    case 'comment':
      return ALWAYS;
  }
  // In IPv6 `ah` is a header in front of TCP or UDP, in IPv4 a protocol.
  const isExtensionHeader = module === 'ah' && context.family === 'ip6';
  if (isExtensionHeader || (module !== '' && !Object.hasOwn(MATCH_OPTIONS, module))) {
    const fields = Object.hasOwn(EXTENSION_FIELDS, module) ? [getField(EXTENSION_FIELDS[module]!, 'ip6')] : [];
    return createUnknownMatch(`line ${context.line}: ${quoteForDisplay(`-m ${module}`)} may match or not`, ...fields);
  }
  return intersectAll(
    tests.map((test) =>
      Object.hasOwn(TEST_LOWERINGS, test.name)
        ? TEST_LOWERINGS[test.name]!(test, context)
        : lowerUnsupportedTest(test, context),
    ),
  );
}

/** Fields of a header that only some packets of IPv6 have, or of options. */
const EXTENSION_FIELDS: Readonly<Record<string, string>> = {
  rt: 'rt type',
  srh: 'srh flags',
  frag: 'frag id',
  ah: 'auth spi',
  hbh: 'hbh hdrlength',
  dst: 'dst hdrlength',
  tcpmss: 'tcp option maxseg size',
};

const lowerUnsupportedTest: TestLowering = ({ name }, { line }) =>
  createUnknownMatch(`line ${line}: ${quoteForDisplay(name)} may match or not`);
const lowerUnreadableTest: TestLowering = ({ name, values }, { line }) =>
  createUnknownMatch(`line ${line}: ${quoteForDisplay(`${name} ${values.join(' ')}`)} is not understood`);
/**
 * iptables-legacy never matches such a test. iptables-nft leaves it out, so that the rest of the rule decides. Seen,
 * 1.8.9.
 */
const lowerIgnoredTest: TestLowering = ({ name, values, negated }, { line }) =>
  createUnknownMatch(
    `line ${line}: iptables-nft leaves out ${quoteForDisplay(`${negated ? '! ' : ''}${name} ${values.join(' ')}`)}, and iptables-legacy never matches it`,
  );
const toDisjunction = (
  condition: Condition | undefined,
  test: XtablesOption,
  context: XtablesRuleContext,
): Disjunction => (condition ? [[condition]] : lowerUnreadableTest(test, context));

/** `eth+` matches every interface whose name begins so; `+` matches every packet, with or without an interface. */
const createInterfaceLowering =
  (name: 'iifname' | 'oifname'): TestLowering =>
  ({ values: [value = ''], negated }) => {
    const isPrefix = value.endsWith('+');
    if (value === '+') return negated ? NEVER : ALWAYS;
    return [
      [
        createMemberCondition(
          getField(`meta ${name}`, 'inet'),
          [{ is: 'name', name: isPrefix ? value.slice(0, -1) : value, isPrefix }],
          negated,
        ),
      ],
    ];
  };

/** Returns the port field. If the rule tests the protocol, it is the protocol's own port: other packets have none. */
const getPortField = (side: 'sport' | 'dport', { protocol, family }: XtablesRuleContext): PacketField =>
  getField(
    `${protocol !== undefined && /^(tcp|udp|sctp|dccp|udplite)$/.test(protocol) ? protocol : 'th'} ${side}`,
    family,
  );

const createPortLowering =
  (side: 'sport' | 'dport'): TestLowering =>
  (test, context) => {
    const isOfUdp = context.protocol === 'udp' && !test.name.endsWith('s');
    const values = test.values[0]!.split(',').map((text) => parsePorts(isOfUdp ? toDecimalPorts(text) : text));
    // For these two protocols iptables-nft makes no condition. Sctp, dccp and multiport are tested by the kernel's own
    // extensions.
    if ((context.protocol === 'dccp' || isOfUdp) && isReversedRange(test.values[0]!))
      return test.negated ? ALWAYS : NEVER;
    const isOfTwo = (context.protocol === 'tcp' || context.protocol === 'udp') && !test.name.endsWith('s');
    if (
      test.negated &&
      isOfTwo &&
      values.some((value) => value?.is === 'numbers' && value.range.first === 0 && value.range.last === 65_535)
    )
      return lowerIgnoredTest(test, context);
    return toDisjunction(
      values.every((value) => value !== undefined)
        ? createMemberCondition(getPortField(side, context), values, test.negated)
        : undefined,
      test,
      context,
    );
  };

/** No packet is in a range that runs backwards. */
const isReversedRange = (text: string): boolean => {
  const [, low, high] = /^(\d+):(\d+)$/.exec(text) ?? [];
  return low !== undefined && Number(low) > Number(high);
};

/** Lowers `--ports`: the source port or the destination port matches. */
const lowerEitherPort: TestLowering = (test, context) => {
  const values = test.values[0]!.split(',').map(parsePorts);
  if (!values.every((value) => value !== undefined)) return lowerUnreadableTest(test, context);
  const sides = (['sport', 'dport'] as const).map((side) => createMemberCondition(getPortField(side, context), values));
  return test.negated ? [sides.map(negateCondition)] : uniteConditions(sides);
};

const lowerTcpFlags: TestLowering = (test, context) => {
  const bits = test.values.map(parseTcpFlags);
  const [mask, expected] = bits;
  if (mask === undefined || expected === undefined) return lowerUnreadableTest(test, context);
  if (mask === 0 && (expected === 0) === test.negated) return lowerIgnoredTest(test, context);
  return [
    [createFactCondition(getField('tcp flags', context.family), (value) => (value & mask) === expected, test.negated)],
  ];
};

function parseTcpFlags(text: string): number | undefined {
  if (text === 'ALL') return 0x3f;
  if (text === 'NONE') return 0;
  let sum = 0;
  for (const word of text.toLowerCase().split(',')) {
    const bit = FLAGS['tcp']!.get(word);
    if (bit === undefined || bit > 32) return undefined;
    sum |= bit;
  }
  return sum;
}

const createMarkLowering =
  (field: 'meta mark' | 'ct mark'): TestLowering =>
  (test, context) => {
    const [value, mask = 0xffff_ffff] = test.values[0]!.split('/').map(parseInteger);
    if (value === undefined) return lowerUnreadableTest(test, context);
    return [
      [
        createFactCondition(
          maskField(getField(field, context.family), mask),
          (fieldValue) => (fieldValue & mask) >>> 0 === value,
          test.negated,
        ),
      ],
    ];
  };

const TEST_LOWERINGS: Readonly<Record<string, TestLowering>> = {
  source: lowerAddress('saddr'),
  destination: lowerAddress('daddr'),
  in: createInterfaceLowering('iifname'),
  out: createInterfaceLowering('oifname'),
  protocol: (test, context) => {
    const value = test.values[0]!.toLowerCase();
    // Protocol 0 matches any protocol, by its number and by its names `ip` and `hopopt`. Source: xtables_parse_protocol
    // in libxtables/xtables.c.
    if (value === 'all' || parseNumberRange(value, NUMBERS_BY_NAME.protocol)?.last === 0)
      return test.negated ? NEVER : ALWAYS;
    return toDisjunction(
      createSetCondition(getField('meta l4proto', context.family), [value], test.negated),
      test,
      context,
    );
  },
  fragment: ({ negated }, { family }) => [
    [createFactCondition(getField('ip frag-off', family), (value) => (value & 0x1fff) !== 0, negated)],
  ],
  ...Object.fromEntries(
    ['--sport', '--source-port', '--sports', '--source-ports'].map((name) => [name, createPortLowering('sport')]),
  ),
  ...Object.fromEntries(
    ['--dport', '--destination-port', '--dports', '--destination-ports'].map((name) => [
      name,
      createPortLowering('dport'),
    ]),
  ),
  '--ports': lowerEitherPort,
  '--tcp-flags': lowerTcpFlags,
  '--syn': (test, context) => lowerTcpFlags({ ...test, values: ['FIN,SYN,RST,ACK', 'SYN'] }, context),
  '--icmp-type': (test, context) => lowerIcmpTypes('icmp', test, context),
  '--icmpv6-type': (test, context) => lowerIcmpTypes('icmpv6', test, context),
  '--src-range': lowerAddress('saddr'),
  '--dst-range': lowerAddress('daddr'),
  '--tcp-option': ({ name }, { line, family }) =>
    createUnknownMatch(`line ${line}: ${quoteForDisplay(name)} may match or not`, getField('tcp option kind', family)),
  '--mac-source': ({ name }, { line, family }) =>
    createUnknownMatch(`line ${line}: ${quoteForDisplay(name)} may match or not`, getField('ether saddr', family)),
  '--pkt-type': (test, context) => {
    const value = FLAGS['packet']!.get(test.values[0]!);
    return toDisjunction(
      value === undefined
        ? undefined
        : createFactCondition(
            getField('meta pkttype', context.family),
            (fieldValue) => fieldValue === value,
            test.negated,
          ),
      test,
      context,
    );
  },
};

/** Lowers `8`, `3/4`, `echo-request`, `any`. */
function lowerIcmpTypes(
  kind: 'icmp' | 'icmpv6',
  { name, values: [value = ''], negated }: XtablesOption,
  { line, family }: XtablesRuleContext,
): Disjunction {
  const [type = '', code] = (/^\d/.test(value) ? value : (findIcmpType(value, kind === 'icmp' ? 'ip' : 'ip6') ?? ''))
    .replace(/\/0:255$/, '')
    .split('/');
  if (kind === 'icmp' && parseInteger(type) === 255) return negated ? NEVER : ALWAYS;
  const field = getField(`${kind} type`, family);
  const [types, codes] = [
    parseNumberRange(type, NUMBERS_BY_NAME[kind]),
    code === undefined ? undefined : parseNumberRange(code, NUMBERS_BY_NAME[`${kind} code`]),
  ];
  if (!types || types.last > 255 || (code !== undefined && !codes))
    return createUnknownMatch(`line ${line}: ${name} ${quoteForDisplay(value)} is not understood`, field);
  if (!codes) return [[createMemberCondition(field, [{ is: 'numbers', range: types }], negated)]];
  const tuple = { values: [types, codes].map((range) => ({ is: 'numbers', range }) as const), expires: false };
  return [
    [
      {
        is: 'member',
        fields: [field, getField(`${kind} code`, family)],
        members: { tuples: [tuple], dynamic: false },
        negated,
      },
    ],
  ];
}

/**
 * Lowers `-m recent`. `--set` puts a source on a list and matches. Whether a source is on a list depends on earlier
 * packets, so that is unknown. Source: recent_mt in xt_recent.c.
 */
function lowerRecent(tests: readonly XtablesOption[], { line }: XtablesRuleContext): Disjunction {
  const set = tests.find(({ name }) => name === '--set');
  const checks = tests.filter(({ name }) => /^--(rcheck|update|remove|rttl)$/.test(name));
  if (set && checks.length === 0) return set.negated ? NEVER : ALWAYS;
  const [check, ...otherChecks] = checks;
  const hitCount = parseInteger(tests.find(({ name }) => name === '--hitcount')?.values[0] ?? '');
  const countsSeveral = hitCount !== undefined && hitCount > 1 && /^--(rcheck|update)$/.test(check?.name ?? '');
  // An earlier rule of the same pass may have put the source on the list once, not more often.
  return countsSeveral && !set && otherChecks.length === 0
    ? createHistoryMatch(`line ${line}: its count of earlier packets may be reached`, check!.negated)
    : createUnknownMatch(`line ${line}: "-m recent" may match or not`);
}

/** Lowers `-m limit` and `-m hashlimit`. A new client's packet is below a limit, and not above one. */
function lowerLimit(tests: readonly XtablesOption[], { line }: XtablesRuleContext): Disjunction {
  const isAbove = tests.some(({ name }) => name === '--hashlimit-above');
  const isNegated = tests.some(({ negated }) => negated);
  return isNegated
    ? createUnknownMatch(`line ${line}: a limit may match or not`)
    : createHistoryMatch(`line ${line}: a limit may be reached`, !isAbove);
}

/** Lowers `-m connlimit`, which counts the connection itself, too. Source: connlimit_mt in xt_connlimit.c. */
function lowerConnectionLimit(tests: readonly XtablesOption[], { line }: XtablesRuleContext): Disjunction {
  const limits = tests.filter(({ name }) => /^--connlimit-(above|upto)$/.test(name));
  const [limit, ...otherLimits] = limits;
  const count = parseInteger(limit?.values[0] ?? '');
  return limit && otherLimits.length === 0 && count !== undefined && count > 0
    ? createHistoryMatch(
        `line ${line}: a limit of connections may be reached`,
        (limit.name === '--connlimit-upto') !== limit.negated,
      )
    : createUnknownMatch(`line ${line}: "-m connlimit" may match or not`);
}

/**
 * Lowers `-m addrtype`. IPv6 compares classes of addresses where IPv4 looks up its routes; they agree for `local` and
 * `multicast` alone. Source: match_type6 in xt_addrtype.c.
 */
function lowerAddressType(tests: readonly XtablesOption[], context: XtablesRuleContext): Disjunction {
  const { line, family } = context;
  const interfacePart = tests.some(({ name }) => name === '--limit-iface-in') ? '.iif' : '';
  const typeTests = tests.filter(({ name }) => name.endsWith('-type'));
  const unknown = createUnknownMatch(`line ${line}: "-m addrtype" may match or not`);
  if (tests.some(({ name }) => name === '--limit-iface-out')) return unknown;
  return intersectAll(
    typeTests.map((test) => {
      const types = test.values[0]!.toLowerCase().split(',');
      if (family === 'ip6' && (types.length > 1 || !/^(local|multicast)$/.test(types[0]!))) return unknown;
      return toDisjunction(
        createSetCondition(
          getField(`fib ${test.name.startsWith('--src') ? 'saddr' : 'daddr'}${interfacePart} type`, family),
          types,
          test.negated,
        ),
        test,
        context,
      );
    }),
  );
}

/** Lowers `-m rpfilter`: whether answers would leave by the interface that a packet arrived on. */
function lowerReversePath(tests: readonly XtablesOption[], { line, family }: XtablesRuleContext): Disjunction {
  if (tests.some(({ name }) => name === '--loose' || name === '--accept-local'))
    return createUnknownMatch(`line ${line}: "-m rpfilter" may match or not`);
  const expectedRoute = tests.some(({ name }) => name === '--invert') ? 'missing' : 'exists';
  return [[createSetCondition(getField('fib saddr.iif oif', family), [expectedRoute], false)!]];
}
