// Tracks which protocols the statements of an nftables rule have established, as nft does (class `ProtocolLayers`),
// and finds contradictions that nft refuses: `ip6 saddr` behind `ip saddr`, a port translation without a protocol.

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

/** Returns the field without its direction: both directions of a session have the same protocols. */
const removeDirection = (field: string): string => field.replace(/^ct (original|reply) (l3proto|protocol)$/, 'ct $2');

/**
 * Returns whether earlier tests of the rule tell the protocol that a reject type needs. nft then adds no test of its
 * own: `meta l4proto { udp, tcp } reject with tcp reset` drops datagrams, too. Source: stmt_reject_gen_dependency in
 * src/evaluate.c, 1.0.6.
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

/**
 * Returns whether nft takes the family as known after a list that ends with it. It then compares the bytes at that
 * place in packets of any family: `meta nfproto { ipv6, ipv4 } ip saddr`.
 */
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

/**
 * Tracks the protocols that a rule's statements have named so far, as nft does. nft refuses rules that need two at
 * once.
 */
export class ProtocolLayers {
  private net: NetProtocol | undefined;
  private transport: readonly number[] | undefined;
  /** The protocol whose header field the rule has matched. */
  private readHeader: number | undefined;
  /**
   * True if the rule tests the session's protocol while its family is unknown. nft takes no notice of such a test, and
   * lists it without the test that told the family.
   */
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

  /** Adds a statement. Returns what is wrong with it, if anything. */
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
      // nft looks for options in any packet and allows them. But it leaves out the test that told the protocol.
      if (/ (option|chunk) /.test(field)) continue;
      // Behind a list of further protocols nft lists `th dport` as a port of the header that was matched before.
      const knownTransports = this.readHeader === undefined ? (this.transport ?? []) : [this.readHeader];
      if (knownTransports.some((protocolNumber) => protocolNumber !== transport))
        return `"${field}" is asked of packets of another protocol.`;
      // A protocol of one family requires that family, unless a protocol is known already.
      if (this.transport === undefined) this.net ??= SINGLE_FAMILY_PROTOCOLS[head];
      this.transport = [transport];
      this.readHeader = transport;
    }
    return undefined;
  }

  /** Adds a test. A test for equality tells the protocol that follows. */
  private addTest(test: NftTest): undefined {
    const { fields, right } = test;
    const field = fields.length === 1 ? removeDirection(fields[0]!) : '';
    if (!isEqualityTest(test) || 'set' in right) return;
    const values = right.elements.map(({ key }) => key[0]!);
    // The session's family tells nothing new in a table of one family.
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

  /** Returns what is wrong with the packets that `reject` gets, if anything. */
  private checkReject({ fields: [field], right }: NftTest): string | undefined {
    const value = 'elements' in right ? (right.elements[0]?.key[0] ?? '') : '';
    if (field === 'meta nfproto' && this.net !== undefined && NET_PROTOCOL_WORDS[value] !== this.net)
      return `it is rejected in a way that isn't for ${this.net}.`;
    // Of several protocols the last counts, and nft lists them in its own order.
    if (
      field === 'meta l4proto' &&
      this.transport?.every((protocolNumber) => protocolNumber !== NUMBERS_BY_NAME.protocol.get(value))
    )
      return 'it is rejected in a way that is for TCP alone.';
    return undefined;
  }

  /**
   * Returns what is wrong with a translation by a map. The map's fields tell the packet's protocol, but only once the
   * map is looked up.
   */
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
