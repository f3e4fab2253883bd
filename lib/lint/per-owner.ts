import { prefixRange, printPrefix } from '../net/address';
import { groupBy } from '../net/group-by';
import { Range, joined } from '../net/range';
import { GatewayPolicy, Mapping, VirtualIp } from '../policy/policy';
import { printSome, some, touchesAny } from './addresses';
import { Host } from './hosts';
import { gatewaysOf } from './owners';
import { Find, Finding, Said } from './rule';
import { Subject, SubjectOwner } from './subject';
import { Target } from './targets';

/** Where a person finds it: the owner, and the profile, the mappings or the public addresses. */
export function placeOf({ name, policy }: SubjectOwner, at: readonly Range[]): string {
  if (policy?.kind === 'server') return `${name}, profile ${policy.openings.name}`;
  const mappings = policy ? mappingsAt(policy, at) : [];
  return `${name}, ${mappings.length > 0 ? namedMappings(mappings) : printSome(at)}`;
}

const namedMappings = (names: readonly string[]): string =>
  `${names.length === 1 ? 'mapping' : 'mappings'} ${some(names)}`;

/** Names of the enabled mappings that have some of these public addresses, in their order. */
function mappingsAt({ mappings }: GatewayPolicy, at: readonly Range[]): readonly string[] {
  const ranges = joined(at);
  return mappings
    .filter(({ enabled, outside }) => enabled && touchesAny(ranges, prefixRange(outside)))
    .map(({ name }) => name);
}

export const byOwner = (targets: readonly Target[]): ReadonlyMap<SubjectOwner, readonly Target[]> =>
  groupBy(targets, ({ owner }) => owner);

/** One finding per owner, whatever the number of its targets. */
export const perOwner = (
  targets: readonly Target[],
  say: (targets: readonly Target[], at: string) => Said,
): readonly Finding[] =>
  [...byOwner(targets)].map(([owner, mine]) => {
    const at = mine.flatMap((target) => target.at);
    return { where: placeOf(owner, at), ...say(mine, printSome(at)) };
  });

/** One finding per gateway that something is found on. */
export const perGateway =
  <T>(
    find: (gateway: SubjectOwner, subject: Subject) => readonly T[],
    say: (found: readonly T[], gateway: SubjectOwner) => Finding,
  ): Find =>
  (subject) =>
    gatewaysOf(subject).flatMap((gateway) => {
      const found = find(gateway, subject);
      return found.length === 0 ? [] : say(found, gateway);
    });

/** Of hosts behind it, at their public addresses. */
export const perGatewayOfHosts = (
  find: (gateway: SubjectOwner, subject: Subject) => readonly Host[],
  say: (hosts: readonly Host[], at: readonly Range[]) => Said,
): Find =>
  perGateway(find, (hosts, gateway) => {
    const at = hosts.map(({ outside }) => outside);
    return { where: placeOf(gateway, at), ...say(hosts, at) };
  });

/** Of mappings of its policy, by their names. */
export const perGatewayOfMappings = (
  find: (policy: GatewayPolicy, gateway: SubjectOwner, subject: Subject) => readonly Mapping[],
  say: (mappings: readonly Mapping[]) => Said,
): Find =>
  perGateway(
    (gateway, subject) => (gateway.policy?.kind === 'gateway' ? find(gateway.policy, gateway, subject) : []),
    (found, { name }) => ({ where: `${name}, ${namedMappings(found.map((mapping) => mapping.name))}`, ...say(found) }),
  );

/** Of virtual IPs of its policy, by their names. */
export const perGatewayOfVirtualIps = (
  find: (policy: GatewayPolicy) => readonly VirtualIp[],
  say: (outside: string) => Said,
): Find =>
  perGateway(
    ({ policy }) => (policy?.kind === 'gateway' ? find(policy) : []),
    (found, gateway) => {
      const at = found.map(({ outside }) => prefixRange(outside));
      return {
        where: `${gateway.name}, ${namedVirtualIps(gateway, at)}`,
        ...say(some(found.map(({ outside }) => printPrefix(outside)))),
      };
    },
  );

/** Of what holds for a whole owner. */
export const wholeOf = ({ name, policy }: SubjectOwner): string =>
  policy?.kind === 'server' ? `${name}, profile ${policy.openings.name}` : name;

/** Names of the virtual IPs that have some of these addresses; the addresses where there are none. */
export function namedVirtualIps({ policy }: SubjectOwner, at: readonly Range[]): string {
  const ranges = joined(at);
  const names =
    policy?.kind === 'gateway'
      ? policy.virtualIps.filter(({ outside }) => touchesAny(ranges, prefixRange(outside))).map(({ name }) => name)
      : [];
  return names.length === 0 ? printSome(at) : `${names.length === 1 ? 'virtual IP' : 'virtual IPs'} ${some(names)}`;
}
