// Finds the allowed packets that are translated to another address or port than before.

import { PairInternTable } from '../net/intern-tables';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { Rewrite, Translation } from './reachability';

/** The translation of an allowed packet before and after. Interned, like all values of maps. */
export type TranslationChange = readonly [before: Translation, after: Translation];

const changeTable = new PairInternTable<Translation, Translation, TranslationChange>();

/**
 * Returns the packets for which both maps are defined and differ. `set` to one address and `moved` by a distance are
 * equal for one packet and not for its neighbour, so canonical translations aren't enough: which of the two a map holds
 * depends on the other packets that it tells apart.
 */
export function findTranslationChanges(
  a: PacketMap<Translation>,
  b: PacketMap<Translation>,
): PacketMap<TranslationChange> {
  const changes = a.merge(b, (x, y) =>
    x === undefined || y === undefined || x === y ? undefined : changeTable.getOrCreate(x, y, () => [x, y]),
  );
  if (!changes.values.some((change) => findUnchanged(change) !== undefined)) return changes;
  return changes.replaceValues((change) => {
    const same = findUnchanged(change);
    const constant = PacketMap.createConstant(change);
    return same ? constant.subtract(same) : constant;
  });
}

/** Returns the packets that both translate alike; undefined if there are none. */
function findUnchanged([a, b]: TranslationChange): PacketSet | undefined {
  if (a.port !== b.port || a.sourcePort !== b.sourcePort) return undefined;
  const [destination, source] = [
    findCommonAddress(a.destination, b.destination),
    findCommonAddress(a.source, b.source),
  ];
  if (destination === 'never' || source === 'never') return undefined;
  return PacketMap.createSet({
    ...(destination === 'always' ? {} : { destination: [toSingleRange(destination)] }),
    ...(source === 'always' ? {} : { source: [toSingleRange(source)] }),
  });
}

/** Returns the one address that both rewrite alike. */
function findCommonAddress(a: Rewrite, b: Rewrite): 'always' | 'never' | bigint {
  if (a === b) return 'always';
  const [target, other] = a.is === 'set' ? [a, b] : b.is === 'set' ? [b, a] : [undefined, a];
  if (!target || (other.is !== 'moved' && other.is !== 'kept')) return 'never';
  const address = target.to - (other.is === 'moved' ? other.distance : 0n);
  return address < 0n ? 'never' : address;
}
