import { parseInterfaceAddress } from '../../net/address';
import { Role } from '../../net/device';
import { whyNoAddress } from '../../problems/no-address';
import { Facts, InterfaceFacts, NOTHING, NO_FACTS, OTHERS } from './facts';

/** As people call it. */
const OTHERS_TOLD = 'others';

const ROLES: readonly Role[] = ['outside', 'inside', 'dmz', 'vpn'];

/** `eth0:outside`, `eth0=198.51.100.50/24`, `eth0=198.51.100.50/24,2001:db8::2/64:outside`, `others:inside`. Undefined for what is none of these. */
export function interfaceFacts(text: string): Facts | undefined {
  const { name, written, role } = partsOf(text);
  const addresses = written.map(parseInterfaceAddress);
  if (!/^[^\s/:,]{1,15}$/.test(name) || addresses.includes(undefined) || (role === undefined && addresses.length === 0))
    return undefined;
  const known = addresses.flatMap((one) => (one ? [one] : []));
  if (name === OTHERS_TOLD && known.length > 0) return undefined;
  const told: InterfaceFacts = { ...NOTHING, ...(role === undefined ? {} : { role }), addresses: known };
  return { ...NO_FACTS, interfaces: new Map([[name === OTHERS_TOLD ? OTHERS : name, told]]) };
}

/** Why it is none, where that is one of its addresses: a sentence. */
export function whyNoInterface(text: string): string | undefined {
  const wrong = partsOf(text).written.find((one) => !parseInterfaceAddress(one));
  return wrong === undefined ? undefined : `"${wrong}" is no address with its length${whyNoAddress(wrong)}.`;
}

function partsOf(text: string): {
  readonly name: string;
  readonly written: readonly string[];
  readonly role: Role | undefined;
} {
  const role = ROLES.find((one) => text.endsWith(`:${one}`));
  const rest = role === undefined ? text : text.slice(0, -role.length - 1);
  const equals = rest.indexOf('=');
  return equals < 0
    ? { name: rest, written: [], role }
    : { name: rest.slice(0, equals), written: rest.slice(equals + 1).split(','), role };
}

/** `Uplinks=em0,em1`. Undefined for what is none: a group has no digit at the end of its name. */
export function groupFacts(text: string): Facts | undefined {
  const [name = '', members = '', ...more] = text.split('=');
  const names = members.split(',');
  if (
    more.length > 0 ||
    !/^[^\s/:,]{0,14}[^\s/:,\d]$/.test(name) ||
    !names.every((one) => /^[^\s/:,]{1,15}$/.test(one))
  )
    return undefined;
  return { ...NO_FACTS, groups: new Map([[name, names]]) };
}
