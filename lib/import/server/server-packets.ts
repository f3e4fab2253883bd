// Computes the packets that pass at all addresses of a server whose rules are imported, and returns whether peers are
// all or most of IPv4 or IPv6, so that the profile can have `anywhere` for them.

import { Reachability, Rewrite, ReachabilityView } from '../../reachability/reachability';
import { toRows } from '../../reachability/reachability-rows';
import { UNUSABLE_RANGES } from '../../intent/addresses';
import {
  Address,
  ALL_ADDRESSES,
  FAMILIES,
  FAMILY_RANGE,
  Family,
  getFamily,
  printPrefixes,
  parseRange,
} from '../../net/address';
import { Device, toNumberRanges } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import {
  Range,
  contains,
  covers,
  mergeRanges,
  intersectRanges,
  toSingleRange,
  countAddresses,
  subtractRanges,
} from '../../net/range';
import { PORT_PROTOCOL_NAMES } from '../format-ports';

const PORT_PROTOCOLS_MATCH = { protocol: toNumberRanges(...Object.keys(PORT_PROTOCOL_NAMES).map(Number)) };
const FROM_PORT_ZERO = PacketMap.createSet({ ...PORT_PROTOCOLS_MATCH, sourcePort: toNumberRanges(0) });

/**
 * Prefixes of all IPv6 senders. An intent takes no prefix for all of IPv6. Source: IANA, IPv6 Address Space; RFC 6052
 * (of hosts of IPv4).
 */
export const IPV6_HOST_PREFIXES = ['2000::/3', '64:ff9b::/96', 'fc00::/7', 'fe80::/10'];

/** Longer lists of most of a family are unreadable, and are written as `anywhere`. */
const MAX_REMAINING_PREFIXES = 40;

/** The packets that pass at all addresses of a server, and the tests of which peers are most or all of a family. */
export class ServerPackets {
  readonly families: readonly Family[];
  /** Addresses that are never a peer: unusable ones and the server's own. */
  readonly unusableRanges: readonly Range[];
  /** The unusable ranges and the unassigned networks of IPv6. */
  readonly nonSenders: readonly Range[];
  /** Packets from the non-senders, and packets from source port 0. */
  readonly nonSenderPackets: PacketSet;

  constructor(private readonly device: Device) {
    this.families = FAMILIES.filter((family) => device.localAddresses.some((address) => getFamily(address) === family));
    this.unusableRanges = mergeRanges([
      ...UNUSABLE_RANGES.map(([, range]) => range),
      ...device.localAddresses.map(toSingleRange),
    ]);
    this.nonSenders = mergeRanges([
      ...this.unusableRanges,
      ...subtractRanges([FAMILY_RANGE.ip6], mergeRanges(IPV6_HOST_PREFIXES.map(parseRange))),
    ]);
    this.nonSenderPackets = PacketMap.createSet({ source: this.nonSenders }).unite(FROM_PORT_ZERO);
  }

  /** Returns the packets that pass to each of its addresses by each interface. The set has no destinations. */
  selectArriving({ views }: Reachability): PacketSet {
    const passingSets = views
      .filter(({ startLocation }) => startLocation.kind === 'interface')
      .map((view) => addPortZero(selectPassing(view)));
    return this.intersectAddresses((address) =>
      passingSets.map((packets) => selectDestination(address, packets)),
    ).subtract(PacketMap.createSet({ source: this.unusableRanges }));
  }

  /** Returns the IPv4 packets of which it is unknown whether they arrive. */
  selectUnknownIpv4({ views }: Reachability): PacketSet {
    const interfaceViews = views.filter(({ startLocation }) => startLocation.kind === 'interface');
    return PacketMap.createSet({ family: 'ip' }).intersect(
      PacketMap.mergeFirst(interfaceViews.map(({ dispositions }) => dispositions.select(({ is }) => is === 'unknown'))),
    );
  }

  /**
   * Returns the packets that it sends from each of its addresses by each way out, or undefined for everything. The set
   * has no sources.
   */
  selectSent({ views }: Reachability): PacketSet | undefined {
    const usablePackets = PacketMap.ALL.subtract(PacketMap.createSet({ destination: this.unusableRanges }));
    const passingSets = views
      .filter(({ startLocation }) => startLocation.kind === 'self')
      .map((view) => selectPassing(view).intersect(usablePackets));
    const passingPackets = this.intersectAddresses((address) =>
      passingSets.map((packets) =>
        packets.translateSource([{ from: FAMILY_RANGE[getFamily(address)], to: toSingleRange(address) }]),
      ),
    );
    const everyPacket = PacketMap.mergeFirst(
      this.families.map((family) => usablePackets.intersect(PacketMap.createSet({ family }))),
    );
    return everyPacket.subtract(passingPackets).isEmpty ? undefined : passingPackets;
  }

  /**
   * Returns, by address of the server, the other host that the port is translated to, as on a gateway. A device that
   * doesn't forward translates to no other host.
   */
  findRedirects({ views }: Reachability, port: number): ReadonlyMap<Address, Address> {
    const { localAddresses } = this.device;
    const translations = views.flatMap((view) => (view.startLocation.kind === 'interface' ? [view.translations] : []));
    const redirects = localAddresses.flatMap((address) => {
      const packets = PacketMap.createSet({
        destination: [toSingleRange(address)],
        protocol: toNumberRanges(PROTOCOL.tcp),
        port: toNumberRanges(port),
      });
      const targets = translations.flatMap((translationMap) =>
        translationMap.intersect(packets).values.map(({ destination }) => findRewrittenAddress(destination, address)),
      );
      const otherHost = targets.find((target) => target !== undefined && !localAddresses.includes(target));
      return otherHost === undefined ? [] : [[address, otherHost] as const];
    });
    return new Map(redirects);
  }

  private intersectAddresses(selectPackets: (address: Address) => readonly PacketSet[]): PacketSet {
    return PacketMap.mergeFirst(
      this.families.map((family) =>
        this.device.localAddresses
          .filter((entry) => getFamily(entry) === family)
          .flatMap(selectPackets)
          .reduce((intersection, entry) => intersection.intersect(entry), PacketMap.createSet({ family })),
      ),
    );
  }

  /**
   * Returns the peers with the gaps filled that have only unusable addresses. If the peers are most of a family, all
   * its unusable addresses and `ignoredPeers` are added.
   */
  fillGaps(peers: readonly Range[], ignoredPeers: readonly Range[] = []): readonly Range[] {
    const mostFamilies = FAMILIES.filter((family) => coversMost(peers, family)).map((family) => FAMILY_RANGE[family]);
    const fillerRanges = [...this.unusableRanges, ...ignoredPeers].flatMap((range) =>
      mostFamilies.flatMap((family) => intersectRanges(range, family) ?? []),
    );
    const filledRanges = mergeRanges([...peers, ...fillerRanges]);
    const gaps = filledRanges.slice(1).map(({ first }, i) => ({ first: filledRanges[i]!.last + 1n, last: first - 1n }));
    return mergeRanges([
      ...filledRanges,
      ...gaps.filter((gap) => this.unusableRanges.some((range) => covers(range, gap))),
    ]);
  }

  /** Returns filled peers as an intent writes them: `anywhere` for all, or if explainWidening has a reason. */
  formatPeers(peers: readonly Range[]): 'anywhere' | readonly string[] {
    return this.listWholeFamilies(peers).length === this.families.length || this.explainWidening(peers) !== undefined
      ? 'anywhere'
      : printPrefixes(peers);
  }

  /** Returns the reason for which the peers are written as `anywhere` and aren't all. */
  explainWidening(peers: readonly Range[]): string | undefined {
    const wholeCount = this.listWholeFamilies(peers).length;
    if (wholeCount === this.families.length) return undefined;
    if (wholeCount > 0) return 'nothing is opened to all of one family and not to all of the other.';
    return this.isWide(peers) && printPrefixes(peers).length > MAX_REMAINING_PREFIXES
      ? 'all others beside some are too many for a list.'
      : undefined;
  }

  private readonly listWholeFamilies = (peers: readonly Range[]): readonly Family[] =>
    this.families.filter((family) => this.isWhole(peers, family));

  /** Whether connections of these protocols are sent to every port everywhere. */
  isSentAnywhere(sentPackets: PacketSet, protocols: readonly number[]): boolean {
    const portFields = { protocol: toNumberRanges(...protocols), port: [{ first: 1, last: ALL_PORTS.last }] };
    const everyPacket = PacketMap.mergeFirst(
      this.families.map((family) => PacketMap.createSet({ family, ...portFields })),
    );
    const closedRanges = mergeRanges(
      toRows(everyPacket.subtract(sentPackets)).flatMap(({ destinations }) => destinations),
    );
    const openRanges = this.fillGaps(
      this.families.flatMap((family) => subtractRanges([FAMILY_RANGE[family]], closedRanges)),
    );
    return this.families.every((family) => this.isWhole(openRanges, family));
  }

  isWhole(peers: readonly Range[], family: Family): boolean {
    return this.families.includes(family) && subtractRanges([FAMILY_RANGE[family]], peers).length === 0;
  }

  /** Whether the peers are all of IPv6 and none of IPv4. `anywhere` would open to IPv4, too. */
  isOnlyIpv6(peers: readonly Range[]): boolean {
    return this.families.length > 1 && this.isWhole(peers, 'ip6') && countFamilyAddresses(peers, 'ip') === 0n;
  }

  /**
   * Splits peers that are all of IPv6 and a minority of IPv4: written as `anywhere` they would be all of IPv4. Returns
   * two empty lists for other peers.
   */
  splitWholeIpv6(peers: readonly Range[]): { readonly listed: readonly Range[]; readonly whole: readonly Range[] } {
    const [listed, whole] = ALL_ADDRESSES.map((family) => peers.flatMap((peer) => intersectRanges(peer, family) ?? []));
    const isSplit = this.isWhole(peers, 'ip6') && !coversMost(peers, 'ip');
    return isSplit ? { listed: listed!, whole: whole! } : { listed: [], whole: [] };
  }

  /** Whether the peers are most of at least one of its families. */
  isWide(peers: readonly Range[]): boolean {
    return this.listMostFamilies(peers).length > 0;
  }

  /** Returns those of its families of which the peers are most. */
  listMostFamilies(peers: readonly Range[]): readonly Family[] {
    return this.families.filter((family) => coversMost(peers, family));
  }

  /** Whether the peers are all but a few addresses of each of its families. */
  isNearlyAll(peers: readonly Range[]): boolean {
    return this.families.every((family) => coversMost(peers, family)) && coversFew(this.subtractFromFamilies([peers]));
  }

  /** Returns the addresses in none of the filled lists, for the families of which at least one list has most. */
  subtractFromFamilies(peerLists: readonly (readonly Range[])[]): readonly Range[] {
    const mostFamilies = this.families.filter((family) => peerLists.some((peers) => coversMost(peers, family)));
    return mostFamilies.flatMap((family) => subtractRanges([FAMILY_RANGE[family]], mergeRanges(peerLists.flat())));
  }
}

const coversMost = (peers: readonly Range[], family: Family): boolean =>
  2n * countFamilyAddresses(peers, family) > countAddresses([FAMILY_RANGE[family]]);

const countFamilyAddresses = (peers: readonly Range[], family: Family): bigint =>
  countAddresses(peers.flatMap((peer) => intersectRanges(peer, FAMILY_RANGE[family]) ?? []));

/** Whether ranges are few enough for a ban. A sixteenth of a family would be a part of the world. */
export const coversFew = (ranges: readonly Range[]): boolean =>
  FAMILIES.every((family) => 16n * countFamilyAddresses(ranges, family) < countAddresses([FAMILY_RANGE[family]]));

/** Returns the packets that are allowed and keep their destination. */
const selectPassing = ({ dispositions, translations }: ReachabilityView): PacketSet =>
  translations
    .select(({ destination, port }) => destination.is === 'kept' && port === 'kept')
    .intersect(dispositions.select(({ is }) => is === 'allowed'));

/** Adds packets from source port 0, which no host uses and some rules drop, where those from port 1 pass. */
const addPortZero = (packets: PacketSet): PacketSet =>
  packets.unite(
    packets
      .intersect(PacketMap.createSet({ ...PORT_PROTOCOLS_MATCH, sourcePort: toNumberRanges(1) }))
      .dropAxis('sourcePort')
      .intersect(FROM_PORT_ZERO),
  );

const selectDestination = (address: Address, packets: PacketSet): PacketSet =>
  packets.groupAlong('destination').find(({ ranges }) => ranges.some((range) => contains(range, address)))?.below ??
  PacketMap.NONE;

function findRewrittenAddress(rewrite: Rewrite, address: Address): Address | undefined {
  if (rewrite.is === 'set') return rewrite.to;
  return rewrite.is === 'moved' ? ((address + rewrite.distance) as Address) : undefined;
}
