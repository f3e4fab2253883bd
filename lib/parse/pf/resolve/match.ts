import { Family } from '../../../net/address';
import { points } from '../../../net/device';
import { Block, PROTOCOL } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { KnownPorts, allOf, reasons } from '../known';
import { Packets, matchOf, packetsOf } from '../matched';
import { PfMatch, PfPlaced } from '../model';
import { FilterText, IcmpText, InterfaceText, MatchText, PfText, SideText, TranslationText } from '../text/text';
import { Addresses, PfSurroundings } from './addresses';

interface Where {
  readonly on: PfPlaced['on'];
  readonly doubts: readonly string[];
}

type Alone = Where & Packets;

const EVERYWHERE: Where = { on: 'any', doubts: [] };

/** Where both hold. */
const narrowed = (a: Alone, b: Alone | undefined): Alone | undefined =>
  b && {
    on: bothPlaces(a.on, b.on),
    doubts: [...b.doubts, ...a.doubts],
    sure: a.sure.within(b.sure),
    widest: a.widest.within(b.widest),
    because: [...b.because, ...a.because],
  };

const WITH_PORTS = points(PROTOCOL.tcp, PROTOCOL.udp);
const ICMP: Readonly<Record<Family, number>> = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };

/** Turns matches into sets of packets. Texts of many rules say the same ones again and again. */
export class Matches {
  readonly addresses: Addresses;
  private readonly inAnchors: Addresses;
  private readonly led = new Map<string, PacketSet>();
  private readonly places = new Map<string, Where>();

  constructor(
    private readonly text: Pick<PfText, 'tables' | 'tags' | 'written'>,
    private readonly around: PfSurroundings,
  ) {
    this.addresses = new Addresses(text, around);
    this.inAnchors = text.written ? this.addresses : new Addresses({ tables: ofAnchors(text.tables) }, around);
  }

  /** Undefined where it matches nothing on this device. */
  of(match: MatchText): PfMatch | undefined {
    let all = this.alone(match);
    for (const outer of match.within) all = all && narrowed(all, this.alone(outer));
    if (!all || all.widest.isEmpty || isNowhere(all.on)) return undefined;
    return matchOf({ line: match.line, on: all.on }, all, all.doubts);
  }

  /** Where a rule is asked whose addresses say which packets it is about. Undefined where it is asked nowhere. */
  whereOf(match: MatchText): Where | undefined {
    let all = this.asked(match);
    for (const outer of match.within) {
      const around = this.asked(outer);
      const narrower =
        asksOfMore(outer) ||
        outer.protocols ||
        outer.from.hosts ||
        outer.to.hosts ||
        (outer.family ?? match.family) !== match.family;
      const doubts = narrower ? ['the anchor that it stands in asks for more'] : [];
      all = all &&
        around && { on: bothPlaces(all.on, around.on), doubts: [...around.doubts, ...doubts, ...all.doubts] };
    }
    if (asksOfMore(match)) all = all && { ...all, doubts: [...all.doubts, 'it asks for more than addresses'] };
    return all && !isNowhere(all.on) ? all : undefined;
  }

  /** Apart from the anchors that it stands in. */
  private alone(match: MatchText): Alone | undefined {
    const where = this.asked(match);
    if (!where) return undefined;
    const packets = this.packets(match);
    const widest = match.tagged ? packets.widest.within(this.ledThere(match)) : packets.widest;
    return { ...packets, ...where, widest };
  }

  private asked(match: MatchText): Where | undefined {
    const { tagged } = match;
    if (match.never || (tagged && !tagged.not && !this.text.tags.has(tagged.tag))) return undefined;
    const { on, doubts } = this.where(match);
    return { on, doubts: [...doubts, ...this.doubtsOf(match)] };
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
    return PacketMap.set({ destination: known.flatMap(allOf) });
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

  private packets({ family, protocols: numbers, from, to, icmp, within }: MatchText): Packets {
    const addresses = within.length > 0 ? this.inAnchors : this.addresses;
    const [source, destination] = [addresses.of(from.hosts, 'source'), addresses.of(to.hosts, 'destination')];
    const [sourcePorts, ports] = [portsAt(from), portsAt(to)];
    const named = numbers ? points(...numbers) : sourcePorts || ports ? WITH_PORTS : undefined;
    const packets = packetsOf({
      source,
      destination,
      ...(family && { family }),
      ...(named && { protocols: named }),
      ...(sourcePorts && { sourcePorts }),
      ...(ports && { ports }),
      ...(icmp && { kinds: icmp.map(icmpBlock) }),
    });
    if (packets.because.length === 0) return packets;
    const because = [reasons([source, destination]), sourcePorts?.because ?? '', ports?.because ?? ''];
    return { ...packets, because: [because.filter((one) => one !== '').join('; ')] };
  }
}

function portsAt({ ports }: SideText): KnownPorts | undefined {
  if (!ports) return undefined;
  const [sure, doubtful] = [
    ports.filter(({ because }) => because === undefined),
    ports.filter(({ because }) => because !== undefined),
  ];
  return {
    sure: sure.flatMap(({ ranges }) => ranges),
    perhaps: doubtful.flatMap(({ ranges }) => ranges),
    because: [...new Set(doubtful.map(({ because }) => because))].join('; '),
  };
}

const icmpBlock = ({ family, type, code }: IcmpText): Block => ({
  family,
  protocol: points(ICMP[family]),
  port: points(type),
  ...(code !== undefined && { sourcePort: points(code) }),
});

/** An anchor may have a table of its own beside the one of that name that pfctl showed, and then its rules ask that one. */
const ofAnchors = (tables: PfText['tables']): PfText['tables'] =>
  new Map(
    [...tables].map(([name, table]) => [
      name,
      { line: table.line, entries: [], because: `whether the anchor has a table ${name} of its own is not told` },
    ]),
  );

const asksOfMore = ({ from, to, icmp }: MatchText): boolean =>
  [from.ports, to.ports, icmp].some((one) => one !== undefined);

export const isNowhere = (on: PfPlaced['on']): boolean => on !== 'any' && 'is' in on && on.is.length === 0;

/** Where two conditions hold at once. */
export function bothPlaces(a: PfPlaced['on'], b: PfPlaced['on']): PfPlaced['on'] {
  if (a === 'any') return b;
  if (b === 'any') return a;
  if ('is' in a) return { is: a.is.filter((name) => ('is' in b ? b.is.includes(name) : !b.but.includes(name))) };
  if ('is' in b) return bothPlaces(b, a);
  return { but: [...new Set([...a.but, ...b.but])] };
}

/** Where the first holds and the second doesn't. */
export function withoutPlaces(a: PfPlaced['on'], b: PfPlaced['on']): PfPlaced['on'] {
  if (b === 'any') return { is: [] };
  return bothPlaces(a, 'is' in b ? { but: b.is } : { is: b.but });
}
