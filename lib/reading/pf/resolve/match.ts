import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Block, PROTOCOL } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { PfMatch } from '../model';
import { FilterText, IcmpText, InterfaceText, MatchText, PfText, PortText, TranslationText } from '../text/text';
import { Addresses, Known, PfSurroundings, reasons } from './addresses';

/** The match of a rule on this device; undefined where it matches nothing. */
export type Resolved = Pick<PfMatch, 'line' | 'on' | 'packets' | 'perhaps'>;

interface Where {
  readonly on: PfMatch['on'];
  readonly doubts: readonly string[];
}

interface Alone extends Where {
  readonly sure: PacketSet;
  readonly widest: PacketSet;
  readonly reasons: readonly string[];
}

const NONE: readonly string[] = [];
const EVERYWHERE: Where = { on: 'any', doubts: NONE };

/** Where both hold. */
const narrowed = (a: Alone, b: Alone | undefined): Alone | undefined =>
  b && {
    on: both(a.on, b.on),
    doubts: [...b.doubts, ...a.doubts],
    sure: a.sure.within(b.sure),
    widest: a.widest.within(b.widest),
    reasons: [...b.reasons, ...a.reasons],
  };

const WITH_PORTS: readonly NumberRange[] = [PROTOCOL.tcp, PROTOCOL.udp].map((one) => ({ first: one, last: one }));
const ICMP: Readonly<Record<Family, number>> = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };

/** Turns matches into sets of packets. Texts of many rules say the same ones again and again. */
export class Matches {
  readonly addresses: Addresses;
  private readonly led = new Map<string, PacketSet>();
  private readonly places = new Map<string, Where>();

  constructor(
    private readonly text: Pick<PfText, 'tables' | 'tags'>,
    private readonly around: PfSurroundings,
  ) {
    this.addresses = new Addresses(text, around);
  }

  of(match: MatchText): Resolved | undefined {
    let all = this.alone(match);
    for (const outer of match.within) all = all && narrowed(all, this.alone(outer));
    if (!all || all.widest.isEmpty || (all.on !== 'any' && 'is' in all.on && all.on.is.length === 0)) return undefined;
    const { on, doubts, widest } = all;
    const { line } = match;
    const packets = doubts.length > 0 ? PacketMap.NONE : all.sure;
    if ((doubts.length === 0 && all.reasons.length === 0) || packets.equals(widest)) return { line, on, packets };
    const because = [...new Set([...doubts, ...all.reasons])].join('; ');
    return { line, on, packets, perhaps: { packets: widest.apartFrom(packets), because } };
  }

  /** Apart from the anchors that it stands in. */
  private alone(match: MatchText): Alone | undefined {
    const { tagged } = match;
    if (match.never || (tagged && !tagged.not && !this.text.tags.has(tagged.tag))) return undefined;
    const where = this.where(match);
    const { sure, widest, because } = this.packets(match);
    return {
      on: where.on,
      doubts: where.doubts.length > 0 ? [...where.doubts, ...this.doubtsOf(match)] : this.doubtsOf(match),
      sure,
      widest: tagged ? widest.within(this.ledThere(match)) : widest,
      reasons: because === '' ? NONE : [because],
    };
  }

  private doubtsOf({ doubts, tagged }: MatchText): readonly string[] {
    const asks = tagged && this.text.tags.has(tagged.tag);
    return asks ? [...doubts, `which packets are tagged ${tagged.tag} is not followed`] : doubts;
  }

  /** What is tagged by redirects alone has a destination that one of them leads to. */
  private ledThere({ tagged }: MatchText): PacketSet {
    if (!tagged || tagged.not) return PacketMap.ALL;
    let found = this.led.get(tagged.tag);
    if (!found) this.led.set(tagged.tag, (found = this.ledBy(this.text.tags.get(tagged.tag) ?? [])));
    return found;
  }

  private ledBy(setters: readonly (FilterText | TranslationText)[]): PacketSet {
    const targets = setters.flatMap((rule) => (rule.is === 'rdr' && rule.target ? [rule.target.hosts] : []));
    if (targets.length === 0 || targets.length < setters.length) return PacketMap.ALL;
    const known = targets.map((hosts) => this.addresses.of(hosts, 'destination'));
    return PacketMap.set({ destination: known.flatMap(({ sure, perhaps }) => [...sure, ...perhaps]) });
  }

  private where({ on }: MatchText): Where {
    if (on === undefined) return EVERYWHERE;
    const [only] = on;
    if (!only || on.length > 1) return this.placed(on);
    const key = only.not ? `! ${only.name}` : only.name;
    let found = this.places.get(key);
    if (!found) this.places.set(key, (found = this.placed(on)));
    return found;
  }

  private placed(on: readonly InterfaceText[]): Where {
    const is = new Set<string>();
    let but: ReadonlySet<string> | undefined;
    for (const { not, name } of on) {
      const names = this.around.named(name);
      if (!names) {
        const doubts = [`which interfaces ${name} stands for is not told`];
        return { on: not || on.length > 1 ? 'any' : { is: this.around.mayBeIn(name) }, doubts };
      }
      if (!not) for (const one of names) is.add(one);
      // All but these, or all but those: all but what is in both.
      else but = new Set(names.filter((one) => but === undefined || but.has(one)));
    }
    if (but === undefined) return { on: { is: [...is] }, doubts: [] };
    const left = [...but].filter((one) => !is.has(one));
    return { on: left.length === 0 ? 'any' : { but: left }, doubts: [] };
  }

  private packets(match: MatchText): { readonly sure: PacketSet; readonly widest: PacketSet; readonly because: string } {
    const from = this.addresses.of(match.from.hosts, 'source');
    const to = this.addresses.of(match.to.hosts, 'destination');
    const fromPorts = portsOf(match.from.ports);
    const toPorts = portsOf(match.to.ports);
    const sure = packetsOf(match, from.sure, to.sure, fromPorts?.sure, toPorts?.sure);
    if (isSure(from) && isSure(to) && isSure(fromPorts) && isSure(toPorts)) return { sure, widest: sure, because: '' };
    const either = <R>(part: { readonly sure: readonly R[]; readonly perhaps: readonly R[] }): readonly R[] => [
      ...part.sure,
      ...part.perhaps,
    ];
    const widest = packetsOf(match, either(from), either(to), fromPorts && either(fromPorts), toPorts && either(toPorts));
    const ports = [fromPorts, toPorts].map((part) => part?.because ?? '');
    const because = [reasons([from, to]), ...ports].filter((one) => one !== '').join('; ');
    return { sure, widest, because };
  }
}

const isSure = (part: { readonly perhaps: readonly unknown[] } | undefined): boolean => part === undefined || part.perhaps.length === 0;

interface KnownPorts {
  readonly sure: readonly NumberRange[];
  readonly perhaps: readonly NumberRange[];
  readonly because: string;
}

function portsOf(ports: readonly PortText[] | undefined): KnownPorts | undefined {
  if (ports === undefined) return undefined;
  const doubtful = ports.filter(({ because }) => because !== undefined);
  if (doubtful.length === 0)
    return { sure: ports.length === 1 ? ports[0]!.ranges : ports.flatMap(({ ranges }) => ranges), perhaps: [], because: '' };
  return {
    sure: ports.filter(({ because }) => because === undefined).flatMap(({ ranges }) => ranges),
    perhaps: doubtful.flatMap(({ ranges }) => ranges),
    because: [...new Set(doubtful.map(({ because }) => because))].join('; '),
  };
}

function packetsOf(
  { family, protocols, icmp }: MatchText,
  source: Known['sure'],
  destination: Known['sure'],
  sourcePort: readonly NumberRange[] | undefined,
  port: readonly NumberRange[] | undefined,
): PacketSet {
  if ([source, destination, sourcePort, port].some((ranges) => ranges?.length === 0)) return PacketMap.NONE;
  const numbers = protocols?.map((one) => ({ first: one, last: one })) ?? (sourcePort || port ? WITH_PORTS : undefined);
  const block: Block = {
    ...{ source, destination },
    ...(family && { family }),
    ...(numbers && { protocol: numbers }),
    ...(sourcePort && { sourcePort }),
    ...(port && { port }),
  };
  if (icmp) return PacketMap.first(icmp.map((type) => PacketMap.set({ ...block, ...icmpBlock(type) })));
  return PacketMap.set(block);
}

const icmpBlock = ({ family, type, code }: IcmpText): Block => ({
  ...{ family, protocol: [{ first: ICMP[family], last: ICMP[family] }], port: [{ first: type, last: type }] },
  ...(code !== undefined && { sourcePort: [{ first: code, last: code }] }),
});

/** Where two conditions hold at once. */
function both(a: PfMatch['on'], b: PfMatch['on']): PfMatch['on'] {
  if (a === 'any') return b;
  if (b === 'any') return a;
  if ('is' in a) return { is: a.is.filter((name) => ('is' in b ? b.is.includes(name) : !b.but.includes(name))) };
  if ('is' in b) return both(b, a);
  return { but: [...new Set([...a.but, ...b.but])] };
}
