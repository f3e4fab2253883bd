// Decides how pfSense reflects each mapping (access from inside by the public address), and whether the box's one
// switch for source translation is needed. Reports reflections that the box can't provide.

import { getNetwork, toRange } from '../../../net/address';
import { intersectRanges } from '../../../net/range';
import { GatewayPolicy, Mapping } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { UnmanagedBox, ConfiguredInterface } from './unmanaged-box';
import { OneToOneEntry } from './pfsense-entries';
import * as problems from './allow-rule-problems';

/** The reflection of each mapping, and whether the mappings need the box's one switch. */
interface ReflectionPlan {
  readonly getReflection: (mapping: Mapping) => OneToOneEntry['reflection'];
  /**
   * Whether a mapping consents to the switch and needs it. True even if it is on already: another release of ours may
   * have turned it on.
   */
  readonly needsHelper: boolean;
  /** Whether clients and server may share a subnet, where the box translates sources. */
  readonly sourcesChange: (mapping: Mapping) => boolean;
}

export function planReflections(
  policy: GatewayPolicy,
  box: UnmanagedBox,
  captured: boolean,
  findInterface: InterfaceLookup,
  problemsFound: Problem[],
): ReflectionPlan {
  const active = policy.mappings.filter(({ enabled }) => enabled);
  for (const mapping of active) checkMode(mapping, policy, box, captured, findInterface, problemsFound);
  const shared = active
    .map((mapping) => ({ mapping, on: findSharedSubnets(mapping, policy) }))
    .filter(({ on }) => on.length > 0);
  const sharing = new Set(shared.map(({ mapping }) => mapping));
  const consent = shared.some(({ mapping }) => mapping.reflection.globalHelper);
  if (!box.helper && !consent)
    for (const { mapping, on } of shared)
      problemsFound.push(problems.createSharedSubnet(`mapping ${mapping.name}`, on));
  return {
    getReflection: ({ reflection: { mode, from } }) =>
      mode === 'system-default' ? undefined : mode === 'pure-nat' && from.length > 0 ? 'enable' : 'disable',
    sourcesChange: (mapping) => sharing.has(mapping),
    needsHelper: shared.length > 0 && consent,
  };
}

type InterfaceLookup = (name: string) => ConfiguredInterface | undefined;

function checkMode(
  { name, interface: on, reflection }: Mapping,
  policy: GatewayPolicy,
  box: UnmanagedBox,
  captured: boolean,
  findInterface: InterfaceLookup,
  problemsFound: Problem[],
): void {
  const where = `mapping ${name}`;
  const { mode, from } = reflection;
  switch (mode) {
    case 'disabled':
      return;
    case 'nat-proxy':
      return;
    case 'system-default':
      if (!captured) problemsFound.push(problems.createDefaultUncaptured(where));
      else if (from.length > 0 && !box.reflectsByDefault) problemsFound.push(problems.createDefaultOff(where));
      else if (from.length === 0 && box.reflectsByDefault) problemsFound.push(problems.createDefaultOn(where));
      break;
    case 'pure-nat':
      break;
    default:
      return mode satisfies never;
  }
  if (from.length === 0) return;
  const uplink = findInterface(on);
  const reflecting = box.interfaces.filter(
    (boxInterface) => boxInterface.enabled && !boxInterface.gateway && boxInterface.device !== uplink?.device,
  );
  const wantedKeys = new Set(from.map((boxInterface) => findInterface(boxInterface)?.key));
  if (wantedKeys.size === reflecting.length && reflecting.every(({ key }) => wantedKeys.has(key))) return;
  const getName = (key: string): string =>
    policy.interfaces.find((boxInterface) => findInterface(boxInterface.name)?.key === key)?.name ?? key;
  const names = reflecting.map(({ key }) => getName(key));
  problemsFound.push(problems.createPartialReflection(where, from, names));
}

/** Returns the interfaces that a mapping is reflected from and whose subnet overlaps its inside. */
const findSharedSubnets = (
  { internal, reflection: { mode, from } }: Mapping,
  { interfaces }: GatewayPolicy,
): readonly string[] =>
  mode === 'disabled' || mode === 'nat-proxy'
    ? []
    : interfaces
        .filter(
          ({ name, addresses }) =>
            from.includes(name) &&
            addresses.some(
              ({ address, length }) =>
                intersectRanges(toRange(getNetwork(address, length)), toRange(internal)) !== undefined,
            ),
        )
        .map(({ name }) => name);
