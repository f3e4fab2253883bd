import { prefixRange } from '../net/address';
import { NetworkInterface, subnetsOf, networksOf } from '../net/device';
import { groupBy } from '../net/group-by';
import { remembered } from '../net/interned';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, contains, covers, overlap, point, without } from '../net/range';
import { GatewayPolicy } from '../policy/policy';
import { Host } from './hosts';
import { viewsFrom } from './owners';
import { SubjectOwner } from './subject';

/** Whether a host gets back to itself by its public address: by rules of its own, or by the gateway with another source. */
export function reachesItself(gateway: SubjectOwner, host: Host): boolean {
  const { outside, inside, server } = host;
  const own = (server?.exposure.views ?? []).some(
    ({ vantage, translations }) =>
      vantage.kind === 'self' &&
      translations
        .within(PacketMap.set({ source: [inside], destination: [outside] }))
        .values.some(({ destination }) => destination.is !== 'kept'),
  );
  if (own) return true;
  const entry = entryOf(gateway, inside);
  if (!entry) return true;
  if (gateway.policy?.kind === 'gateway')
    return onSubnet(entry, inside) !== undefined && isReflected(gateway.policy, host, entry);
  return reflected(gateway, entry, true, outside).some((sources) => sources.some((range) => overlap(range, inside)));
}

/** Whether some other host of its network gets to it by its public address. */
export function neighboursReach(gateway: SubjectOwner, host: Host): boolean {
  const { outside, inside } = host;
  const entry = entryOf(gateway, inside);
  if (!entry) return true;
  if (gateway.policy?.kind === 'gateway') return isReflected(gateway.policy, host, entry);
  const subnet = onSubnet(entry, inside);
  const beside = without(subnet ? [subnet] : networksOf(entry), [inside]);
  return reflected(gateway, entry, subnet !== undefined, outside).some((sources) =>
    sources.some((range) => beside.some((other) => overlap(range, other))),
  );
}

/** The interface that an inside address is behind. Undefined: not said, so nothing is claimed of it. */
const entryOf = ({ device }: SubjectOwner, inside: Range): NetworkInterface | undefined =>
  device.interfaces.find((one) => one.role !== 'outside' && networksOf(one).some((network) => covers(network, inside)));

const onSubnet = (entry: NetworkInterface, inside: Range): Range | undefined =>
  subnetsOf(entry).find((network) => covers(network, inside));

const byOutside = remembered(({ mappings }: GatewayPolicy): ReadonlyMap<bigint, GatewayPolicy['mappings']> =>
  groupBy(mappings, ({ outside }) => outside.first),
);

/** By the policy: its meaning has the source translated where both are in one network, and the proof holds the text to it. */
function isReflected(policy: GatewayPolicy, { outside }: Host, { name }: NetworkInterface): boolean {
  const exact =
    byOutside(policy).get(outside.first) ??
    policy.mappings.filter((mapping) => contains(prefixRange(mapping.outside), outside.first));
  return exact.some(
    ({ enabled, reflection }) => enabled && reflection.mode !== 'disabled' && reflection.from.includes(name),
  );
}

interface Group {
  readonly ranges: readonly Range[];
  readonly sources: readonly Range[];
}

const reflections = remembered<SubjectOwner, Map<string, readonly Group[]>>(() => new Map());

/** By the text: the sources that are led on from a public address when they come by an interface. */
function reflected(
  gateway: SubjectOwner,
  { name }: NetworkInterface,
  rewritten: boolean,
  outside: Range,
): readonly (readonly Range[])[] {
  const known = reflections(gateway);
  const key = `${name} ${rewritten}`;
  let groups = known.get(key);
  if (!groups) known.set(key, (groups = listReflected(gateway, name, rewritten)));
  return groups.filter(({ ranges }) => ranges.some((range) => overlap(range, outside))).map(({ sources }) => sources);
}

const TCP: PacketSet = PacketMap.set({ protocol: [point(PROTOCOL.tcp)] });

const listReflected = (gateway: SubjectOwner, name: string, rewritten: boolean): readonly Group[] =>
  viewsFrom(gateway, false)
    .filter(({ vantage }) => vantage.kind === 'interface' && vantage.name === name)
    .flatMap(({ translations }) =>
      translations
        .within(TCP)
        .where(({ destination, source }) => destination.is !== 'kept' && (!rewritten || source.is !== 'kept'))
        .groups('destination')
        .map(({ ranges, below, family }) => ({
          ranges,
          sources: below.groups('source').flatMap((group) => (group.family === family ? group.ranges : [])),
        })),
    );
