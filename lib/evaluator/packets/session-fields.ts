// Finds the header field that a condition means in a reply, and the fields that later packets, replies and ICMP
// errors don't show.

import { NumberRange } from '../../net/device';
import { toSingleRange } from '../../net/range';
import { UNICAST_PROTOCOLS } from '../packet-shapes';
import { PacketContext, ICMP_PROTOCOLS } from '../packet-context';
import { MatchBounds } from './match-bounds';
import { PacketField, isSourcePort } from '../packet-fields';
import {
  createRegion,
  invertNumberRanges,
  EVERYWHERE,
  createSetRegion,
  intersectRegions,
  createNumberConstraint,
  Region,
  createPacketSet,
} from './regions';

/** Returns the field as the side sees it that sends such a packet. */
export const getPhaseField = (field: PacketField, { phase }: PacketContext): PacketField =>
  (phase === 'answer' && field.replyField) || field;

/**
 * Returns whether packets don't tell a field. They don't tell a source port that was chosen. They don't tell what their
 * session looked like before its translation or will look like after it. ICMP errors tell nothing of the session that
 * they are about.
 */
export const isHidden = (field: PacketField, context: PacketContext): boolean =>
  findHiddenScope(field, context) !== undefined;

function findHiddenScope(
  field: PacketField,
  { phase, hasFreeSourcePort, snat, hook }: PacketContext,
): 'whole' | 'errors' | undefined {
  const { looksAt, session } = field;
  if (hasFreeSourcePort === true && isSourcePort(field)) return 'whole';
  if (session === undefined || (looksAt.is !== 'address' && looksAt.is !== 'number')) return undefined;
  if (session === 'either') return phase === 'related' ? 'errors' : undefined;
  const isSource = looksAt.axis === 'source' || looksAt.axis === 'sourcePort';
  if (phase === 'answer' && session === 'original') return 'whole';
  if (session === 'original' || phase === 'answer') {
    if (looksAt.axis === 'source' && snat !== false) return 'whole';
    return phase === 'related' ? 'errors' : undefined;
  }
  if (phase === 'first') return undefined;
  if (phase === 'related') return 'whole';
  // Before its own translation a packet doesn't tell how it will leave.
  return (isSource ? snat !== true : hook === 'prerouting' || hook === 'output') ? 'whole' : undefined;
}

export function evaluateHiddenField(
  field: PacketField,
  context: PacketContext,
  region: Region | undefined,
): MatchBounds {
  const reason =
    context.hasFreeSourcePort && isSourcePort(field)
      ? 'its source port is chosen by the kernel'
      : `${field.name} is of its session`;
  if (findHiddenScope(field, context) === 'whole') return { must: undefined, may: EVERYWHERE, reason };
  return {
    must: intersectRegions([EXPECTED_SESSIONS, region]),
    may: createSetRegion(createPacketSet(region).unite(createPacketSet(ICMP_ERRORS))),
    reason,
  };
}

/**
 * Parts of the related packets: ICMP errors have the session that they are about, and the rest is what a helper
 * expects.
 */
export const RELATED_REGIONS = splitByProtocol(ICMP_PROTOCOLS);
const [ICMP_ERRORS, EXPECTED_SESSIONS] = RELATED_REGIONS;
/** Packets that Linux takes to one address alone, and packets that may also be sent to all on a wire. */
export const PACKET_TYPE_REGIONS = splitByProtocol(UNICAST_PROTOCOLS.map(toSingleRange));

type RegionPair = readonly [Region | undefined, Region | undefined];

/** Returns the packets of some protocols, and all others. */
function splitByProtocol(protocols: readonly NumberRange[]): RegionPair {
  return [
    createRegion(createNumberConstraint('protocol', protocols)),
    createRegion(createNumberConstraint('protocol', invertNumberRanges(protocols, 255))),
  ];
}

export const selectRegion = ([a, b]: RegionPair, takesFirst: boolean, takesSecond: boolean): Region | undefined =>
  takesFirst && takesSecond ? EVERYWHERE : takesFirst ? a : takesSecond ? b : undefined;
