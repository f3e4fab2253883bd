import { PROTOCOL } from '../../../../net/packet';
import { isExtensionField } from '../../../../parse/netfilter/fields';
import { NftStatement, NftTest, NftTranslation } from '../syntax-tree';
import { TableFamily } from '../../../../evaluator/ruleset-model';
import { parseAddressRange, parseNumberRange } from '../../../../parse/netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../../../../parse/netfilter/named-numbers';
import { getFamily } from '../../../../net/address';

type NetProtocol = 'ip' | 'ip6' | 'arp';

const TRANSPORT_PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: PROTOCOL.tcp,
  udp: PROTOCOL.udp,
  udplite: PROTOCOL.udplite,
  sctp: PROTOCOL.sctp,
  dccp: PROTOCOL.dccp,
  icmp: PROTOCOL.icmp,
  icmpv6: PROTOCOL.icmpv6,
  igmp: 2,
  ah: 51,
  esp: 50,
  comp: 108,
};
const NET_PROTOCOLS: Readonly<Record<string, NetProtocol>> = { ip: 'ip', ip6: 'ip6', arp: 'arp' };
const SINGLE_FAMILY_PROTOCOLS: Readonly<Record<string, NetProtocol>> = { icmp: 'ip', igmp: 'ip', icmpv6: 'ip6' };
const NET_PROTOCOL_WORDS: Readonly<Record<string, NetProtocol>> = { ipv4: 'ip', ipv6: 'ip6', ip: 'ip', ip6: 'ip6' };
const NET_FIELDS = new Set(['meta nfproto', 'ct l3proto', 'ether type']);
const TRANSPORT_FIELDS = new Set(['meta l4proto', 'ip protocol', 'ip6 nexthdr']);
const SESSION_PROTOCOL_FIELD = 'ct protocol';

/** One way of a session is of the protocols that the other is of. */
const removeDirection = (field: string): string => field.replace(/^ct (original|reply) (l3proto|protocol)$/, 'ct $2');

/**
 * Whether a rule has told by then what a way of rejecting is for, so that nft asks no more: `meta l4proto { udp, tcp } reject with tcp reset` drops datagrams,
 * too. Source: stmt_reject_gen_dependency in src/evaluate.c, 1.0.6.
 */
export const isProtocolKnown = (
  { fields: [impliedField] }: NftTest,
  earlier: readonly NftStatement[],
  family: TableFamily,
): boolean =>
  earlier.some((statement, index) => {
    if (statement.is !== 'test' || statement.fields.length > 1 || !isEqualityTest(statement)) return false;
    const field = removeDirection(statement.fields[0]!);
    if (impliedField !== 'meta l4proto') return NET_FIELDS.has(field);
    return (
      TRANSPORT_FIELDS.has(field) || (field === SESSION_PROTOCOL_FIELD && isNetKnown(earlier.slice(0, index), family))
    );
  });

function isNetKnown(earlier: readonly NftStatement[], family: TableFamily): boolean {
  const layers = new ProtocolLayers(family);
  for (const statement of earlier) layers.addStatement(statement);
  return layers.hasNet;
}

/** Whether nft takes the family for told by a list that ends with it, so that it asks any packet for what stands in that place: `meta nfproto { ipv6, ipv4 } ip saddr`. */
export const matchesEitherFamily = ({ fields }: NftTest, earlier: readonly NftStatement[]): boolean =>
  fields.some((field) => /^ip6? /.test(field)) &&
  earlier.some(
    (statement) =>
      statement.is === 'test' &&
      NET_FIELDS.has(removeDirection(statement.fields[0] ?? '')) &&
      isEqualityTest(statement) &&
      'elements' in statement.right &&
      statement.right.elements.length > 1,
  );

const isEqualityTest = ({ comparison, right, mask }: NftTest): boolean =>
  (comparison === '' || comparison === '==') && 'elements' in right && mask === undefined;

const NO_PORTS_MESSAGE = 'ports are translated of packets that may have none.';

/** Which protocols the statements of a rule have spoken of so far, as nft keeps them: it refuses rules that need two at once. */
export class ProtocolLayers {
  private net: NetProtocol | undefined;
  private transport: readonly number[] | undefined;
  /** Of which a field was asked. */
  private readHeader: number | undefined;
  /** It says of which protocol the session is, but of no family: of that nft takes no notice, and lists it without what told the family. */
  private hasSessionProtocol = false;

  constructor(private readonly family: TableFamily) {
    this.net = NET_PROTOCOLS[family];
  }

  get hasNet(): boolean {
    return this.net !== undefined;
  }

  private get hasProtocol(): boolean {
    return this.transport !== undefined || this.hasSessionProtocol;
  }

  /** What is wrong with one more statement, if anything. */
  addStatement(statement: NftStatement): string | undefined {
    switch (statement.is) {
      case 'test':
        return statement.implied === 'rejects'
          ? this.checkReject(statement)
          : (this.addFields(statement.fields) ?? this.addTest(statement));
      case 'choose':
      case 'has':
        return this.addFields(statement.fields);
      case 'translate':
        return this.checkTranslation(statement) ?? this.checkMapLookup(statement);
      default:
        return undefined;
    }
  }

  private addFields(fields: readonly string[]): string | undefined {
    for (const field of fields) {
      const space = field.indexOf(' ');
      const head = space < 0 ? field : field.slice(0, space);
      const isExtension = isExtensionField(field);
      if (isExtension && this.net === 'ip') return `"${field}" is asked of IPv4, which hasn't it.`;
      const net = isExtension ? 'ip6' : NET_PROTOCOLS[head];
      if (net !== undefined) {
        if (this.net !== undefined && this.net !== net) return `"${field}" is asked of packets that are ${this.net}.`;
        this.net = net;
      }
      const transport = TRANSPORT_PROTOCOLS[head];
      if (transport === undefined) continue;
      // Options are looked for in any packet, and nft lets them be, but that it leaves out what told the protocol before.
      if (/ (option|chunk) /.test(field)) continue;
      // Behind a list of protocols that says more, nft lists `th dport` as a port of the header that was asked before.
      const knownTransports = this.readHeader === undefined ? (this.transport ?? []) : [this.readHeader];
      if (knownTransports.some((protocolNumber) => protocolNumber !== transport))
        return `"${field}" is asked of packets of another protocol.`;
      // A protocol of one family asks for that family, but for what was asked for it already.
      if (this.transport === undefined) this.net ??= SINGLE_FAMILY_PROTOCOLS[head];
      this.transport = [transport];
      this.readHeader = transport;
    }
    return undefined;
  }

  /** A test for equality says which protocol follows. */
  private addTest(test: NftTest): undefined {
    const { fields, right } = test;
    const field = fields.length === 1 ? removeDirection(fields[0]!) : '';
    if (!isEqualityTest(test) || 'set' in right) return;
    const values = right.elements.map(({ key }) => key[0]!);
    // What a session is of says nothing more where the table is of one family.
    if (NET_FIELDS.has(field) && !(field === 'ct l3proto' && NET_PROTOCOLS[this.family])) {
      const nets = values.map((value) => NET_PROTOCOL_WORDS[value]);
      if (nets.every((net) => net === nets[0])) this.net = nets[0] ?? this.net;
    }
    if (field === SESSION_PROTOCOL_FIELD && this.net === undefined) this.hasSessionProtocol = true;
    else if (!TRANSPORT_FIELDS.has(field) && field !== SESSION_PROTOCOL_FIELD) return;
    else this.addProtocols(values);
  }

  private addProtocols(values: readonly string[]): void {
    const protocols = values.map((value) => parseNumberRange(value, NUMBERS_BY_NAME.protocol));
    if (protocols.every((range) => range !== undefined && range.first === range.last))
      this.transport = [...(this.transport ?? []), ...protocols.map((range) => range!.first)];
  }

  /** What `reject` asks of the packets that it gets. */
  private checkReject({ fields: [field], right }: NftTest): string | undefined {
    const value = 'elements' in right ? (right.elements[0]?.key[0] ?? '') : '';
    if (field === 'meta nfproto' && this.net !== undefined && NET_PROTOCOL_WORDS[value] !== this.net)
      return `it is rejected in a way that isn't for ${this.net}.`;
    // Of several the last one counts, and nft lists them in an order of its own.
    if (
      field === 'meta l4proto' &&
      this.transport?.every((protocolNumber) => protocolNumber !== NUMBERS_BY_NAME.protocol.get(value))
    )
      return 'it is rejected in a way that is for TCP alone.';
    return undefined;
  }

  /** What a map is asked for says of which protocol the packet is, but not before the map is asked. */
  private checkMapLookup({ to, port }: NftTranslation): string | undefined {
    if (!to || !('fields' in to)) return undefined;
    const clash = this.addFields(to.fields);
    const hasPorts =
      port !== undefined ||
      to.isPort ||
      ('elements' in to.map && to.map.elements.some(({ data }) => data?.length === 2));
    const isProtocolKnown =
      this.hasProtocol || (to.fields.length > 1 && to.fields.some((field) => TRANSPORT_FIELDS.has(field)));
    return clash ?? (hasPorts && !isProtocolKnown ? NO_PORTS_MESSAGE : undefined);
  }

  private checkTranslation({ family, to, kind }: NftTranslation): string | undefined {
    if (family !== undefined && this.net !== undefined && family !== this.net)
      return `a translation for ${family} gets packets that are ${this.net}.`;
    const targetFamily = family ?? this.net;
    const fixedTarget = to && !('fields' in to) ? to : undefined;
    const isToAddress = to?.address !== undefined || (to && 'fields' in to && !to.isPort);
    if (targetFamily === undefined && (kind === 'snat' || kind === 'dnat') && isToAddress)
      return 'a translation to an address doesn’t say of which family.';
    const range = to?.address === undefined ? undefined : parseAddressRange(to.address);
    if (range && getFamily(range.first) !== targetFamily)
      return 'a translation leads to an address of the other family.';
    const portText = fixedTarget?.port ?? (kind === 'redirect' && to ? '' : undefined);
    return portText !== undefined && !this.hasProtocol ? NO_PORTS_MESSAGE : undefined;
  }
}
