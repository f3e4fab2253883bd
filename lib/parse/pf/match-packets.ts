// Computes the packets that a rule of pf matches from its criteria (interfaces, addresses, protocols, ports): those
// that match for certain, and those that may.

import { Family } from '../../net/address';
import { NumberRange, toNumberRanges } from '../../net/device';
import { PacketBlock } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { ANY_ADDRESS, RangeBounds, PortBounds, listRanges, createCertain, joinReasons } from './range-bounds';
import { PfMatch, PfRuleScope } from './model';

/** The criteria that a rule compares. An absent field matches anything. */
export interface PfCriteria extends PfRuleScope {
  /** Undefined: both families. */
  readonly family?: Family;
  readonly source?: RangeBounds;
  readonly destination?: RangeBounds;
  readonly protocols?: readonly NumberRange[];
  readonly sourcePorts?: PortBounds;
  readonly ports?: PortBounds;
  /** Each is an additional condition, and one of them is enough. */
  readonly kinds?: readonly PacketBlock[];
  /** Why the rule may match only some of these packets, or only at times. */
  readonly unknownReasons?: readonly string[];
  /** The limits behind which the rule doesn't match; a new client is within them. */
  readonly limitReasons?: readonly string[];
}

export const createPortBounds = (...ports: readonly number[]): PortBounds => createCertain(toNumberRanges(...ports));

/**
 * The packets that are matched for certain (`must`), and all that may be, these included (`may`); if that is more,
 * the reason.
 */
export interface PacketBounds {
  readonly must: PacketSet;
  readonly may: PacketSet;
  readonly reasons: readonly string[];
  /** The packets that match if a new client sends them; undefined if that isn't known. */
  readonly newClient?: PacketSet;
}

export function computePackets(criteria: Omit<PfCriteria, keyof PfRuleScope>): PacketBounds {
  const { family, source, destination, protocols: numbers, sourcePorts, ports, kinds } = criteria;
  const uncertain = [source, destination, sourcePorts, ports].flatMap((part) =>
    part && part.uncertain.length > 0 ? [part] : [],
  );
  const createPacketSet = (getRanges: <R>(bounds: RangeBounds<R>) => readonly R[]): PacketSet => {
    const ranges = {
      ...(source && source !== ANY_ADDRESS && { source: getRanges(source) }),
      ...(destination && destination !== ANY_ADDRESS && { destination: getRanges(destination) }),
      ...(numbers && { protocol: numbers }),
      ...(sourcePorts && { sourcePort: getRanges(sourcePorts) }),
      ...(ports && { port: getRanges(ports) }),
    };
    if (Object.values(ranges).some(({ length }) => length === 0)) return PacketMap.NONE;
    const block: PacketBlock = { ...ranges, ...(family && { family }) };
    return kinds
      ? PacketMap.mergeFirst(kinds.map((kind) => PacketMap.createSet({ ...block, ...kind })))
      : PacketMap.createSet(block);
  };
  const must = createPacketSet((bounds) => bounds.must);
  return uncertain.length === 0
    ? { must, may: must, reasons: [] }
    : {
        must,
        may: createPacketSet(listRanges),
        reasons: [joinReasons(uncertain)],
        ...(uncertain.every((part) => part.newClient) && {
          newClient: createPacketSet((bounds) => bounds.newClient ?? bounds.must),
        }),
      };
}

export function createMatch(
  { line, on }: PfRuleScope,
  { must, may, reasons, newClient = reasons.length === 0 ? must : undefined }: PacketBounds,
  doubts: readonly string[],
  limits: readonly string[] = [],
): PfMatch {
  const packets = doubts.length + limits.length > 0 ? PacketMap.NONE : must;
  if (packets.equals(may)) return { line, on, packets };
  const reason = [...new Set([...doubts, ...limits, ...reasons])].join('; ');
  const newClientPackets = doubts.length === 0 ? newClient?.subtract(packets) : undefined;
  const uncertain = { packets: may.subtract(packets), reason };
  return {
    line,
    on,
    packets,
    uncertain: newClientPackets ? { ...uncertain, newClient: newClientPackets } : uncertain,
  };
}

export const matchCriteria = ({ unknownReasons = [], limitReasons = [], ...criteria }: PfCriteria): PfMatch =>
  createMatch(criteria, computePackets(criteria), unknownReasons, limitReasons);

/** Returns all packets that a rule matches or may match. */
export const getPossiblePackets = ({ packets, uncertain }: PfMatch): PacketSet =>
  uncertain ? packets.unite(uncertain.packets) : packets;
