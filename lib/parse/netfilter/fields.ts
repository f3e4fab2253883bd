import { Told } from '../../net/interned';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { Fact, Field, NumberWords } from '../../evaluator/fields';
import { Condition, End, isDrop } from '../../evaluator/model';

const named = (name: string, looksAt: Field['looksAt'], rest: Partial<Field> = {}): Field => ({
  name,
  looksAt,
  ...rest,
});
const number = (axis: 'protocol' | 'port' | 'sourcePort' | 'originalPort', words: NumberWords) =>
  ({ is: 'number', axis, words }) as const;
const fact = (name: Fact, words: string) => ({ is: 'fact', fact: name, words }) as const;
/** Answers are to a first packet what it is turned round: what they are before any translation is what they look for. */
function reply(part: string, looksAt: Field['looksAt'], turned: Field['looksAt'], of: Partial<Field>): Field {
  const name = `ct reply ${part}`;
  const rest = { ...of, session: 'reply' } as const;
  return named(name, looksAt, { ...rest, answers: named(name, turned, rest) });
}
const PORTS_OF_SESSION = { tracked: true, protocols: PROTOCOLS_WITH_PORTS, blind: true } as const;

function* everyField(): Generator<Field> {
  for (const [head, family] of [
    ['ip', 'ip'],
    ['ip6', 'ip6'],
  ] as const) {
    yield named(`${head} saddr`, { is: 'address', axis: 'source' }, { family });
    yield named(`${head} daddr`, { is: 'address', axis: 'destination' }, { family });
    const of = { family, tracked: true };
    yield named(`ct original ${head} saddr`, { is: 'address', axis: 'source' }, { ...of, session: 'original' });
    yield named(
      `ct original ${head} daddr`,
      { is: 'address', axis: 'originalDestination' },
      { ...of, session: 'original' },
    );
    yield reply(`${head} saddr`, { is: 'address', axis: 'destination' }, { is: 'address', axis: 'source' }, of);
    yield reply(`${head} daddr`, { is: 'address', axis: 'source' }, { is: 'address', axis: 'originalDestination' }, of);
  }
  for (const [head, protocol] of Object.entries({
    tcp: PROTOCOL.tcp,
    udp: PROTOCOL.udp,
    sctp: PROTOCOL.sctp,
    dccp: PROTOCOL.dccp,
    udplite: PROTOCOL.udplite,
  })) {
    yield named(`${head} dport`, number('port', 'port'), { protocols: [protocol] });
    yield named(`${head} sport`, number('sourcePort', 'port'), { protocols: [protocol] });
  }
  yield named('th dport', number('port', 'port'), { protocols: PROTOCOLS_WITH_PORTS, blind: true });
  yield named('th sport', number('sourcePort', 'port'), { protocols: PROTOCOLS_WITH_PORTS, blind: true });
  for (const [head, protocol] of [
    ['icmp', PROTOCOL.icmp],
    ['icmpv6', PROTOCOL.icmpv6],
  ] as const) {
    const family = head === 'icmp' ? 'ip' : 'ip6';
    for (const [part, axis, words] of [
      ['type', 'port', head],
      ['code', 'sourcePort', `${head} code`],
    ] as const) {
      yield named(`${head} ${part}`, number(axis, words), { family, protocols: [protocol] });
      yield named(`${head} ${part} of either family`, number(axis, words), { protocols: [protocol] });
    }
  }
  yield named('meta l4proto', number('protocol', 'protocol'));
  yield named('ip protocol', number('protocol', 'protocol'), { family: 'ip' });
  yield named('ip6 nexthdr', number('protocol', 'protocol'), { family: 'ip6', first: true });
  yield named('ip version', fact('four', 'none'), { family: 'ip' });
  yield named('ip6 version', fact('six', 'none'), { family: 'ip6' });
  yield named('meta nfproto', { is: 'family', words: 'family' });
  yield named('meta protocol', { is: 'family', words: 'ethertype' });
  yield named('ether type', { is: 'family', words: 'ethertype' }, { link: true });
  for (const [name, side] of [
    ['iif', 'in'],
    ['iifname', 'in'],
    ['oif', 'out'],
    ['oifname', 'out'],
  ] as const)
    yield named(`meta ${name}`, { is: 'interface', side });
  yield named('ct state', fact('state', 'state'));
  yield named('ct status', fact('status', 'status'), { tracked: true });
  yield named('ct direction', fact('direction', 'direction'), { tracked: true });
  yield named('ct mark', fact('ct mark', 'none'), { tracked: true });
  yield named('ct original proto-src', number('sourcePort', 'port'), { ...PORTS_OF_SESSION, session: 'original' });
  yield named('ct original proto-dst', number('originalPort', 'port'), { ...PORTS_OF_SESSION, session: 'original' });
  yield reply('proto-src', number('port', 'port'), number('sourcePort', 'port'), PORTS_OF_SESSION);
  yield reply('proto-dst', number('sourcePort', 'port'), number('originalPort', 'port'), PORTS_OF_SESSION);
  for (const way of ['', 'original ', 'reply ']) {
    yield named(`ct ${way}protocol`, number('protocol', 'protocol'), { tracked: true, session: 'either' });
    yield named(`ct ${way}l3proto`, { is: 'family', words: 'family' }, { tracked: true });
  }
  yield named('meta mark', fact('mark', 'none'));
  yield named('meta pkttype', fact('packet type', 'packet'));
  yield named('tcp flags', fact('tcp flags', 'tcp'), { protocols: [PROTOCOL.tcp] });
  yield named('segment of TCP', number('port', 'port'), { protocols: [PROTOCOL.tcp] });
  yield named('ip frag-off', fact('part', 'none'), { family: 'ip' });
  yield named('exthdr frag', fact('part of six', 'presence'), { family: 'ip6' });
  yield named('room in a set', fact('room', 'none'));
}

const FIELDS: ReadonlyMap<string, Field> = new Map([...everyField()].map((field) => [field.name, field]));

/** nft and its kernel see no more in `@th,16,16` than in `th dport`, and print it so. */
const OTHER_NAMES: Readonly<Record<string, string>> = { '@th,0,16': 'th sport', '@th,16,16': 'th dport' };

/** The field of that name; `table` gives `ct original daddr` of old texts its family. */
export function fieldNamed(name: string, table: string): Field {
  const old =
    table === 'ip' || table === 'ip6' ? name.replace(/^(ct (?:original|reply)) ([sd]addr)$/, `$1 ${table} $2`) : name;
  return (
    FIELDS.get(OTHER_NAMES[old] ?? old) ??
    routedField(name) ?? { name, looksAt: { is: 'unmodelled', always: ALWAYS.test(name) }, ...havers(name) }
  );
}

/**
 * `icmp type` behind `meta l4proto icmp`: what the rule said already nft doesn't ask again, so that packets of the other family have it, too.
 * Source: `nft --debug=netlink`, 1.0.6.
 */
export const ofEitherFamily = (field: Field): Field => FIELDS.get(`${field.name} of either family`) ?? field;

/** `fib saddr . iif oif`, in any order of its parts. Routing by marks isn't asked. */
function routedField(name: string): Field | undefined {
  const [, from = '', result = ''] = /^fib ([a-z.]+) (oif|oifname|type)$/.exec(name) ?? [];
  const parts = from.split('.').filter((part) => part !== 'mark');
  const asked = parts.filter((part) => part !== 'iif').join('.');
  const here = parts.includes('iif');
  const axis = asked === 'saddr' ? 'source' : asked === 'daddr' ? 'destination' : undefined;
  if (axis && result === 'type') return { name, looksAt: { is: 'routed', axis, here } };
  return axis === 'source' && here ? { name, looksAt: { is: 'returns' } } : undefined;
}

/** A field of an extension of the IPv6 header; `rt nexthop` is of the route that a packet takes. */
export function isOfExtension(name: string): boolean {
  const head = name.slice(0, name.indexOf(' '));
  return EXTENSIONS.has(head) || (head === 'rt' && /^rt (type|nexthdr|hdrlength|seg-left)$/.test(name));
}
const EXTENSIONS: ReadonlySet<string> = new Set(['rt0', 'rt2', 'srh', 'hbh', 'dst', 'mh', 'frag', 'exthdr']);
/** Which packets have for sure, whatever it says. */
const ALWAYS =
  /^(numgen .*|symhash .*|ip6? [a-z-]+|meta (mark|priority|length|protocol|nftrace|cpu|random|time|day|hour))$/;
const PROTOCOL_OF: Readonly<Record<string, number>> = { ...PROTOCOL, igmp: 2, gre: 47, ah: 51, esp: 50, comp: 108 };

/** Which packets have a field of which nothing else is known. */
function havers(name: string): Partial<Field> {
  const [head = '', part] = name.split(' ');
  if (head === 'tcp' && part === 'option') return { protocols: [PROTOCOL.tcp], extension: true };
  if (head === 'ip' || head === 'ip6') return { family: head, ...(part === 'option' ? { extension: true } : {}) };
  if (head === 'rt' && (part === 'ip' || part === 'ip6')) return { family: part };
  // `exthdr rt missing` is asked of all packets.
  if (isOfExtension(name)) return { family: 'ip6', ...(head === 'exthdr' ? {} : { extension: true }) };
  if (head === 'ether') return { link: true };
  if (head === 'ct') return { tracked: true };
  const protocol = PROTOCOL_OF[head];
  if (protocol === undefined || part === 'option') return {};
  return {
    protocols: [protocol],
    ...(head === 'icmp' ? { family: 'ip' } : head === 'icmpv6' ? { family: 'ip6' } : {}),
  };
}

/** `rt type 0 drop` says nothing of packets without that header, and nobody asks about others: who sends it chooses its options, too. */
export const dropsExtension = (conditions: readonly Condition[], end: End | undefined): boolean =>
  isDrop(end) && conditions.some((one) => one.is === 'doubt' && one.fields.some(({ extension }) => extension));

const ofBits = new Told<Field, Field>();

/** These bits of a mark; of what isn't one, itself. */
export const bitsOf = (field: Field, bits: number): Field =>
  field.looksAt.is === 'fact' && (field.looksAt.fact === 'mark' || field.looksAt.fact === 'ct mark')
    ? ofBits.of(field, `${bits}`, () => ({ ...field, looksAt: { ...field.looksAt, bits } as Field['looksAt'] }))
    : field;
