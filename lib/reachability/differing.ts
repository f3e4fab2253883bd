import { Pairs } from '../net/interned';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { Rewrite, Translation } from './exposure';

/** What an allowed packet becomes before and after. Interned, as values of maps are. */
export type Pair = readonly [before: Translation, after: Translation];

const pairs = new Pairs<Translation, Translation, Pair>();

/**
 * Where two maps are defined and say different things. Set to one address and moved by a distance are the same for one packet and not
 * for its neighbour, so canonical translations aren't enough: which of the two a map holds depends on what else it tells apart.
 */
export function differing(a: PacketMap<Translation>, b: PacketMap<Translation>): PacketMap<Pair> {
  const found = a.with(b, (x, y) =>
    x === undefined || y === undefined || x === y ? undefined : pairs.of(x, y, () => [x, y]),
  );
  if (!found.values.some((pair) => sameAt(pair) !== undefined)) return found;
  return found.compose((pair) => {
    const same = sameAt(pair);
    const everywhere = PacketMap.everywhere(pair);
    return same ? everywhere.apartFrom(same) : everywhere;
  });
}

/** The packets of which both say the same; undefined: none. */
function sameAt([a, b]: Pair): PacketSet | undefined {
  if (a.port !== b.port || a.sourcePort !== b.sourcePort) return undefined;
  const [destination, source] = [sameAddress(a.destination, b.destination), sameAddress(a.source, b.source)];
  if (destination === 'never' || source === 'never') return undefined;
  return PacketMap.set({
    ...(destination === 'always' ? {} : { destination: [point(destination)] }),
    ...(source === 'always' ? {} : { source: [point(source)] }),
  });
}

/** The one address that both rewrite alike. */
function sameAddress(a: Rewrite, b: Rewrite): 'always' | 'never' | bigint {
  if (a === b) return 'always';
  const [set, other] = a.is === 'set' ? [a, b] : b.is === 'set' ? [b, a] : [undefined, a];
  if (!set || (other.is !== 'moved' && other.is !== 'kept')) return 'never';
  const at = set.to - (other.is === 'moved' ? other.by : 0n);
  return at < 0n ? 'never' : at;
}
