// Converts a health check of the intent (source, destination, port) to the packets and the start locations by which
// the verifier evaluates it.

import { HealthCheck } from '../agent-protocol/release';
import { ReachabilityView } from '../reachability/reachability';
import { getFamily, parseAddress } from '../net/address';
import { isSameEntry } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { EvaluatedConfig } from '../parse/config-parser';

/**
 * Returns the first packets of a health check, from any port. Undefined if its two addresses are invalid or of
 * different families.
 */
export function createHealthCheckPackets({ from, to, protocol, port }: HealthCheck): PacketSet | undefined {
  const [source, destination] = [parseAddress(from), parseAddress(to)];
  if (source === undefined || destination === undefined || getFamily(source) !== getFamily(destination))
    return undefined;
  return PacketMap.createSet({
    source: [toSingleRange(source)],
    destination: [toSingleRange(destination)],
    protocol: [toSingleRange(PROTOCOL[protocol])],
    port: [toSingleRange(port)],
  });
}

/** Returns the views that a health check enters by, one per uplink. */
export const selectViews = ({ reachability }: EvaluatedConfig, { arrives }: HealthCheck): readonly ReachabilityView[] =>
  reachability.views.filter(({ startLocation }) => isSameEntry(startLocation, { kind: 'interface', name: arrives }));
