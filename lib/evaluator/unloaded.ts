import { translation, unclear, unknown } from '../reachability/exposure';
import { Vantage } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { destinations, sentByItself, sources } from './by-destination';
import { End, endOf } from './ends';
import { Surroundings } from './surroundings';

/** Packets that can be there at all, where nothing can be said of the rules. */
export function unloadedFrom(kind: Vantage['kind'], because: string, surroundings: Surroundings): PacketMap<End> {
  const end = endOf(
    unknown(because),
    translation({ destination: unclear(because), source: unclear(because), sourcePort: 'free' }),
  );
  const toItself = destinations(surroundings.local);
  const there =
    kind === 'interface'
      ? PacketMap.ALL
      : kind === 'self'
        ? sentByItself(surroundings).apartFrom(toItself)
        : toItself.within(sources(surroundings.local));
  return there.map(() => end);
}
