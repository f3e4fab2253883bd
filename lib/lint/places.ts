import { prefixRange } from '../net/address';
import { Range, joined } from '../net/range';
import { GatewayPolicy } from '../policy/policy';
import { printSome, some, touchesAny } from './addresses';
import { Finding } from './rule';
import { SubjectOwner } from './subject';
import { Target } from './targets';

/** Where a person finds it: the owner, and the profile, the mappings or the public addresses. */
export function placeOf({ name, policy }: SubjectOwner, at: readonly Range[]): string {
  if (policy?.kind === 'server') return `${name}, profile ${policy.openings.name}`;
  const mappings = policy ? mappingsAt(policy, at) : [];
  return `${name}, ${mappings.length > 0 ? namedMappings(mappings) : printSome(at)}`;
}

export const namedMappings = (names: readonly string[]): string => `${names.length === 1 ? 'mapping' : 'mappings'} ${some(names)}`;

/** Names of the enabled mappings that have some of these public addresses, in their order. */
function mappingsAt({ mappings }: GatewayPolicy, at: readonly Range[]): readonly string[] {
  const ranges = joined(at);
  return mappings.filter(({ enabled, outside }) => enabled && touchesAny(ranges, prefixRange(outside))).map(({ name }) => name);
}

/** One finding per owner, whatever the number of its targets. */
export function perOwner(
  targets: readonly Target[],
  say: (targets: readonly Target[], at: string) => { readonly what: string; readonly instead: string },
): readonly Finding[] {
  const owners = new Map<SubjectOwner, Target[]>();
  for (const target of targets) {
    const mine = owners.get(target.owner);
    if (mine) mine.push(target);
    else owners.set(target.owner, [target]);
  }
  return [...owners].map(([owner, mine]) => {
    const at = mine.flatMap((target) => target.at);
    return { where: placeOf(owner, at), ...say(mine, printSome(at)) };
  });
}

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
