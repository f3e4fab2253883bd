import { Translation } from '../reachability/exposure';
import { PacketMap, PacketSet } from '../net/packet-map';

/**
 * A way in which what was read lies outside what the policy asks for: it `opens` what may not pass, it is `missing` what must, it is
 * `undecided`, or it passes, surely or perhaps, to another host or as another source (`changed`), or to another host though it is none of
 * ours to translate (`diverted`), or it `closes` what isn't ours to close.
 */
export type Kind = 'opens' | 'missing' | 'undecided' | 'changed' | 'diverted' | 'closes';

export type Deviation = readonly [Kind, PacketSet];

export const byKind = (found: PacketMap<Kind>, kinds: readonly Kind[]): readonly Deviation[] =>
  kinds.map((kind) => [kind, found.where((one) => one === kind)]);

export const otherwise = (wanted: Translation, is: Translation | undefined): 'changed' | 'diverted' =>
  wanted.destination.is === 'kept' && is !== undefined && is.destination.is !== 'kept' ? 'diverted' : 'changed';
