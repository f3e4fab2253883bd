/**
 * The packet fields that rules of nftables and iptables compare, by nft's names. netfilter/ holds what the parsers of
 * these platforms share: fields, values, masks and conditions. It knows no device and no syntax of a whole text.
 */

import { TextInternTable } from '../../net/intern-tables';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketFact, PacketField, NumberWords } from '../../evaluator/packet-fields';
import { Condition, RuleAction, isDrop } from '../../evaluator/ruleset-model';

const createField = (
  name: string,
  looksAt: PacketField['looksAt'],
  options: Partial<PacketField> = {},
): PacketField => ({
  name,
  looksAt,
  ...options,
});
const createNumberSubject = (axis: 'protocol' | 'port' | 'sourcePort' | 'originalPort', words: NumberWords) =>
  ({ is: 'number', axis, words }) as const;
const createFactSubject = (name: PacketFact, words: string) => ({ is: 'fact', fact: name, words }) as const;
/**
 * Creates a field of a session's reply direction. Answers have the reversed header, so for them it compares their own
 * header before any translation (`reversed`).
 */
function createReplyField(
  part: string,
  looksAt: PacketField['looksAt'],
  reversed: PacketField['looksAt'],
  options: Partial<PacketField>,
): PacketField {
  const name = `ct reply ${part}`;
  const replyOptions = { ...options, session: 'reply' } as const;
  return createField(name, looksAt, { ...replyOptions, replyField: createField(name, reversed, replyOptions) });
}
const SESSION_PORT_OPTIONS = { tracked: true, protocols: PROTOCOLS_WITH_PORTS, mayMatchOthers: true } as const;

function* generateFields(): Generator<PacketField> {
  for (const [head, family] of [
    ['ip', 'ip'],
    ['ip6', 'ip6'],
  ] as const) {
    yield createField(`${head} saddr`, { is: 'address', axis: 'source' }, { family });
    yield createField(`${head} daddr`, { is: 'address', axis: 'destination' }, { family });
    const options = { family, tracked: true };
    yield createField(
      `ct original ${head} saddr`,
      { is: 'address', axis: 'source' },
      { ...options, session: 'original' },
    );
    yield createField(
      `ct original ${head} daddr`,
      { is: 'address', axis: 'originalDestination' },
      { ...options, session: 'original' },
    );
    yield createReplyField(
      `${head} saddr`,
      { is: 'address', axis: 'destination' },
      { is: 'address', axis: 'source' },
      options,
    );
    yield createReplyField(
      `${head} daddr`,
      { is: 'address', axis: 'source' },
      { is: 'address', axis: 'originalDestination' },
      options,
    );
  }
  for (const [head, protocol] of Object.entries({
    tcp: PROTOCOL.tcp,
    udp: PROTOCOL.udp,
    sctp: PROTOCOL.sctp,
    dccp: PROTOCOL.dccp,
    udplite: PROTOCOL.udplite,
  })) {
    yield createField(`${head} dport`, createNumberSubject('port', 'port'), { protocols: [protocol] });
    yield createField(`${head} sport`, createNumberSubject('sourcePort', 'port'), { protocols: [protocol] });
  }
  yield createField('th dport', createNumberSubject('port', 'port'), {
    protocols: PROTOCOLS_WITH_PORTS,
    mayMatchOthers: true,
  });
  yield createField('th sport', createNumberSubject('sourcePort', 'port'), {
    protocols: PROTOCOLS_WITH_PORTS,
    mayMatchOthers: true,
  });
  for (const [head, protocol] of [
    ['icmp', PROTOCOL.icmp],
    ['icmpv6', PROTOCOL.icmpv6],
  ] as const) {
    const family = head === 'icmp' ? 'ip' : 'ip6';
    for (const [part, axis, words] of [
      ['type', 'port', head],
      ['code', 'sourcePort', `${head} code`],
    ] as const) {
      yield createField(`${head} ${part}`, createNumberSubject(axis, words), { family, protocols: [protocol] });
      yield createField(`${head} ${part} of either family`, createNumberSubject(axis, words), {
        protocols: [protocol],
      });
    }
  }
  yield createField('meta l4proto', createNumberSubject('protocol', 'protocol'));
  yield createField('ip protocol', createNumberSubject('protocol', 'protocol'), { family: 'ip' });
  yield createField('ip6 nexthdr', createNumberSubject('protocol', 'protocol'), { family: 'ip6', first: true });
  yield createField('ip version', createFactSubject('four', 'none'), { family: 'ip' });
  yield createField('ip6 version', createFactSubject('six', 'none'), { family: 'ip6' });
  yield createField('meta nfproto', { is: 'family', words: 'family' });
  yield createField('meta protocol', { is: 'family', words: 'ethertype' });
  yield createField('ether type', { is: 'family', words: 'ethertype' }, { link: true });
  for (const [name, side] of [
    ['iif', 'in'],
    ['iifname', 'in'],
    ['oif', 'out'],
    ['oifname', 'out'],
  ] as const)
    yield createField(`meta ${name}`, { is: 'interface', side });
  yield createField('ct state', createFactSubject('state', 'state'));
  yield createField('ct status', createFactSubject('status', 'status'), { tracked: true });
  yield createField('ct direction', createFactSubject('direction', 'direction'), { tracked: true });
  yield createField('ct mark', createFactSubject('ct mark', 'none'), { tracked: true });
  yield createField('ct original proto-src', createNumberSubject('sourcePort', 'port'), {
    ...SESSION_PORT_OPTIONS,
    session: 'original',
  });
  yield createField('ct original proto-dst', createNumberSubject('originalPort', 'port'), {
    ...SESSION_PORT_OPTIONS,
    session: 'original',
  });
  yield createReplyField(
    'proto-src',
    createNumberSubject('port', 'port'),
    createNumberSubject('sourcePort', 'port'),
    SESSION_PORT_OPTIONS,
  );
  yield createReplyField(
    'proto-dst',
    createNumberSubject('sourcePort', 'port'),
    createNumberSubject('originalPort', 'port'),
    SESSION_PORT_OPTIONS,
  );
  for (const way of ['', 'original ', 'reply ']) {
    yield createField(`ct ${way}protocol`, createNumberSubject('protocol', 'protocol'), {
      tracked: true,
      session: 'either',
    });
    yield createField(`ct ${way}l3proto`, { is: 'family', words: 'family' }, { tracked: true });
  }
  yield createField('meta mark', createFactSubject('mark', 'none'));
  yield createField('meta pkttype', createFactSubject('packet type', 'packet'));
  yield createField('tcp flags', createFactSubject('tcp flags', 'tcp'), { protocols: [PROTOCOL.tcp] });
  yield createField('segment of TCP', createNumberSubject('port', 'port'), { protocols: [PROTOCOL.tcp] });
  yield createField('ip frag-off', createFactSubject('part', 'none'), { family: 'ip' });
  yield createField('exthdr frag', createFactSubject('part of six', 'presence'), { family: 'ip6' });
  yield createField('room in a set', createFactSubject('room', 'none'));
}

const FIELDS: ReadonlyMap<string, PacketField> = new Map([...generateFields()].map((field) => [field.name, field]));

/** nft and its kernel treat `@th,16,16` like `th dport`, and print it so. */
const FIELD_ALIASES: Readonly<Record<string, string>> = { '@th,0,16': 'th sport', '@th,16,16': 'th dport' };

/** Returns the field of that name. `table` gives `ct original daddr` of old texts its family. */
export function getField(name: string, table: string): PacketField {
  const fullName =
    table === 'ip' || table === 'ip6' ? name.replace(/^(ct (?:original|reply)) ([sd]addr)$/, `$1 ${table} $2`) : name;
  return (
    FIELDS.get(FIELD_ALIASES[fullName] ?? fullName) ??
    findRouteField(name) ?? {
      name,
      looksAt: { is: 'unmodelled', isAlwaysPresent: ALWAYS_PRESENT.test(name) },
      ...deriveFieldScope(name),
    }
  );
}

/**
 * Returns the field for `icmp type` behind `meta l4proto icmp`. nft doesn't repeat a test that the rule already has, so
 * packets of the other family match, too. Source: `nft --debug=netlink`, 1.0.6.
 */
export const toEitherFamily = (field: PacketField): PacketField =>
  FIELDS.get(`${field.name} of either family`) ?? field;

/** Returns the field for `fib saddr . iif oif`, in any order of its parts. Routing by marks isn't evaluated. */
function findRouteField(name: string): PacketField | undefined {
  const [, from = '', result = ''] = /^fib ([a-z.]+) (oif|oifname|type)$/.exec(name) ?? [];
  const parts = from.split('.').filter((part) => part !== 'mark');
  const addressPart = parts.filter((part) => part !== 'iif').join('.');
  const isPerInterface = parts.includes('iif');
  const axis = addressPart === 'saddr' ? 'source' : addressPart === 'daddr' ? 'destination' : undefined;
  if (axis && result === 'type') return { name, looksAt: { is: 'routed', axis, isPerInterface } };
  return axis === 'source' && isPerInterface ? { name, looksAt: { is: 'returns' } } : undefined;
}

/**
 * Returns whether a field belongs to an extension of the IPv6 header. `rt nexthop` is a property of the route that a
 * packet takes.
 */
export function isExtensionField(name: string): boolean {
  const head = name.slice(0, name.indexOf(' '));
  return EXTENSIONS.has(head) || (head === 'rt' && /^rt (type|nexthdr|hdrlength|seg-left)$/.test(name));
}
const EXTENSIONS: ReadonlySet<string> = new Set(['rt0', 'rt2', 'srh', 'hbh', 'dst', 'mh', 'frag', 'auth', 'exthdr']);
/** Matches fields that every packet has, whatever their value. */
const ALWAYS_PRESENT =
  /^(numgen .*|symhash .*|ip6? [a-z-]+|meta (mark|priority|length|protocol|nftrace|cpu|random|time|day|hour))$/;
const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = {
  ...PROTOCOL,
  igmp: 2,
  gre: 47,
  ah: 51,
  esp: 50,
  comp: 108,
};

/** Returns which packets have a field of which nothing else is known. */
function deriveFieldScope(name: string): Partial<PacketField> {
  const [head = '', part] = name.split(' ');
  if (head === 'tcp' && part === 'option') return { protocols: [PROTOCOL.tcp], extension: true };
  if (head === 'ip' || head === 'ip6') return { family: head, ...(part === 'option' ? { extension: true } : {}) };
  if (head === 'rt' && (part === 'ip' || part === 'ip6')) return { family: part };
  // `exthdr rt missing` is tested on all packets.
  if (isExtensionField(name)) return { family: 'ip6', ...(head === 'exthdr' ? {} : { extension: true }) };
  if (head === 'ether') return { link: true };
  if (head === 'ct') return { tracked: true };
  const protocol = PROTOCOL_NUMBERS[head];
  if (protocol === undefined || part === 'option') return {};
  return {
    protocols: [protocol],
    ...(head === 'icmp' ? { family: 'ip' } : head === 'icmpv6' ? { family: 'ip6' } : {}),
  };
}

/**
 * Returns whether a rule drops packets by a header extension. `rt type 0 drop` says nothing of packets without that
 * header, and a query is only about these: a sender chooses its options, too.
 */
export const isExtensionDrop = (conditions: readonly Condition[], end: RuleAction | undefined): boolean =>
  isDrop(end) &&
  conditions.some((condition) => condition.is === 'doubt' && condition.fields.some(({ extension }) => extension));

const maskedFields = new TextInternTable<PacketField, PacketField>();

/** Returns the field for these bits of a mark; for a field that is no mark, the field itself. */
export const maskField = (field: PacketField, bits: number): PacketField =>
  field.looksAt.is === 'fact' && (field.looksAt.fact === 'mark' || field.looksAt.fact === 'ct mark')
    ? maskedFields.getOrCreate(field, `${bits}`, () => ({
        ...field,
        looksAt: { ...field.looksAt, bits } as PacketField['looksAt'],
      }))
    : field;
