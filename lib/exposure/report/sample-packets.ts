// Selects sample packets of a packet set or of an exposure entry. A report traces them to name the lines that decide.
import { pickClientPacket } from '../../reachability/client-packet';
import { ReachabilityEntry } from '../../reachability/reachability-list';
import { isWide } from '../../reachability/reachability-rows';
import { FAMILIES, Family, parseAddress } from '../../net/address';
import { PROTOCOL, Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, toSingleRange } from '../../net/range';
import { PLACEHOLDER_RANGES } from '../facts/assumed-devices';

/** Destinations that a person takes for any host. Source: RFC 5737, RFC 3849. */
const EXAMPLE_HOSTS = [
  ['203.0.113.10', '2001:db8::10'],
  ['192.0.2.10', '2001:db8:1::10'],
].map((texts) => PacketMap.createSet({ destination: texts.map((text) => toSingleRange(parseAddress(text)!)) }));
/**
 * Packets to a server with unknown addresses, which come first. If its addresses are known, the placeholder may be any
 * host's address.
 */
const PLACEHOLDER_PACKETS = PacketMap.createSet({ destination: PLACEHOLDER_RANGES });

const PACKET_KINDS = [PROTOCOL.tcp, PROTOCOL.udp].flatMap((protocol) =>
  FAMILIES.map((family) => PacketMap.createSet({ family, protocol: [toSingleRange(protocol)] })),
);

/**
 * Returns one packet of each kind that rules tell apart most, as a client sends it; else any packet. `anonymous`:
 * families for which the device's addresses aren't known.
 */
export function listSamplePackets(packets: PacketSet, anonymous: readonly Family[]): readonly Packet[] {
  const preferredSets = [
    ...anonymous.map((family) => PLACEHOLDER_PACKETS.intersect(PacketMap.createSet({ family }))),
    ...EXAMPLE_HOSTS,
  ];
  const preferKnownHost = (candidates: PacketSet): PacketSet =>
    preferredSets.map((set) => candidates.intersect(set)).find((set) => !set.isEmpty) ?? candidates;
  const samplePackets = PACKET_KINDS.flatMap(
    (kind) => pickClientPacket(preferKnownHost(packets.intersect(kind))) ?? [],
  );
  return samplePackets.length > 0
    ? samplePackets
    : [pickClientPacket(preferKnownHost(packets))].flatMap((packet) => packet ?? []);
}

/** The most sample packets of a line. Each entry of a list of bans would be one. */
const MAX_SAMPLES = 12;

/**
 * Returns packets of a line that rules may tell apart: the ends of each range of its lists, in all combinations if
 * these are few. `isComplete`: whether all combinations are there.
 */
export function listBoundaryPackets({ packet, packets }: Pick<ReachabilityEntry, 'packet' | 'packets'>): {
  readonly samples: readonly Packet[];
  readonly isComplete: boolean;
} {
  // If a few ranges are taken out of the world, the rest has ends that no rule names.
  const listHosts = (ranges: readonly Range[], sample: bigint): readonly bigint[] =>
    isWide(ranges, packets.family) ? [sample] : listEnds<bigint>(ranges, sample);
  const choices = Object.entries({
    source: listHosts(packets.sources, packet.source),
    destination: listHosts(packets.destinations, packet.destination),
    protocol: listEnds(packets.protocols, packet.protocol),
    port: listEnds(packets.ports, packet.port),
  });
  if (choices.reduce((product, [, values]) => product * values.length, 1) > MAX_SAMPLES) {
    const probes = [
      packet,
      ...choices.flatMap(([axis, values]) => values.map((value): Packet => ({ ...packet, [axis]: value }))),
    ];
    return { samples: probes.slice(0, MAX_SAMPLES), isComplete: false };
  }
  const probes = choices.reduce<readonly Packet[]>(
    (combinations, [axis, values]) =>
      combinations.flatMap((partialPacket) => values.map((value) => ({ ...partialPacket, [axis]: value }))),
    [packet],
  );
  return { samples: probes, isComplete: true };
}

const listEnds = <T>(ranges: readonly { readonly first: T; readonly last: T }[], sample: T): readonly T[] => [
  ...new Set([...ranges.flatMap(({ first, last }) => [first, last]), sample]),
];
