import { Prefix, prefixRange } from '../../../net/address';
import { Range } from '../../../net/range';
import { GatewayPolicy } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { overlapping } from '../../../generate/overlapping';
import { Part } from '../../../generate/parts';
import { capabilities } from '../capabilities';
import { Box, BoxInterface } from './box';
import * as problems from './problems-box';

/** What on a captured box makes it useless to write anything. */
export function checkBox({ device }: GatewayPolicy, box: Box, found: Problem[]): void {
  const where = `device ${device}`;
  if (box.filterOff !== undefined) found.push(problems.filterOff(where, box.filterOff));
  if (box.partner) found.push(problems.highAvailability(where, box.partner.text, box.partner.line));
}

/** Interfaces of the intent by name, each looked up once; what the box lacks is a problem. */
export function interfacesOf(policy: GatewayPolicy, box: Box, found: Problem[]): ReadonlyMap<string, BoxInterface> {
  const { form } = capabilities.gateway.interfaces;
  const names = new Set([
    ...policy.interfaces.map(({ name }) => name),
    ...[...policy.virtualIps, ...policy.mappings].map((one) => one.interface),
  ]);
  const known = new Map<string, BoxInterface>();
  for (const name of names) {
    const one = box.interfaces.find(({ key }) => key === name) ?? box.interfaces.find(({ device }) => device === name);
    // A name that can't be one was refused.
    if (!one && form.test(name)) found.push(problems.noInterface(`device ${policy.device}`, name));
    else if (one?.enabled === false) found.push(problems.interfaceDisabled(`device ${policy.device}`, name));
    if (one) known.set(name, one);
  }
  // The proof goes by the interfaces of the intent: what comes by another way in would be nobody's question.
  const named = new Set([...known.values()].map(({ key }) => key));
  for (const { key, device, enabled, gateway } of box.interfaces)
    if (enabled && gateway && !named.has(key) && known.size === names.size)
      found.push(problems.unnamedUplink(`device ${policy.device}`, key, device));
  return known;
}

/** Entries of others that have our addresses, or take their packets first. */
export function checkInTheWay(
  policy: GatewayPolicy,
  parts: readonly Part[],
  box: Box,
  keyOf: (name: string) => string,
  found: Problem[],
): void {
  const addresses = overlapping(box.addresses);
  for (const vip of policy.virtualIps) {
    const where = `virtual IP ${vip.name}`;
    const held = addresses(prefixRange(vip.outside));
    if (held) found.push(problems.addressHeld(where, vip.outside, held.called));
    const group = box.carpGroups.find(
      ({ interface: on, vhid }) => vip.carp?.vhid === vhid && on === keyOf(vip.interface),
    );
    if (group) found.push(problems.groupHeld(where, group.vhid, group.called));
  }
  const outsides = overlapping(
    box.oneToOnes.flatMap(({ external, called }) => (external ? [{ range: external, called }] : [])),
  );
  const keys = box.interfaces.map(({ key }) => key);
  const insides = byInterface(
    box.oneToOnes.flatMap(({ interface: on, inside, called }) =>
      inside ? (on === undefined ? keys : [on]).map((key) => ({ on: key, range: inside, called })) : [],
    ),
  );
  const forwards = byInterface(
    box.forwards.flatMap(({ interface: on, destinations, called }) =>
      destinations.map((range) => ({ on, range, called })),
    ),
  );
  const near = new Set(policy.interfaces.filter(({ role }) => role !== 'outside').map(({ name }) => keyOf(name)));
  const past = overlapping(
    box.forwards
      .filter((one) => one.passes && !near.has(one.interface))
      .flatMap(({ targets, called }) => targets.map((range) => ({ range, called }))),
  );
  const told = new Set<string>();
  const tell = (
    where: string,
    say: (where: string, prefix: Prefix, by: string) => Problem,
    prefix: Prefix,
    by: string | undefined,
  ): void => {
    if (by === undefined || told.has(`${where} ${by}`)) return;
    told.add(`${where} ${by}`);
    found.push(say(where, prefix, by));
  };
  for (const { mapping, outside, inside } of parts) {
    const where = `mapping ${mapping.name}`;
    const key = keyOf(mapping.interface);
    tell(
      where,
      (at, prefix, by) => problems.overlaps(at, 'outside', prefix, by),
      outside,
      outsides(prefixRange(outside))?.called,
    );
    tell(
      where,
      (at, prefix, by) => problems.overlaps(at, 'inside', prefix, by),
      inside,
      insides.get(key)?.(prefixRange(inside))?.called,
    );
    tell(where, problems.forwarded, outside, forwards.get(key)?.(prefixRange(outside))?.called);
    tell(where, problems.forwardedPastFilter, inside, past(prefixRange(inside))?.called);
  }
}

interface Entry {
  readonly range: Range;
  readonly called: string;
}

function byInterface(
  entries: readonly (Entry & { readonly on: string })[],
): ReadonlyMap<string, (range: Range) => Entry | undefined> {
  return new Map(
    [...new Set(entries.map(({ on }) => on))].map((on) => [on, overlapping(entries.filter((one) => one.on === on))]),
  );
}
