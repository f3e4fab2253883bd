import { parseInterfaceAddress } from '../../net/address';
import { Role } from '../../net/device';
import { explainBadAddress } from '../../problems/explain-bad-address';
import { Facts, InterfaceFacts, NO_INTERFACE_FACTS, NO_FACTS, OTHER_INTERFACES } from './device-facts';

/** As people call it. */
const OTHERS_KEYWORD = 'others';

const ROLES: readonly Role[] = ['outside', 'inside', 'dmz', 'vpn'];

/** `eth0:outside`, `eth0=198.51.100.50/24`, `eth0=198.51.100.50/24,2001:db8::2/64:outside`, `others:inside`. Undefined for what is none of these. */
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

/** Why it is none, where that is one of its addresses: a sentence. */
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
  const role = ROLES.find((candidate) => text.endsWith(`:${candidate}`));
  const assignment = role === undefined ? text : text.slice(0, -role.length - 1);
  const equals = assignment.indexOf('=');
  return equals < 0
    ? { name: assignment, written: [], role }
    : { name: assignment.slice(0, equals), written: assignment.slice(equals + 1).split(','), role };
}

/** `Uplinks=em0,em1`. Undefined for what is none: a group has no digit at the end of its name. */
export function parseGroupOption(text: string): Facts | undefined {
  const [name = '', members = '', ...extra] = text.split('=');
  const names = members.split(',');
  if (
    extra.length > 0 ||
    !/^[^\s/:,]{0,14}[^\s/:,\d]$/.test(name) ||
    !names.every((member) => /^[^\s/:,]{1,15}$/.test(member))
  )
    return undefined;
  return { ...NO_FACTS, groups: new Map([[name, names]]) };
}
