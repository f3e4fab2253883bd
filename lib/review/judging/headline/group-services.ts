// Splits changed packets for a phrase of the headline, such as `tcp 22,2087 close on 3 addresses`: in each part every
// host has every service.

import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { groupBy } from '../../../net/group-by';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range } from '../../../net/range';
import { DetailLevel } from './headline-words';

/** Hosts, and a service that they offer, whatever the source. */
interface HostService {
  readonly family: Family;
  readonly hosts: readonly Range[];
  readonly protocol: NumberRange;
  readonly port: NumberRange;
}

const listHostServices = (packets: PacketSet): readonly (readonly HostService[])[] =>
  packets.groupAlong('destination').map(({ family, ranges: hosts, below: sources }) => {
    const cells = sources.groupAlong('source').flatMap((group) => [...group.below.listCells()]);
    return [...groupBy(cells, toServiceKey).values()].map(([{ protocol, port }]): HostService => ({
      family,
      hosts,
      protocol,
      port,
    }));
  });

/** Returns the same services of the same hosts, for every source. */
export const widenSources = (packets: PacketSet): PacketSet => toServicePackets(listHostServices(packets).flat());

/**
 * Splits the packets so that in each part every host has every service: `tcp 22,2087 close on 3 addresses` reads as
 * both ports on all three. The split is by hosts or by services, whichever gives fewer parts. Undefined: there are more
 * parts than `maxParts`.
 */
export function groupServicesByHost(
  packets: PacketSet,
  { parts: maxParts }: DetailLevel,
): readonly PacketSet[] | undefined {
  const servicesByHost = listHostServices(packets);
  const byHosts = [...groupBy(servicesByHost, (services) => services.map(toServiceKey).sort().join()).values()].map(
    (sameServices) => sameServices.flat(),
  );
  if (byHosts.length < 2) return [packets];
  const servicesByKey = [...groupBy(servicesByHost.flat(), toServiceKey).values()];
  const byServices = [
    ...groupBy(servicesByKey, (sameService) => sameService.map(toHostsKey).sort().join()).values(),
  ].map((sameServices) => sameServices.flat());
  const fewestGroups = byServices.length < byHosts.length ? byServices : byHosts;
  return fewestGroups.length > maxParts
    ? undefined
    : fewestGroups.map((services) => packets.intersect(toServicePackets(services)));
}

const toServicePackets = (services: readonly HostService[]): PacketSet =>
  PacketMap.mergeFirst(
    services.map(({ family, hosts, protocol, port }) =>
      PacketMap.createSet({ family, destination: hosts, protocol: [protocol], port: [port] }),
    ),
  );

const toServiceKey = ({ protocol, port }: Pick<HostService, 'protocol' | 'port'>): string =>
  [protocol, port].map(({ first, last }) => `${first}-${last}`).join();

const toHostsKey = ({ hosts }: HostService): string => hosts.map(({ first, last }) => `${first}-${last}`).join();
