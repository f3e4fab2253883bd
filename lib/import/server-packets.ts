import { Exposure, View } from '../exposure/exposure';
import { Address, FAMILY_RANGE, Family, familyOf, prefixesOf, printPrefix } from '../net/address';
import { Device } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, contains, joined, overlap, point, sizeOf, without } from '../net/range';

const FAMILIES: readonly Family[] = ['ip', 'ip6'];
const LOOPBACK: readonly Range[] = [
  { first: 0x7f00_0000n, last: 0x7fff_ffffn },
  { first: FAMILY_RANGE.ip6.first + 1n, last: FAMILY_RANGE.ip6.first + 1n },
];

type Side = 'sources' | 'destinations';

/** Prefixes of all others beside a few: more are nobody's to read. */
const MOST_BESIDES = 40;

/** A server by its addresses: what passes whichever of them is meant, and who is everybody to it. */
export class ServerPackets {
  private readonly families: readonly Family[];

  constructor(private readonly device: Device) {
    this.families = FAMILIES.filter((family) => device.localAddresses.some((one) => familyOf(one) === family));
  }

  /** What comes to each of its addresses, by each interface. Says nothing of destinations. */
  arriving({ views }: Exposure): PacketSet {
    const some = views.filter(({ vantage }) => vantage.kind === 'interface').map(passing);
    return this.alike((address) => some.map((packets) => to(address, packets)));
  }

  /** What it sends from each of its addresses, by each way out; undefined: everything. Says nothing of sources. */
  sent({ views }: Exposure): PacketSet | undefined {
    const others = PacketMap.set({ destination: without([FAMILY_RANGE.ip, FAMILY_RANGE.ip6], this.itself()) });
    const some = views.filter(({ vantage }) => vantage.kind === 'self').map((view) => passing(view).within(others));
    const passes = this.alike((address) =>
      some.map((packets) => packets.afterSource([{ from: FAMILY_RANGE[familyOf(address)], to: point(address) }])),
    );
    const all = PacketMap.first(this.families.map((family) => others.within(PacketMap.set({ family }))));
    return all.apartFrom(passes).isEmpty ? undefined : passes;
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

  private readonly itself = (): readonly Range[] => [...this.device.localAddresses.map(point), ...LOOPBACK];

  /** Peers as an intent writes them, or everybody where `widened` says why. It never sends to itself, so that is no hole. */
  said(peers: readonly Range[], side: Side = 'sources'): 'anywhere' | readonly string[] {
    return this.isAll(peers, side) || this.widened(peers, side).length > 0 ? 'anywhere' : prefixTexts(peers);
  }

  /** Why they are said to be more than they are. */
  widened(peers: readonly Range[], side: Side = 'sources'): readonly string[] {
    if (this.isAll(peers, side)) return [];
    if (this.whole(peers, side).length > 0) return ['nothing is opened to all of one family and not to all of the other.'];
    return this.isWide(peers) && prefixTexts(peers).length > MOST_BESIDES ? ['all others beside a few are too many for a list.'] : [];
  }

  private readonly isAll = (peers: readonly Range[], side: Side): boolean => this.whole(peers, side).length === this.families.length;

  private whole(peers: readonly Range[], side: Side): readonly Family[] {
    const some = joined(side === 'sources' ? peers : [...peers, ...this.itself()]);
    return this.families.filter((family) => without([FAMILY_RANGE[family]], some).length === 0);
  }

  /** Most of a family. */
  isWide(peers: readonly Range[]): boolean {
    return this.families.some((family) => isMost(peers, family));
  }

  /** Who is left out of most of a family. */
  holes(peers: readonly Range[]): readonly Range[] {
    return this.families.flatMap((family) => (isMost(peers, family) ? without([FAMILY_RANGE[family]], peers) : []));
  }
}

const isMost = (peers: readonly Range[], family: Family): boolean =>
  2n * sizeOf(peers.flatMap((one) => overlap(one, FAMILY_RANGE[family]) ?? [])) > sizeOf([FAMILY_RANGE[family]]);

/** What surely passes, and to whom it was sent. */
const passing = ({ verdicts, translations }: View): PacketSet =>
  translations
    .where(({ destination, port }) => destination.is === 'kept' && port === 'kept')
    .within(verdicts.where(({ is }) => is === 'allowed'));

const to = (address: Address, packets: PacketSet): PacketSet =>
  packets.groups('destination').find(({ ranges }) => ranges.some((one) => contains(one, address)))?.below ?? PacketMap.NONE;

export const prefixTexts = (ranges: readonly Range[]): readonly string[] =>
  joined(ranges)
    .flatMap((range) => FAMILIES.flatMap((family) => overlap(range, FAMILY_RANGE[family]) ?? []))
    .flatMap(prefixesOf)
    .map(printPrefix);
