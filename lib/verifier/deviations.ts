import { Translation } from '../reachability/reachability';
import { PacketMap, PacketSet } from '../net/packet-map';

/**
 * A way in which what was read lies outside what the policy asks for: it `opens` what may not pass, it is `missing` what must, it is
 * `undecided`, or it passes, surely or perhaps, to another host or as another source (`changed`), or to another host though it is none of
 * ours to translate (`diverted`), or it `closes` what isn't ours to close.
 */
export type DeviationKind = 'opens' | 'missing' | 'undecided' | 'changed' | 'diverted' | 'closes';

export type Deviation = readonly [DeviationKind, PacketSet];

export const groupByKind = (kindMap: PacketMap<DeviationKind>, kinds: readonly DeviationKind[]): readonly Deviation[] =>
  kinds.map((kind) => [kind, kindMap.select((candidate) => candidate === kind)]);

export const getTranslationKind = (expected: Translation, actual: Translation | undefined): 'changed' | 'diverted' =>
  expected.destination.is === 'kept' && actual !== undefined && actual.destination.is !== 'kept'
    ? 'diverted'
    : 'changed';
