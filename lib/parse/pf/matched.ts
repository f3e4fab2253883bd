import { Family } from '../../net/address';
import { NumberRange, points } from '../../net/device';
import { Block } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { ANY, Known, KnownPorts, allOf, certain, reasons } from './known';
import { PfMatch, PfPlaced } from './model';

/** What a rule compares; a field that isn't there is free. */
export interface Compared extends PfPlaced {
  /** Both where it isn't there. */
  readonly family?: Family;
  readonly source?: Known;
  readonly destination?: Known;
  readonly protocols?: readonly NumberRange[];
  readonly sourcePorts?: KnownPorts;
  readonly ports?: KnownPorts;
  /** Each asks for something besides, and one of them is enough. */
  readonly kinds?: readonly Block[];
  /** Why it may match only some of that, or only at times. */
  readonly doubts?: readonly string[];
}

export const portsOf = (...ports: readonly number[]): KnownPorts => certain(points(...ports));

/** What is matched for certain, and all that may be, that included; if that is more, then why. */
export interface Packets {
  readonly sure: PacketSet;
  readonly widest: PacketSet;
  readonly because: readonly string[];
}

export function packetsOf(compared: Omit<Compared, keyof PfPlaced>): Packets {
  const { family, source, destination, protocols: numbers, sourcePorts, ports, kinds } = compared;
  const unclear = [source, destination, sourcePorts, ports].flatMap((part) =>
    part && part.perhaps.length > 0 ? [part] : [],
  );
  const made = (of: <R>(known: Known<R>) => readonly R[]): PacketSet => {
    const ranges = {
      ...(source && source !== ANY && { source: of(source) }),
      ...(destination && destination !== ANY && { destination: of(destination) }),
      ...(numbers && { protocol: numbers }),
      ...(sourcePorts && { sourcePort: of(sourcePorts) }),
      ...(ports && { port: of(ports) }),
    };
    if (Object.values(ranges).some(({ length }) => length === 0)) return PacketMap.NONE;
    const block: Block = { ...ranges, ...(family && { family }) };
    return kinds ? PacketMap.first(kinds.map((kind) => PacketMap.set({ ...block, ...kind }))) : PacketMap.set(block);
  };
  const sure = made((known) => known.sure);
  return unclear.length === 0
    ? { sure, widest: sure, because: [] }
    : { sure, widest: made(allOf), because: [reasons(unclear)] };
}

export function matchOf(
  { line, on }: PfPlaced,
  { sure, widest, because }: Packets,
  doubts: readonly string[],
): PfMatch {
  const packets = doubts.length > 0 ? PacketMap.NONE : sure;
  if (packets.equals(widest)) return { line, on, packets };
  const reason = [...new Set([...doubts, ...because])].join('; ');
  return { line, on, packets, perhaps: { packets: widest.apartFrom(packets), because: reason } };
}

export const matched = ({ doubts = [], ...compared }: Compared): PfMatch =>
  matchOf(compared, packetsOf(compared), doubts);

/** What a rule matches and what it may match. */
export const widestOf = ({ packets, perhaps }: PfMatch): PacketSet => (perhaps ? packets.or(perhaps.packets) : packets);
