// Parses options that tell `exposure` a device's interfaces and interface groups (`eth0=198.51.100.50/24:outside`,
// `Uplinks=em0,em1`) to facts.
import { parseInterfaceAddress } from '../../net/address';
import { Role } from '../../net/device';
import { explainBadAddress } from '../../problems/explain-bad-address';
import { Facts, InterfaceFacts, NO_INTERFACE_FACTS, NO_FACTS, OTHER_INTERFACES } from './device-facts';

/** The name that stands for all other interfaces in an option. */
const OTHERS_KEYWORD = 'others';

const ROLES: readonly Role[] = ['outside', 'inside', 'dmz', 'vpn'];

/**
 * Returns the facts of `eth0:outside`, `eth0=198.51.100.50/24`, `eth0=198.51.100.50/24,2001:db8::2/64:outside` or
 * `others:inside`; undefined for any other text.
 */
export function parseInterfaceOption(text: string): Facts | undefined {
  const { name, written: addressTexts, role } = splitInterfaceOption(text);
  const addresses = addressTexts.map(parseInterfaceAddress);
  if (!/^[^\s/:,]{1,15}$/.test(name) || addresses.includes(undefined) || (role === undefined && addresses.length === 0))
    return undefined;
  const validAddresses = addresses.flatMap((address) => (address ? [address] : []));
  if (name === OTHERS_KEYWORD && validAddresses.length > 0) return undefined;
  const facts: InterfaceFacts = {
    ...NO_INTERFACE_FACTS,
    ...(role === undefined ? {} : { role }),
    addresses: validAddresses,
  };
  return { ...NO_FACTS, interfaces: new Map([[name === OTHERS_KEYWORD ? OTHER_INTERFACES : name, facts]]) };
}

/** Returns a sentence on the option's first bad address; undefined if no address is bad. */
export function explainBadInterface(text: string): string | undefined {
  const badAddress = splitInterfaceOption(text).written.find((address) => !parseInterfaceAddress(address));
  return badAddress === undefined
    ? undefined
    : `"${badAddress}" is no address with its length${explainBadAddress(badAddress)}.`;
}

function splitInterfaceOption(text: string): {
  readonly name: string;
  readonly written: readonly string[];
  readonly role: Role | undefined;
} {
  const role = ROLES.find((knownRole) => text.endsWith(`:${knownRole}`));
  const assignment = role === undefined ? text : text.slice(0, -role.length - 1);
  const equals = assignment.indexOf('=');
  return equals < 0
    ? { name: assignment, written: [], role }
    : { name: assignment.slice(0, equals), written: assignment.slice(equals + 1).split(','), role };
}

/** Returns the facts of `Uplinks=em0,em1`; undefined for any other text. A group's name has no digit at its end. */
export function parseGroupOption(text: string): Facts | undefined {
  const [name = '', members = '', ...extraParts] = text.split('=');
  const names = members.split(',');
  if (
    extraParts.length > 0 ||
    !/^[^\s/:,]{0,14}[^\s/:,\d]$/.test(name) ||
    !names.every((member) => /^[^\s/:,]{1,15}$/.test(member))
  )
    return undefined;
  return { ...NO_FACTS, groups: new Map([[name, names]]) };
}
