import { PROTOCOL } from '../../../../net/packet';
import { isOfExtension } from '../../../../parse/netfilter/fields';
import { Statement, Test, Translate } from '../ruleset';
import { TableFamily } from '../../../../evaluator/model';
import { addressRange, numberRange } from '../../../../parse/netfilter/values';
import { NUMBERS } from '../../../../parse/netfilter/words';
import { familyOf } from '../../../../net/address';

type Net = 'ip' | 'ip6' | 'arp';

const TRANSPORTS: Readonly<Record<string, number>> = {
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
const NETS: Readonly<Record<string, Net>> = { ip: 'ip', ip6: 'ip6', arp: 'arp' };
const OF_ONE_FAMILY: Readonly<Record<string, Net>> = { icmp: 'ip', igmp: 'ip', icmpv6: 'ip6' };
const NET_WORDS: Readonly<Record<string, Net>> = { ipv4: 'ip', ipv6: 'ip6', ip: 'ip', ip6: 'ip6' };
const NET_FIELDS = new Set(['meta nfproto', 'ct l3proto', 'ether type']);
const TRANSPORT_FIELDS = new Set(['meta l4proto', 'ip protocol', 'ip6 nexthdr']);
const OF_SESSION = 'ct protocol';

/** One way of a session is of the protocols that the other is of. */
const eitherWay = (field: string): string => field.replace(/^ct (original|reply) (l3proto|protocol)$/, 'ct $2');

/**
 * Whether a rule has told by then what a way of rejecting is for, so that nft asks no more: `meta l4proto { udp, tcp } reject with tcp reset` drops datagrams,
 * too. Source: stmt_reject_gen_dependency in src/evaluate.c, 1.0.6.
 */
export const isTold = ({ fields: [asked] }: Test, before: readonly Statement[], family: TableFamily): boolean =>
  before.some((one, at) => {
    if (one.is !== 'test' || one.fields.length > 1 || !saysEqual(one)) return false;
    const field = eitherWay(one.fields[0]!);
    if (asked !== 'meta l4proto') return NET_FIELDS.has(field);
    return TRANSPORT_FIELDS.has(field) || (field === OF_SESSION && tellsNet(before.slice(0, at), family));
  });

function tellsNet(before: readonly Statement[], family: TableFamily): boolean {
  const layers = new Layers(family);
  for (const one of before) layers.after(one);
  return layers.isOfOneNet;
}

/** Whether nft takes the family for told by a list that ends with it, so that it asks any packet for what stands in that place: `meta nfproto { ipv6, ipv4 } ip saddr`. */
export const isOfEither = ({ fields }: Test, before: readonly Statement[]): boolean =>
  fields.some((field) => /^ip6? /.test(field)) &&
  before.some(
    (one) =>
      one.is === 'test' &&
      NET_FIELDS.has(eitherWay(one.fields[0] ?? '')) &&
      saysEqual(one) &&
      'elements' in one.right &&
      one.right.elements.length > 1,
  );

const saysEqual = ({ comparison, right, mask }: Test): boolean =>
  (comparison === '' || comparison === '==') && 'elements' in right && mask === undefined;

const WITHOUT_PORTS = 'ports are translated of packets that may have none.';

/** Which protocols the statements of a rule have spoken of so far, as nft keeps them: it refuses rules that need two at once. */
export class Layers {
  private net: Net | undefined;
  private transport: readonly number[] | undefined;
  /** Of which a field was asked. */
  private header: number | undefined;
  /** It says of which protocol the session is, but of no family: of that nft takes no notice, and lists it without what told the family. */
  private ofSession = false;

  constructor(private readonly family: TableFamily) {
    this.net = NETS[family];
  }

  get isOfOneNet(): boolean {
    return this.net !== undefined;
  }

  private get tells(): boolean {
    return this.transport !== undefined || this.ofSession;
  }

  /** What is wrong with one more statement, if anything. */
  after(statement: Statement): string | undefined {
    switch (statement.is) {
      case 'test':
        return statement.implied === 'rejects'
          ? this.rejected(statement)
          : (this.fields(statement.fields) ?? this.says(statement));
      case 'choose':
      case 'has':
        return this.fields(statement.fields);
      case 'translate':
        return this.translation(statement) ?? this.lookedUp(statement);
      default:
        return undefined;
    }
  }

  private fields(fields: readonly string[]): string | undefined {
    for (const field of fields) {
      const space = field.indexOf(' ');
      const head = space < 0 ? field : field.slice(0, space);
      const extends6 = isOfExtension(field);
      if (extends6 && this.net === 'ip') return `"${field}" is asked of IPv4, which hasn't it.`;
      const net = extends6 ? 'ip6' : NETS[head];
      if (net !== undefined) {
        if (this.net !== undefined && this.net !== net) return `"${field}" is asked of packets that are ${this.net}.`;
        this.net = net;
      }
      const transport = TRANSPORTS[head];
      if (transport === undefined) continue;
      // Options are looked for in any packet, and nft lets them be, but that it leaves out what told the protocol before.
      if (/ (option|chunk) /.test(field)) continue;
      // Behind a list of protocols that says more, nft lists `th dport` as a port of the header that was asked before.
      const told = this.header === undefined ? (this.transport ?? []) : [this.header];
      if (told.some((one) => one !== transport)) return `"${field}" is asked of packets of another protocol.`;
      // A protocol of one family asks for that family, but for what was asked for it already.
      if (this.transport === undefined) this.net ??= OF_ONE_FAMILY[head];
      this.transport = [transport];
      this.header = transport;
    }
    return undefined;
  }

  /** A test for equality says which protocol follows. */
  private says(test: Test): undefined {
    const { fields, right } = test;
    const field = fields.length === 1 ? eitherWay(fields[0]!) : '';
    if (!saysEqual(test) || 'set' in right) return;
    const values = right.elements.map(({ key }) => key[0]!);
    // What a session is of says nothing more where the table is of one family.
    if (NET_FIELDS.has(field) && !(field === 'ct l3proto' && NETS[this.family])) {
      const nets = values.map((value) => NET_WORDS[value]);
      if (nets.every((net) => net === nets[0])) this.net = nets[0] ?? this.net;
    }
    if (field === OF_SESSION && this.net === undefined) this.ofSession = true;
    else if (!TRANSPORT_FIELDS.has(field) && field !== OF_SESSION) return;
    else this.toldOf(values);
  }

  private toldOf(values: readonly string[]): void {
    const protocols = values.map((value) => numberRange(value, NUMBERS.protocol));
    if (protocols.every((one) => one !== undefined && one.first === one.last))
      this.transport = [...(this.transport ?? []), ...protocols.map((one) => one!.first)];
  }

  /** What `reject` asks of the packets that it gets. */
  private rejected({ fields: [field], right }: Test): string | undefined {
    const value = 'elements' in right ? (right.elements[0]?.key[0] ?? '') : '';
    if (field === 'meta nfproto' && this.net !== undefined && NET_WORDS[value] !== this.net)
      return `it is rejected in a way that isn't for ${this.net}.`;
    // Of several the last one counts, and nft lists them in an order of its own.
    if (field === 'meta l4proto' && this.transport?.every((one) => one !== NUMBERS.protocol.get(value)))
      return 'it is rejected in a way that is for TCP alone.';
    return undefined;
  }

  /** What a map is asked for says of which protocol the packet is, but not before the map is asked. */
  private lookedUp({ to, port }: Translate): string | undefined {
    if (!to || !('fields' in to)) return undefined;
    const clash = this.fields(to.fields);
    const ports =
      port !== undefined ||
      to.isPort ||
      ('elements' in to.map && to.map.elements.some(({ data }) => data?.length === 2));
    const told = this.tells || (to.fields.length > 1 && to.fields.some((field) => TRANSPORT_FIELDS.has(field)));
    return clash ?? (ports && !told ? WITHOUT_PORTS : undefined);
  }

  private translation({ family, to, kind }: Translate): string | undefined {
    if (family !== undefined && this.net !== undefined && family !== this.net)
      return `a translation for ${family} gets packets that are ${this.net}.`;
    const wanted = family ?? this.net;
    const literal = to && !('fields' in to) ? to : undefined;
    const isToAddress = to?.address !== undefined || (to && 'fields' in to && !to.isPort);
    if (wanted === undefined && (kind === 'snat' || kind === 'dnat') && isToAddress)
      return 'a translation to an address doesn’t say of which family.';
    const range = to?.address === undefined ? undefined : addressRange(to.address);
    if (range && familyOf(range.first) !== wanted) return 'a translation leads to an address of the other family.';
    const ports = literal?.port ?? (kind === 'redirect' && to ? '' : undefined);
    return ports !== undefined && !this.tells ? WITHOUT_PORTS : undefined;
  }
}
