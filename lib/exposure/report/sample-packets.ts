import { pickClientPacket } from '../../reachability/client-packet';
import { ReachabilityEntry } from '../../reachability/reachability-list';
import { isWide } from '../../reachability/reachability-rows';
import { FAMILIES, Family, parseAddress } from '../../net/address';
import { PROTOCOL, Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, toSingleRange } from '../../net/range';
import { PLACEHOLDER_RANGES } from '../facts/assumed-devices';

/** Destinations that a person takes for one that is meant: somebody. Source: RFC 5737, RFC 3849. */
const EXAMPLE_HOSTS = [
  ['203.0.113.10', '2001:db8::10'],
  ['192.0.2.10', '2001:db8:1::10'],
].map((texts) => PacketMap.createSet({ destination: texts.map((text) => toSingleRange(parseAddress(text)!)) }));
/** Of a server whose addresses nobody told, itself first. Where they are told, the address that stands for them is anybody's. */
const PLACEHOLDER_PACKETS = PacketMap.createSet({ destination: PLACEHOLDER_RANGES });

const PACKET_KINDS = [PROTOCOL.tcp, PROTOCOL.udp].flatMap((protocol) =>
  FAMILIES.map((family) => PacketMap.createSet({ family, protocol: [toSingleRange(protocol)] })),
);

/** One packet of each kind that rules tell apart most, as a client sends it; else any. `anonymous`: families of which the device's addresses aren't known. */
export function listSamplePackets(packets: PacketSet, anonymous: readonly Family[]): readonly Packet[] {
  const preferred = [
    ...anonymous.map((family) => PLACEHOLDER_PACKETS.intersect(PacketMap.createSet({ family }))),
    ...EXAMPLE_HOSTS,
  ];
  const preferKnownHost = (candidates: PacketSet): PacketSet =>
    preferred.map((set) => candidates.intersect(set)).find((set) => !set.isEmpty) ?? candidates;
  const samplePackets = PACKET_KINDS.flatMap(
    (kind) => pickClientPacket(preferKnownHost(packets.intersect(kind))) ?? [],
  );
  return samplePackets.length > 0
    ? samplePackets
    : [pickClientPacket(preferKnownHost(packets))].flatMap((packet) => packet ?? []);
}

/** More are asked of no line: of a list of bans each would be one. */
const MAX_SAMPLES = 12;

/**
 * Packets of a line that rules may tell apart: of each of its lists the ends of each range, all of them with each other where these are few.
 * `all`: whether they are.
 */
export function listBoundaryPackets({ packet, packets }: Pick<ReachabilityEntry, 'packet' | 'packets'>): {
  readonly some: readonly Packet[];
  readonly all: boolean;
} {
  // What is left of the world when some are taken out has ends that no rule names.
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
    return { some: probes.slice(0, MAX_SAMPLES), all: false };
  }
  const probes = choices.reduce<readonly Packet[]>(
    (combinations, [axis, values]) =>
      combinations.flatMap((partial) => values.map((value) => ({ ...partial, [axis]: value }))),
    [packet],
  );
  return { some: probes, all: true };
}

const listEnds = <T>(ranges: readonly { readonly first: T; readonly last: T }[], sample: T): readonly T[] => [
  ...new Set([...ranges.flatMap(({ first, last }) => [first, last]), sample]),
];
