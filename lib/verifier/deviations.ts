// Types of deviations of an evaluated config from its spec, such as `opens` and `missing`, with functions on their
// kinds.

import { Translation } from '../reachability/reachability';
import { PacketMap, PacketSet } from '../net/packet-map';

/**
 * A way in which a config deviates from its spec. `opens`: a packet passes that may not. `missing`: a packet doesn't
 * pass that must. `undecided`: it isn't known whether a packet passes. `changed`: a packet passes, or may pass, to
 * another host or from another source. `diverted`: a packet is translated to another host though the spec doesn't
 * translate it. `closes`: a packet doesn't pass that the release should leave alone.
 */
export type DeviationKind = 'opens' | 'missing' | 'undecided' | 'changed' | 'diverted' | 'closes';

export type Deviation = readonly [DeviationKind, PacketSet];

export const groupByKind = (kindMap: PacketMap<DeviationKind>, kinds: readonly DeviationKind[]): readonly Deviation[] =>
  kinds.map((kind) => [kind, kindMap.select((candidate) => candidate === kind)]);

export const getTranslationKind = (expected: Translation, actual: Translation | undefined): 'changed' | 'diverted' =>
  expected.destination.is === 'kept' && actual !== undefined && actual.destination.is !== 'kept'
    ? 'diverted'
    : 'changed';
