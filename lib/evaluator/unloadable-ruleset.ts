import { createTranslation, createUnclear, createUnknown } from '../reachability/reachability';
import { StartLocation } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { createDestinationSet, createLocalSourceSet, createSourceSet } from './address-sets';
import { FinalOutcome, createFinalOutcome } from './final-outcomes';
import { RoutingTable } from './routing-table';

/** Returns unknown outcomes for all packets that can exist, if nothing can be said of the rules. */
export function evaluateUnloadable(
  kind: StartLocation['kind'],
  reason: string,
  routing: RoutingTable,
): PacketMap<FinalOutcome> {
  const outcome = createFinalOutcome(
    createUnknown(reason),
    createTranslation({ destination: createUnclear(reason), source: createUnclear(reason), sourcePort: 'free' }),
  );
  const toDevice = createDestinationSet(routing.local);
  const possiblePackets =
    kind === 'interface'
      ? PacketMap.ALL
      : kind === 'self'
        ? createLocalSourceSet(routing).subtract(toDevice)
        : toDevice.intersect(createSourceSet(routing.local));
  return possiblePackets.map(() => outcome);
}
