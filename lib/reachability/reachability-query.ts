// Limits a reachability to a question: certain start locations, sources, destinations, protocols or ports.

import { StartLocation } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { Reachability } from './reachability';
import { limitView } from './print-reachability';

/** A question about reachability: all conditions that are defined must hold. */
export interface ReachabilityQuery {
  readonly to?: readonly Range[];
  readonly from?: readonly Range[];
  /** Protocols and ports, to and from any host: a packet must be in one of the sets. */
  readonly services?: readonly PacketSet[];
  readonly matchesStart?: (vantage: StartLocation) => boolean;
}

/** Returns the packets that the query asks about. */
export function getQueriedPackets({ to, from, services }: ReachabilityQuery): PacketSet {
  const addresses = PacketMap.createSet({ ...(to ? { destination: to } : {}), ...(from ? { source: from } : {}) });
  return services ? addresses.intersect(PacketMap.mergeFirst(services)) : addresses;
}

/** Returns the part of the reachability that the query asks about. */
export function limitToQuery(reachability: Reachability, query: ReachabilityQuery): Reachability {
  const packets = getQueriedPackets(query);
  return {
    views: reachability.views
      .filter(({ startLocation }) => query.matchesStart?.(startLocation) ?? true)
      .map((view) => limitView(view, packets)),
  };
}
