import { StartLocation } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { Reachability } from './reachability';
import { limitView } from './print-reachability';

/** A question about an exposure: everything that is named has to hold. */
export interface ReachabilityQuery {
  readonly to?: readonly Range[];
  readonly from?: readonly Range[];
  /** Protocols and ports, to and from whomever: any of these. */
  readonly services?: readonly PacketSet[];
  readonly vantage?: (vantage: StartLocation) => boolean;
}

/** The packets that are asked about. */
export function getQueriedPackets({ to, from, services }: ReachabilityQuery): PacketSet {
  const addresses = PacketMap.createSet({ ...(to ? { destination: to } : {}), ...(from ? { source: from } : {}) });
  return services ? addresses.intersect(PacketMap.mergeFirst(services)) : addresses;
}

/** What of an exposure is asked about. */
export function limitToQuery(reachability: Reachability, query: ReachabilityQuery): Reachability {
  const packets = getQueriedPackets(query);
  return {
    views: reachability.views
      .filter(({ vantage }) => query.vantage?.(vantage) ?? true)
      .map((view) => limitView(view, packets)),
  };
}
