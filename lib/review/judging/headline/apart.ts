import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { groupBy } from '../../../net/group-by';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range } from '../../../net/range';
import { Detail } from './words';

/** Hosts, and a service that they have, whoever gets it. */
interface Service {
  readonly family: Family;
  readonly hosts: readonly Range[];
  readonly protocol: NumberRange;
  readonly port: NumberRange;
}

const servicesOf = (packets: PacketSet): readonly (readonly Service[])[] =>
  packets.groups('destination').map(({ family, ranges: hosts, below }) => {
    const cells = below.groups('source').flatMap((group) => [...group.below.cells()]);
    return [...groupBy(cells, serviceKey).values()].map(([{ protocol, port }]): Service => ({
      family,
      hosts,
      protocol,
      port,
    }));
  });

/** The same services of the same hosts, to whoever asks. */
export const toWhomever = (packets: PacketSet): PacketSet => setOf(servicesOf(packets).flat());

/**
 * As parts of which each service is one of each host: `tcp 22,2087 close on 3 addresses` reads as both on all three. By hosts or by services,
 * whichever is shorter. Undefined: more parts than are told.
 */
export function apart(packets: PacketSet, { parts }: Detail): readonly PacketSet[] | undefined {
  const hosts = servicesOf(packets);
  const byHosts = [...groupBy(hosts, (services) => services.map(serviceKey).sort().join()).values()].map((alike) =>
    alike.flat(),
  );
  if (byHosts.length < 2) return [packets];
  const each = [...groupBy(hosts.flat(), serviceKey).values()];
  const byServices = [...groupBy(each, (one) => one.map(hostsKey).sort().join()).values()].map((alike) => alike.flat());
  const fewest = byServices.length < byHosts.length ? byServices : byHosts;
  return fewest.length > parts ? undefined : fewest.map((some) => packets.within(setOf(some)));
}

const setOf = (services: readonly Service[]): PacketSet =>
  PacketMap.first(
    services.map(({ family, hosts, protocol, port }) =>
      PacketMap.set({ family, destination: hosts, protocol: [protocol], port: [port] }),
    ),
  );

const serviceKey = ({ protocol, port }: Pick<Service, 'protocol' | 'port'>): string =>
  [protocol, port].map(({ first, last }) => `${first}-${last}`).join();

const hostsKey = ({ hosts }: Service): string => hosts.map(({ first, last }) => `${first}-${last}`).join();
