import { among } from '../../netfilter/conditions';
import { bitsOf, fieldNamed } from '../../netfilter/fields';
import { integer } from '../../netfilter/integers';
import { numberRange, ports } from '../../netfilter/values';
import { FLAGS, NUMBERS } from '../../netfilter/words';
import { Field } from '../../../evaluator/fields';
import { Condition } from '../../../evaluator/model';
import { ALWAYS, NEVER, Disjunction, all, anyOf, doubt, fact, member, opposite } from '../../../evaluator/disjunction';
import { lowerAddress } from './address';
import { lowerConntrack } from './conntrack';
import { SetsAsked } from '../../ipset/asked';
import { icmpNamed } from '../icmp-names';
import { lowerSet } from './set';
import { MATCHES } from '../matches';
import { shown } from '../../../problems/in-text';
import { Around, Match, Option } from '../rule';

type One = (test: Option, around: Around) => Disjunction;

/** What one match asks of a packet. What isn't known may hold or not: never "doesn't". */
export function lowerMatch({ module, tests }: Match, around: Around, sets: SetsAsked): Disjunction {
  switch (module) {
    case 'conntrack':
    case 'state':
      return lowerConntrack(tests, around);
    case 'set':
      return lowerSet(tests, around, sets);
    case 'recent':
      return recent(tests, around);
    case 'addrtype':
      return addressType(tests, around);
    case 'rpfilter':
      return reversePath(tests, around);
    case 'mark':
    case 'connmark':
      return all(tests.map((test) => mark(module === 'mark' ? 'meta mark' : 'ct mark')(test, around)));
    case 'comment':
      return ALWAYS;
  }
  if (module !== '' && !Object.hasOwn(MATCHES, module)) {
    const asked = Object.hasOwn(EXTENSIONS, module) ? [fieldNamed(EXTENSIONS[module]!, 'ip6')] : [];
    return doubt(`line ${around.line}: ${shown(`-m ${module}`)} may match or not`, ...asked);
  }
  return all(
    tests.map((test) => (Object.hasOwn(TESTS, test.name) ? TESTS[test.name]!(test, around) : unclear(test, around))),
  );
}

/** Of a header that only some packets of IPv6 have, or of options. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  rt: 'rt type',
  frag: 'frag id',
  hbh: 'hbh hdrlength',
  dst: 'dst hdrlength',
  tcpmss: 'tcp option maxseg size',
};

const unclear: One = ({ name }, { line }) => doubt(`line ${line}: ${shown(name)} may match or not`);
const unread: One = ({ name, values }, { line }) =>
  doubt(`line ${line}: ${shown(`${name} ${values.join(' ')}`)} is not understood`);
/** iptables-legacy takes it for what never is; iptables-nft leaves it out, so that the rest of the rule decides. Seen, 1.8.9. */
const leftOut: One = ({ name, values, negated }, { line }) =>
  doubt(
    `line ${line}: iptables-nft leaves out ${shown(`${negated ? '! ' : ''}${name} ${values.join(' ')}`)}, and iptables-legacy never matches it`,
  );
const given = (condition: Condition | undefined, test: Option, around: Around): Disjunction =>
  condition ? [[condition]] : unread(test, around);

/** `eth+` is every interface whose name begins so, `+` none that could be missing. */
const device =
  (name: 'iifname' | 'oifname'): One =>
  ({ values: [value = ''], negated }) => {
    const wild = value.endsWith('+');
    if (value === '+') return negated ? NEVER : ALWAYS;
    return [
      [
        member(
          fieldNamed(`meta ${name}`, 'inet'),
          [{ is: 'name', name: wild ? value.slice(0, -1) : value, wild }],
          negated,
        ),
      ],
    ];
  };

/** Where a protocol is asked for, its own port: other packets have none. */
const portField = (side: 'sport' | 'dport', { protocol, family }: Around): Field =>
  fieldNamed(
    `${protocol !== undefined && /^(tcp|udp|sctp|dccp|udplite)$/.test(protocol) ? protocol : 'th'} ${side}`,
    family,
  );

const port =
  (side: 'sport' | 'dport'): One =>
  (test, around) => {
    const isOfUdp = around.protocol === 'udp' && !test.name.endsWith('s');
    const values = test.values[0]!.split(',').map((text) => ports(isOfUdp ? inDecimal(text) : text));
    // Of these two iptables-nft makes no condition. Sctp, dccp and multiport are asked by the kernel's own extensions.
    const isOfTwo = (around.protocol === 'tcp' || around.protocol === 'udp') && !test.name.endsWith('s');
    if (
      test.negated &&
      isOfTwo &&
      values.some((one) => one?.is === 'numbers' && one.range.first === 0 && one.range.last === 65_535)
    )
      return leftOut(test, around);
    return given(
      values.every((one) => one !== undefined) ? member(portField(side, around), values, test.negated) : undefined,
      test,
      around,
    );
  };

/** The match of UDP alone reads `022` as 22, and takes 16 bits of what it reads. Seen, iptables 1.8.9. */
const inDecimal = (text: string): string => text.replaceAll(/\d+/g, (one) => `${Number(one) % 65_536}`);

/** `--ports`: either of the two. */
const eitherPort: One = (test, around) => {
  const values = test.values[0]!.split(',').map(ports);
  if (!values.every((one) => one !== undefined)) return unread(test, around);
  const sides = (['sport', 'dport'] as const).map((side) => member(portField(side, around), values));
  return test.negated ? [sides.map(opposite)] : anyOf(sides);
};

const flags: One = (test, around) => {
  const bits = test.values.map(flagBits);
  const [mask, wanted] = bits;
  if (mask === undefined || wanted === undefined) return unread(test, around);
  if (mask === 0 && (wanted === 0) === test.negated) return leftOut(test, around);
  return [[fact(fieldNamed('tcp flags', around.family), (value) => (value & mask) === wanted, test.negated)]];
};

function flagBits(text: string): number | undefined {
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

const mark =
  (field: 'meta mark' | 'ct mark'): One =>
  (test, around) => {
    const [value, mask = 0xffff_ffff] = test.values[0]!.split('/').map(integer);
    if (value === undefined) return unread(test, around);
    return [
      [fact(bitsOf(fieldNamed(field, around.family), mask), (its) => (its & mask) >>> 0 === value, test.negated)],
    ];
  };

const TESTS: Readonly<Record<string, One>> = {
  source: lowerAddress('saddr'),
  destination: lowerAddress('daddr'),
  in: device('iifname'),
  out: device('oifname'),
  protocol: (test, around) => {
    const value = test.values[0]!.toLowerCase();
    // By number it is any, and so it is by its names, `ip` and `hopopt`. Source: xtables_parse_protocol in libxtables/xtables.c.
    if (value === 'all' || numberRange(value, NUMBERS.protocol)?.last === 0) return test.negated ? NEVER : ALWAYS;
    return given(among(fieldNamed('meta l4proto', around.family), [value], test.negated), test, around);
  },
  fragment: ({ negated }, { family }) => [
    [fact(fieldNamed('ip frag-off', family), (value) => (value & 0x1fff) !== 0, negated)],
  ],
  ...Object.fromEntries(
    ['--sport', '--source-port', '--sports', '--source-ports'].map((name) => [name, port('sport')]),
  ),
  ...Object.fromEntries(
    ['--dport', '--destination-port', '--dports', '--destination-ports'].map((name) => [name, port('dport')]),
  ),
  '--ports': eitherPort,
  '--tcp-flags': flags,
  '--syn': (test, around) => flags({ ...test, values: ['FIN,SYN,RST,ACK', 'SYN'] }, around),
  '--icmp-type': (test, around) => icmpTypes('icmp', test, around),
  '--icmpv6-type': (test, around) => icmpTypes('icmpv6', test, around),
  '--src-range': lowerAddress('saddr'),
  '--dst-range': lowerAddress('daddr'),
  '--tcp-option': ({ name }, { line, family }) =>
    doubt(`line ${line}: ${shown(name)} may match or not`, fieldNamed('tcp option kind', family)),
  '--mac-source': ({ name }, { line, family }) =>
    doubt(`line ${line}: ${shown(name)} may match or not`, fieldNamed('ether saddr', family)),
  '--pkt-type': (test, around) => {
    const value = FLAGS['packet']!.get(test.values[0]!);
    return given(
      value === undefined
        ? undefined
        : fact(fieldNamed('meta pkttype', around.family), (its) => its === value, test.negated),
      test,
      around,
    );
  },
};

/** `8`, `3/4`, `echo-request`, `any`. */
function icmpTypes(
  kind: 'icmp' | 'icmpv6',
  { name, values: [value = ''], negated }: Option,
  { line, family }: Around,
): Disjunction {
  const [type = '', code] = (
    /^\d/.test(value) ? value : (icmpNamed(value, kind === 'icmp' ? 'ip' : 'ip6') ?? '')
  ).split('/');
  if (kind === 'icmp' && type === '255') return negated ? NEVER : ALWAYS;
  const field = fieldNamed(`${kind} type`, family);
  const [types, codes] = [
    numberRange(type, NUMBERS[kind]),
    code === undefined ? undefined : numberRange(code, NUMBERS[`${kind} code`]),
  ];
  if (!types || types.last > 255 || (code !== undefined && !codes))
    return doubt(`line ${line}: ${name} ${shown(value)} is not understood`, field);
  if (!codes) return [[member(field, [{ is: 'numbers', range: types }], negated)]];
  const tuple = { values: [types, codes].map((range) => ({ is: 'numbers', range }) as const), fleeting: false };
  return [
    [
      {
        is: 'member',
        fields: [field, fieldNamed(`${kind} code`, family)],
        members: { tuples: [tuple], learned: false },
        negated,
      },
    ],
  ];
}

/** To be put on a list is to match; whether a source is on one, only those know who came before. Source: recent_mt in xt_recent.c. */
function recent(tests: readonly Option[], { line }: Around): Disjunction {
  const set = tests.find(({ name }) => name === '--set');
  const asks = tests.some(({ name }) => /^--(rcheck|update|remove|rttl)$/.test(name));
  if (!set || asks) return doubt(`line ${line}: "-m recent" may match or not`);
  return set.negated ? NEVER : ALWAYS;
}

/** IPv6 knows classes of addresses where IPv4 asks its routes: of several they agree in two. Source: match_type6 in xt_addrtype.c. */
function addressType(tests: readonly Option[], around: Around): Disjunction {
  const { line, family } = around;
  const here = tests.some(({ name }) => name === '--limit-iface-in') ? '.iif' : '';
  const asked = tests.filter(({ name }) => name.endsWith('-type'));
  const perhaps = doubt(`line ${line}: "-m addrtype" may match or not`);
  if (tests.some(({ name }) => name === '--limit-iface-out')) return perhaps;
  return all(
    asked.map((test) => {
      const types = test.values[0]!.toLowerCase().split(',');
      if (family === 'ip6' && (types.length > 1 || !/^(local|multicast)$/.test(types[0]!))) return perhaps;
      return given(
        among(
          fieldNamed(`fib ${test.name.startsWith('--src') ? 'saddr' : 'daddr'}${here} type`, family),
          types,
          test.negated,
        ),
        test,
        around,
      );
    }),
  );
}

/** Whether answers would leave by the interface that a packet came by. */
function reversePath(tests: readonly Option[], { line, family }: Around): Disjunction {
  if (tests.some(({ name }) => name === '--loose' || name === '--accept-local'))
    return doubt(`line ${line}: "-m rpfilter" may match or not`);
  const back = tests.some(({ name }) => name === '--invert') ? 'missing' : 'exists';
  return [[among(fieldNamed('fib saddr.iif oif', family), [back], false)!]];
}
