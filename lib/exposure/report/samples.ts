import { clientPacket } from '../../reachability/client';
import { Entry } from '../../reachability/listing';
import { isWide } from '../../reachability/rows';
import { FAMILIES, Family, parseAddress } from '../../net/address';
import { PROTOCOL, Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, point } from '../../net/range';
import { STAND_INS } from '../facts/suppositions';

/** Destinations that a person takes for one that is meant: somebody. Source: RFC 5737, RFC 3849. */
const SOMEBODY = [
  ['203.0.113.10', '2001:db8::10'],
  ['192.0.2.10', '2001:db8:1::10'],
].map((texts) => PacketMap.set({ destination: texts.map((text) => point(parseAddress(text)!)) }));
/** Of a server whose addresses nobody told, itself first. Where they are told, the address that stands for them is anybody's. */
const ITSELF = PacketMap.set({ destination: STAND_INS });

const KINDS = [PROTOCOL.tcp, PROTOCOL.udp].flatMap((protocol) =>
  FAMILIES.map((family) => PacketMap.set({ family, protocol: [point(protocol)] })),
);

/** One packet of each kind that rules tell apart most, as a client sends it; else any. `anonymous`: families of which the device's addresses aren't known. */
export function samples(packets: PacketSet, anonymous: readonly Family[]): readonly Packet[] {
  const preferred = [...anonymous.map((family) => ITSELF.within(PacketMap.set({ family }))), ...SOMEBODY];
  const meant = (among: PacketSet): PacketSet =>
    preferred.map((set) => among.within(set)).find((set) => !set.isEmpty) ?? among;
  const found = KINDS.flatMap((kind) => clientPacket(meant(packets.within(kind))) ?? []);
  return found.length > 0 ? found : [clientPacket(meant(packets))].flatMap((one) => one ?? []);
}

/** More are asked of no line: of a list of bans each would be one. */
const MOST = 12;

/**
 * Packets of a line that rules may tell apart: of each of its lists the ends of each range, all of them with each other where these are few.
 * `all`: whether they are.
 */
export function spread({ packet, packets }: Pick<Entry, 'packet' | 'packets'>): {
  readonly some: readonly Packet[];
  readonly all: boolean;
} {
  // What is left of the world when some are taken out has ends that no rule names.
  const hosts = (ranges: readonly Range[], witness: bigint): readonly bigint[] =>
    isWide(ranges, packets.family) ? [witness] : ends<bigint>(ranges, witness);
  const choices = Object.entries({
    source: hosts(packets.sources, packet.source),
    destination: hosts(packets.destinations, packet.destination),
    protocol: ends(packets.protocols, packet.protocol),
    port: ends(packets.ports, packet.port),
  });
  if (choices.reduce((product, [, values]) => product * values.length, 1) > MOST) {
    const some = [
      packet,
      ...choices.flatMap(([axis, values]) => values.map((value): Packet => ({ ...packet, [axis]: value }))),
    ];
    return { some: some.slice(0, MOST), all: false };
  }
  const some = choices.reduce<readonly Packet[]>(
    (made, [axis, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [axis]: value }))),
    [packet],
  );
  return { some, all: true };
}

const ends = <T>(ranges: readonly { readonly first: T; readonly last: T }[], witness: T): readonly T[] => [
  ...new Set([...ranges.flatMap(({ first, last }) => [first, last]), witness]),
];
