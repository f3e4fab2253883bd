// Decides whether a server, or its neighbours, reach the server by its public address (hairpin NAT), for lint rules
// on cPanel servers.

import { toRange } from '../net/address';
import { NetworkInterface, getSubnets, getInterfaceNetworks } from '../net/device';
import { groupBy } from '../net/group-by';
import { memoize } from '../net/intern-tables';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, contains, covers, intersectRanges, toSingleRange, subtractRanges } from '../net/range';
import { GatewayPolicy } from '../policy/policy';
import { TranslatedHost } from './translated-hosts';
import { selectViews } from './owners';
import { SubjectOwner } from './lint-subject';

/**
 * Returns whether a host reaches itself by its public address: by rules of its own, or by the gateway with another
 * source.
 */
export function canReachItself(gateway: SubjectOwner, host: TranslatedHost): boolean {
  const { external, internal, server } = host;
  const isSelfRedirected = (server?.reachability.views ?? []).some(
    ({ startLocation, translations }) =>
      startLocation.kind === 'self' &&
      translations
        .intersect(PacketMap.createSet({ source: [internal], destination: [external] }))
        .values.some(({ destination }) => destination.is !== 'kept'),
  );
  if (isSelfRedirected) return true;
  const entry = findInsideInterface(gateway, internal);
  if (!entry) return true;
  if (gateway.policy?.kind === 'gateway')
    return findSubnet(entry, internal) !== undefined && isReflected(gateway.policy, host, entry);
  return findReflected(gateway, entry, true, external).some((sources) =>
    sources.some((range) => intersectRanges(range, internal)),
  );
}

/** Returns whether some other host of its network reaches a host by its public address. */
export function canNeighboursReach(gateway: SubjectOwner, host: TranslatedHost): boolean {
  const { external, internal } = host;
  const entry = findInsideInterface(gateway, internal);
  if (!entry) return true;
  if (gateway.policy?.kind === 'gateway') return isReflected(gateway.policy, host, entry);
  const subnet = findSubnet(entry, internal);
  const neighbours = subtractRanges(subnet ? [subnet] : getInterfaceNetworks(entry), [internal]);
  return findReflected(gateway, entry, subnet !== undefined, external).some((sources) =>
    sources.some((range) => neighbours.some((neighbour) => intersectRanges(range, neighbour))),
  );
}

/** Returns the interface that an inside address is behind; undefined if that isn't known, so nothing is claimed. */
const findInsideInterface = ({ device }: SubjectOwner, internal: Range): NetworkInterface | undefined =>
  device.interfaces.find(
    (networkInterface) =>
      networkInterface.role !== 'outside' &&
      getInterfaceNetworks(networkInterface).some((network) => covers(network, internal)),
  );

const findSubnet = (entry: NetworkInterface, internal: Range): Range | undefined =>
  getSubnets(entry).find((network) => covers(network, internal));

const groupByExternal = memoize(({ mappings }: GatewayPolicy): ReadonlyMap<bigint, GatewayPolicy['mappings']> =>
  groupBy(mappings, ({ external }) => external.first),
);

/**
 * Decides by the policy. Its spec translates the source if both are in one network, and verification holds the text to
 * the spec.
 */
function isReflected(policy: GatewayPolicy, { external }: TranslatedHost, { name }: NetworkInterface): boolean {
  const mappings =
    groupByExternal(policy).get(external.first) ??
    policy.mappings.filter((mapping) => contains(toRange(mapping.external), external.first));
  return mappings.some(
    ({ enabled, reflection }) => enabled && reflection.mode !== 'disabled' && reflection.from.includes(name),
  );
}

interface ReflectedSources {
  readonly ranges: readonly Range[];
  readonly sources: readonly Range[];
}

const getReflectionCache = memoize<SubjectOwner, Map<string, readonly ReflectedSources[]>>(() => new Map());

/**
 * Decides by the text: returns the sources that are translated from a public address when they come by an interface.
 */
function findReflected(
  gateway: SubjectOwner,
  { name }: NetworkInterface,
  isSourceTranslated: boolean,
  external: Range,
): readonly (readonly Range[])[] {
  const cache = getReflectionCache(gateway);
  const key = `${name} ${isSourceTranslated}`;
  let groups = cache.get(key);
  if (!groups) cache.set(key, (groups = listReflected(gateway, name, isSourceTranslated)));
  return groups
    .filter(({ ranges }) => ranges.some((range) => intersectRanges(range, external)))
    .map(({ sources }) => sources);
}

const TCP_PACKETS: PacketSet = PacketMap.createSet({ protocol: [toSingleRange(PROTOCOL.tcp)] });

const listReflected = (gateway: SubjectOwner, name: string, isSourceTranslated: boolean): readonly ReflectedSources[] =>
  selectViews(gateway, false)
    .filter(({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === name)
    .flatMap(({ translations }) =>
      translations
        .intersect(TCP_PACKETS)
        .select(({ destination, source }) => destination.is !== 'kept' && (!isSourceTranslated || source.is !== 'kept'))
        .groupAlong('destination')
        .map(({ ranges, below, family }) => ({
          ranges,
          sources: below.groupAlong('source').flatMap((group) => (group.family === family ? group.ranges : [])),
        })),
    );
