// Checks that generated entries can work on the captured pfSense box: its interfaces, its settings, and unmanaged
// entries with the same addresses.

import { Prefix, toRange } from '../../../net/address';
import { Range } from '../../../net/range';
import { GatewayPolicy } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { createOverlapFinder } from '../../../generate/find-overlap';
import { MappingPart } from '../../../generate/mapping-parts';
import { capabilities } from '../capabilities';
import { UnmanagedBox, ConfiguredInterface } from './unmanaged-box';
import * as problems from './box-problems';

/** Reports properties of a captured box that make any generated config useless. */
export function checkBox({ device }: GatewayPolicy, box: UnmanagedBox, problemsFound: Problem[]): void {
  const where = `device ${device}`;
  if (box.filterOff !== undefined) problemsFound.push(problems.createFilterOff(where, box.filterOff));
  if (box.partner) problemsFound.push(problems.createHighAvailability(where, box.partner.text, box.partner.line));
}

/** Returns the interfaces of the intent by name. Each interface that the box lacks is reported once. */
export function resolveInterfaces(
  policy: GatewayPolicy,
  box: UnmanagedBox,
  problemsFound: Problem[],
): ReadonlyMap<string, ConfiguredInterface> {
  const { pattern } = capabilities.gateway.interfaces;
  const names = new Set([
    ...policy.interfaces.map(({ name }) => name),
    ...[...policy.virtualIps, ...policy.mappings].map((boxInterface) => boxInterface.interface),
  ]);
  const resolved = new Map<string, ConfiguredInterface>();
  for (const name of names) {
    const boxInterface =
      box.interfaces.find(({ key }) => key === name) ?? box.interfaces.find(({ device }) => device === name);
    // A name that can't be an interface was refused before.
    if (!boxInterface && pattern.test(name))
      problemsFound.push(problems.createNoInterface(`device ${policy.device}`, name));
    else if (boxInterface?.enabled === false)
      problemsFound.push(problems.createInterfaceDisabled(`device ${policy.device}`, name));
    if (boxInterface) resolved.set(name, boxInterface);
  }
  // Verification uses the interfaces of the intent, so packets from an unnamed uplink would go unchecked.
  const named = new Set([...resolved.values()].map(({ key }) => key));
  for (const { key, device, enabled, gateway } of box.interfaces)
    if (enabled && gateway && !named.has(key) && resolved.size === names.size)
      problemsFound.push(problems.createUnnamedUplink(`device ${policy.device}`, key, device));
  return resolved;
}

/** Reports unmanaged entries that have our addresses or take their packets first. */
export function checkUnmanagedEntries(
  policy: GatewayPolicy,
  parts: readonly MappingPart[],
  box: UnmanagedBox,
  findKey: (name: string) => string,
  problemsFound: Problem[],
): void {
  const findAddress = createOverlapFinder(box.addresses);
  for (const vip of policy.virtualIps) {
    const where = `virtual IP ${vip.name}`;
    const takenAddress = findAddress(toRange(vip.external));
    if (takenAddress) problemsFound.push(problems.createAddressHeld(where, vip.external, takenAddress.label));
    const group = box.carpGroups.find(
      ({ interface: on, vhid }) => vip.carp?.vhid === vhid && on === findKey(vip.interface),
    );
    if (group) problemsFound.push(problems.createGroupHeld(where, group.vhid, group.label));
  }
  const findExternal = createOverlapFinder(
    box.oneToOnes.flatMap(({ external, label }) => (external ? [{ range: external, label }] : [])),
  );
  const keys = box.interfaces.map(({ key }) => key);
  const insides = groupByInterface(
    box.oneToOnes.flatMap(({ interface: on, internal, label }) =>
      internal ? (on === undefined ? keys : [on]).map((key) => ({ on: key, range: internal, label })) : [],
    ),
  );
  const forwards = groupByInterface(
    box.forwards.flatMap(({ interface: on, destinations, label }) =>
      destinations.map((range) => ({ on, range, label })),
    ),
  );
  const insideKeys = new Set(
    policy.interfaces.filter(({ role }) => role !== 'outside').map(({ name }) => findKey(name)),
  );
  const findUnfiltered = createOverlapFinder(
    box.forwards
      .filter((forward) => forward.passes && !insideKeys.has(forward.interface))
      .flatMap(({ targets, label }) => targets.map((range) => ({ range, label }))),
  );
  const reported = new Set<string>();
  const report = (
    where: string,
    createProblem: (where: string, prefix: Prefix, existing: string) => Problem,
    prefix: Prefix,
    existing: string | undefined,
  ): void => {
    if (existing === undefined || reported.has(`${where} ${existing}`)) return;
    reported.add(`${where} ${existing}`);
    problemsFound.push(createProblem(where, prefix, existing));
  };
  for (const { mapping, external: outside, internal: inside } of parts) {
    const where = `mapping ${mapping.name}`;
    const key = findKey(mapping.interface);
    report(
      where,
      (at, prefix, existing) => problems.createOverlap(at, 'outside', prefix, existing),
      outside,
      findExternal(toRange(outside))?.label,
    );
    report(
      where,
      (at, prefix, existing) => problems.createOverlap(at, 'inside', prefix, existing),
      inside,
      insides.get(key)?.(toRange(inside))?.label,
    );
    report(where, problems.createForwarded, outside, forwards.get(key)?.(toRange(outside))?.label);
    report(where, problems.createForwardedPastFilter, inside, findUnfiltered(toRange(inside))?.label);
  }
}

interface DescribedRange {
  readonly range: Range;
  readonly label: string;
}

function groupByInterface(
  entries: readonly (DescribedRange & { readonly on: string })[],
): ReadonlyMap<string, (range: Range) => DescribedRange | undefined> {
  return new Map(
    [...new Set(entries.map(({ on }) => on))].map((on) => [
      on,
      createOverlapFinder(entries.filter((entry) => entry.on === on)),
    ]),
  );
}
