// Converts groups of packets to the services of a profile: by name where there is one, otherwise as ports or
// protocols.

import { LOCAL_PORTS_112 } from '../../intent/data/cpanel-ports-112';
import { SERVICES } from '../../intent/data/services';
import { ServiceIntent, Sources } from '../../intent/intent';
import { matchServices } from '../../intent/find-service-names';
import { subtractNumbers } from '../../net/axis-nodes';
import { toNumberRanges } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { PROTOCOL } from '../../net/packet';
import { ECHO_REQUEST_TYPES, ICMP_ERROR_TYPES, PacketGroup, isIcmp, listNumbers } from '../packet-groups';
import { PORTLESS_PROTOCOL_NAMES, PORT_PROTOCOL_NAMES, formatPorts } from '../format-ports';

/** A group that is carried over, with its sources as an intent writes them. */
export interface CarriedGroup extends PacketGroup {
  readonly from: Sources;
}

/** Returns the services of the groups: those with a name first, then the remaining ports and protocols. */
export const createServiceIntents = (groups: readonly CarriedGroup[]): readonly ServiceIntent[] =>
  [...groupBy(groups, ({ from }) => JSON.stringify(from)).values()].flatMap((sameSourceGroups) => {
    const [{ from }] = sameSourceGroups;
    const { names, rest: remainingGroups } = matchServices<PacketGroup>(sameSourceGroups, ['ssh', 'licence-callback']);
    const namedServices = names.map((name): ServiceIntent =>
      from === 'anywhere' && !SERVICES.get(name)!.administrative ? name : { service: name, from },
    );
    return [...namedServices, ...remainingGroups.flatMap((group) => createUnnamedServices(group, from))];
  });

/** An intent takes no more ports in one entry. */
const MAX_PORTS_PER_ENTRY = 1000;

function createUnnamedServices(group: PacketGroup, sources: Sources): readonly ServiceIntent[] {
  const { protocol, ports } = group;
  if (isIcmp(group)) {
    const types = (listNumbers(ports) ?? []).filter(
      (type) => type !== ECHO_REQUEST_TYPES[protocol] && !ICMP_ERROR_TYPES[protocol]!.includes(type),
    );
    return types.length === 0
      ? []
      : [{ protocol: protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6', types, from: sources }];
  }
  const name = PORT_PROTOCOL_NAMES[protocol];
  if (name === undefined) return [{ protocol: PORTLESS_PROTOCOL_NAMES[protocol] ?? protocol, from: sources }];
  const openPorts = subtractNumbers(ports, toNumberRanges(0, ...LOCAL_PORTS_112));
  return Array.from({ length: Math.ceil(openPorts.length / MAX_PORTS_PER_ENTRY) }, (_, index) => ({
    ports: formatPorts(openPorts.slice(index * MAX_PORTS_PER_ENTRY, (index + 1) * MAX_PORTS_PER_ENTRY)),
    protocol: name,
    from: sources,
  }));
}
