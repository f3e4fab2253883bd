import { Exposure, Rewrite, View } from '../../reachability/exposure';
import { rowsOf } from '../../reachability/rows';
import { UNUSABLE } from '../../intent/addresses';
import { Address, EVERYWHERE, FAMILIES, FAMILY_RANGE, Family, familyOf, prefixTexts, rangeOf } from '../../net/address';
import { Device, points } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, contains, covers, joined, overlap, point, sizeOf, without } from '../../net/range';
import { PORTED } from '../written';

const PORTED_ONES = { protocol: points(...Object.keys(PORTED).map(Number)) };
const FROM_PORT_ZERO = PacketMap.set({ ...PORTED_ONES, sourcePort: points(0) });

/** Whoever sends by IPv6, which as a whole is no prefix of an intent. Source: IANA, IPv6 Address Space; RFC 6052 (of hosts of IPv4). */
export const HOSTS_OF_6 = ['2000::/3', '64:ff9b::/96', 'fc00::/7', 'fe80::/10'];

/** Prefixes of all others beside a few: more are nobody's to read. */
const MOST_BESIDES = 40;

/** A server by its addresses: what passes whichever of them is meant, and who is everybody to it. */
export class ServerPackets {
  readonly families: readonly Family[];
  /** Who is never at the other end. */
  readonly nobody: readonly Range[];
  /** With them the networks of IPv6 that nobody has yet. */
  readonly unheard: readonly Range[];
  /** What they would send, and what would come from port 0. */
  readonly nobodys: PacketSet;

  constructor(private readonly device: Device) {
    this.families = FAMILIES.filter((family) => device.localAddresses.some((one) => familyOf(one) === family));
    this.nobody = joined([...UNUSABLE.map(([, range]) => range), ...device.localAddresses.map(point)]);
    this.unheard = joined([...this.nobody, ...without([FAMILY_RANGE.ip6], joined(HOSTS_OF_6.map(rangeOf)))]);
    this.nobodys = PacketMap.set({ source: this.unheard }).or(FROM_PORT_ZERO);
  }

  /** What comes to each of its addresses, by each interface. Says nothing of destinations. */
  arriving({ views }: Exposure): PacketSet {
    const some = views.filter(({ vantage }) => vantage.kind === 'interface').map((view) => fromPortZero(passing(view)));
    return this.alike((address) => some.map((packets) => to(address, packets))).apartFrom(
      PacketMap.set({ source: this.nobody }),
    );
  }

  /** What of IPv4 nobody can say of whether it comes to it. */
  undecided4({ views }: Exposure): PacketSet {
    const some = views.filter(({ vantage }) => vantage.kind === 'interface');
    return PacketMap.set({ family: 'ip' }).within(
      PacketMap.first(some.map(({ verdicts }) => verdicts.where(({ is }) => is === 'unknown'))),
    );
  }

  /** What it sends from each of its addresses, by each way out; undefined: everything. Says nothing of sources. */
  sent({ views }: Exposure): PacketSet | undefined {
    const others = PacketMap.ALL.apartFrom(PacketMap.set({ destination: this.nobody }));
    const some = views.filter(({ vantage }) => vantage.kind === 'self').map((view) => passing(view).within(others));
    const passes = this.alike((address) =>
      some.map((packets) => packets.afterSource([{ from: FAMILY_RANGE[familyOf(address)], to: point(address) }])),
    );
    const all = PacketMap.first(this.families.map((family) => others.within(PacketMap.set({ family }))));
    return all.apartFrom(passes).isEmpty ? undefined : passes;
  }

  /** By an address of it, the other host that a port of it is led to, as a gateway does. What the device doesn't forward is led nowhere. */
  ledAway({ views }: Exposure, port: number): ReadonlyMap<Address, Address> {
    const { localAddresses } = this.device;
    const translations = views.flatMap((view) => (view.vantage.kind === 'interface' ? [view.translations] : []));
    const led = localAddresses.flatMap((address) => {
      const packets = PacketMap.set({
        destination: [point(address)],
        protocol: points(PROTOCOL.tcp),
        port: points(port),
      });
      const ends = translations.flatMap((of) =>
        of.within(packets).values.map(({ destination }) => endOf(destination, address)),
      );
      const other = ends.find((end) => end !== undefined && !localAddresses.includes(end));
      return other === undefined ? [] : [[address, other] as const];
    });
    return new Map(led);
  }

  private alike(of: (address: Address) => readonly PacketSet[]): PacketSet {
    return PacketMap.first(
      this.families.map((family) =>
        this.device.localAddresses
          .filter((one) => familyOf(one) === family)
          .flatMap(of)
          .reduce((left, one) => left.within(one), PacketMap.set({ family })),
      ),
    );
  }

  /**
   * The same without gaps in which nobody is that counts; and in a family of which they are most with all those who don't count: `besides`,
   * and whoever is nobody.
   */
  filled(peers: readonly Range[], besides: readonly Range[] = []): readonly Range[] {
    const more = FAMILIES.filter((family) => isMost(peers, family)).map((family) => FAMILY_RANGE[family]);
    const others = [...this.nobody, ...besides].flatMap((one) => more.flatMap((family) => overlap(one, family) ?? []));
    const all = joined([...peers, ...others]);
    const gaps = all.slice(1).map(({ first }, i) => ({ first: all[i]!.last + 1n, last: first - 1n }));
    return joined([...all, ...gaps.filter((gap) => this.nobody.some((one) => covers(one, gap)))]);
  }

  /** Peers that are filled as an intent writes them, or everybody where `widened` says why. */
  said(peers: readonly Range[]): 'anywhere' | readonly string[] {
    return this.whole(peers).length === this.families.length || this.widened(peers) !== undefined
      ? 'anywhere'
      : prefixTexts(peers);
  }

  /** Why they are said to be more than they are. */
  widened(peers: readonly Range[]): string | undefined {
    const whole = this.whole(peers).length;
    if (whole === this.families.length) return undefined;
    if (whole > 0) return 'nothing is opened to all of one family and not to all of the other.';
    return this.isWide(peers) && prefixTexts(peers).length > MOST_BESIDES
      ? 'all others beside some are too many for a list.'
      : undefined;
  }

  private readonly whole = (peers: readonly Range[]): readonly Family[] =>
    this.families.filter((family) => this.isWhole(peers, family));

  /** Whether connections of these protocols are opened to every port everywhere. */
  isSentAnywhere(sent: PacketSet, protocols: readonly number[]): boolean {
    const common = { protocol: points(...protocols), port: [{ first: 1, last: ALL_PORTS.last }] };
    const all = PacketMap.first(this.families.map((family) => PacketMap.set({ family, ...common })));
    const closed = joined(rowsOf(all.apartFrom(sent)).flatMap(({ destinations }) => destinations));
    const open = this.filled(this.families.flatMap((family) => without([FAMILY_RANGE[family]], closed)));
    return this.families.every((family) => this.isWhole(open, family));
  }

  isWhole(peers: readonly Range[], family: Family): boolean {
    return this.families.includes(family) && without([FAMILY_RANGE[family]], peers).length === 0;
  }

  /** All of IPv6 and nobody of IPv4, to whom "everybody" would open it. */
  isOnly6(peers: readonly Range[]): boolean {
    return this.families.length > 1 && this.isWhole(peers, 'ip6') && partOf(peers, 'ip') === 0n;
  }

  /** Of peers that are all of IPv6 and some of IPv4, both apart: said as everybody, they would be all of IPv4. */
  withoutWhole6(peers: readonly Range[]): { readonly listed: readonly Range[]; readonly whole: readonly Range[] } {
    const [listed, whole] = EVERYWHERE.map((family) => peers.flatMap((one) => overlap(one, family) ?? []));
    const isApart = this.isWhole(peers, 'ip6') && !isMost(peers, 'ip');
    return isApart ? { listed: listed!, whole: whole! } : { listed: [], whole: [] };
  }

  /** Most of one of its families at least. */
  isWide(peers: readonly Range[]): boolean {
    return this.mostOf(peers).length > 0;
  }

  /** Of which of its families they are most. */
  mostOf(peers: readonly Range[]): readonly Family[] {
    return this.families.filter((family) => isMost(peers, family));
  }

  /** All but a few of each of its families. */
  isNearlyAll(peers: readonly Range[]): boolean {
    return this.families.every((family) => isMost(peers, family)) && isFew(this.outsideOf([peers]));
  }

  /** Who is in none of them, which are filled; of families of which one at least has most. */
  outsideOf(all: readonly (readonly Range[])[]): readonly Range[] {
    const whole = this.families.filter((family) => all.some((peers) => isMost(peers, family)));
    return whole.flatMap((family) => without([FAMILY_RANGE[family]], joined(all.flat())));
  }
}

const isMost = (peers: readonly Range[], family: Family): boolean =>
  2n * partOf(peers, family) > sizeOf([FAMILY_RANGE[family]]);

const partOf = (peers: readonly Range[], family: Family): bigint =>
  sizeOf(peers.flatMap((one) => overlap(one, FAMILY_RANGE[family]) ?? []));

/** Few enough for a ban: a sixteenth of a family is a part of the world. */
export const isFew = (ranges: readonly Range[]): boolean =>
  FAMILIES.every((family) => 16n * partOf(ranges, family) < sizeOf([FAMILY_RANGE[family]]));

/** What surely passes, and to whom it was sent. */
const passing = ({ verdicts, translations }: View): PacketSet =>
  translations
    .where(({ destination, port }) => destination.is === 'kept' && port === 'kept')
    .within(verdicts.where(({ is }) => is === 'allowed'));

/** Nobody sends from port 0, which some rules drop: whoever may from port 1 may from it, too. */
const fromPortZero = (packets: PacketSet): PacketSet =>
  packets.or(
    packets
      .within(PacketMap.set({ ...PORTED_ONES, sourcePort: points(1) }))
      .anyAlong('sourcePort')
      .within(FROM_PORT_ZERO),
  );

const to = (address: Address, packets: PacketSet): PacketSet =>
  packets.groups('destination').find(({ ranges }) => ranges.some((one) => contains(one, address)))?.below ??
  PacketMap.NONE;

function endOf(rewrite: Rewrite, address: Address): Address | undefined {
  if (rewrite.is === 'set') return rewrite.to;
  return rewrite.is === 'moved' ? ((address + rewrite.by) as Address) : undefined;
}
