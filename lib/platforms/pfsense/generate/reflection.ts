import { networkOf, prefixRange } from '../../../net/address';
import { overlap } from '../../../net/range';
import { GatewayPolicy, Mapping } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { Box, BoxInterface } from './box';
import { OneToOne } from './model';
import * as problems from './problems-openings';

/** How each mapping is reflected, and whether it needs the box's one switch. */
interface Reflections {
  readonly of: (mapping: Mapping) => OneToOne['reflection'];
  /** By consent, also where it is on already: another of ours may have turned it on. */
  readonly needsHelper: boolean;
  /** Whether clients and server may share a subnet, and sources are translated there. */
  readonly sourcesChange: (mapping: Mapping) => boolean;
}

export function reflections(
  policy: GatewayPolicy,
  box: Box,
  captured: boolean,
  interfaceOf: InterfaceOf,
  found: Problem[],
): Reflections {
  const active = policy.mappings.filter(({ enabled }) => enabled);
  for (const mapping of active) checkMode(mapping, policy, box, captured, interfaceOf, found);
  const shared = active
    .map((mapping) => ({ mapping, on: sharedSubnets(mapping, policy) }))
    .filter(({ on }) => on.length > 0);
  const sharing = new Set(shared.map(({ mapping }) => mapping));
  const consent = shared.some(({ mapping }) => mapping.reflection.globalHelper);
  if (!box.helper && !consent)
    for (const { mapping, on } of shared) found.push(problems.helper(`mapping ${mapping.name}`, on));
  return {
    of: ({ reflection: { mode, from } }) =>
      mode === 'system-default' ? undefined : mode === 'pure-nat' && from.length > 0 ? 'enable' : 'disable',
    sourcesChange: (mapping) => sharing.has(mapping),
    needsHelper: shared.length > 0 && consent,
  };
}

type InterfaceOf = (name: string) => BoxInterface | undefined;

function checkMode(
  { name, interface: on, reflection }: Mapping,
  policy: GatewayPolicy,
  box: Box,
  captured: boolean,
  interfaceOf: InterfaceOf,
  found: Problem[],
): void {
  const where = `mapping ${name}`;
  const { mode, from } = reflection;
  switch (mode) {
    case 'disabled':
      return;
    case 'nat-proxy':
      return;
    case 'system-default':
      if (!captured) found.push(problems.defaultUncaptured(where));
      else if (from.length > 0 && !box.reflectsByDefault) found.push(problems.defaultOff(where));
      else if (from.length === 0 && box.reflectsByDefault) found.push(problems.defaultOn(where));
      break;
    case 'pure-nat':
      break;
    default:
      return mode satisfies never;
  }
  if (from.length === 0) return;
  const way = interfaceOf(on);
  const reflects = box.interfaces.filter((one) => one.enabled && !one.gateway && one.device !== way?.device);
  const wanted = new Set(from.map((one) => interfaceOf(one)?.key));
  if (wanted.size === reflects.length && reflects.every(({ key }) => wanted.has(key))) return;
  const nameOf = (key: string): string =>
    policy.interfaces.find((one) => interfaceOf(one.name)?.key === key)?.name ?? key;
  const names = reflects.map(({ key }) => nameOf(key));
  found.push(problems.reflectionFrom(where, from, names));
}

/** Interfaces that it is reflected from and whose subnet holds a part of its inside. */
const sharedSubnets = (
  { inside, reflection: { mode, from } }: Mapping,
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
                overlap(prefixRange(networkOf(address, length)), prefixRange(inside)) !== undefined,
            ),
        )
        .map(({ name }) => name);
