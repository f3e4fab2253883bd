import { Prefix, familyOf, isHost, networkOf, prefixRange, printAddress, printPrefix } from '../net/address';
import { NetworkInterface, Role } from '../net/device';
import { interfaceAddressOf, prefixOf, LINK_LOCAL, touches } from './addresses';
import { Fields, Place, listOf, textOf } from './fields';
import * as say from './problems-device';
import * as shape from './problems-shape';

/** An interface as the device has it, and what arrives by it. */
export interface KnownInterface {
  readonly has: NetworkInterface;
  readonly publicPrefixes: readonly { readonly prefix: Prefix; readonly delivery: 'on-link' | 'routed' }[];
}

const ROLES: readonly Role[] = ['outside', 'inside', 'dmz', 'vpn'];
const DEFAULT_ROUTE = 'The networks themselves: what no other interface has is behind the outside ones anyway.';

/** All interfaces of a device. `role` is given where a person doesn't choose it, as on a server. */
export function interfacesOf(value: unknown, place: Place, role?: Role): readonly KnownInterface[] {
  const entries = listOf(value, place, 'A list of interfaces', 'At least one interface.', 256) ?? [];
  const known = entries.map((entry, index) => interfaceOf(entry, place.at(index), role)).flatMap((one) => (one ? [one] : []));
  refuseTwice(known, place);
  return known;
}

function interfaceOf(value: unknown, place: Place, given: Role | undefined): KnownInterface | undefined {
  const keys = given ? ['name', 'addresses', 'routes'] : ['name', 'role', 'addresses', 'publicPrefixes', 'routes', 'terminatesVpn'];
  const fields = Fields.of(value, place, 'An interface: { name, role, addresses }', keys);
  if (!fields) return undefined;
  const name = fields.required('name', 'its name on the device') ? interfaceNameOf(fields.raw('name'), fields.at('name')) : undefined;
  const role = given ?? fields.choice('role', ROLES);
  if (!given) fields.flag('terminatesVpn', false);
  const addresses = fields.required('addresses', '["203.0.113.2/28"], for example')
    ? addressesOf(fields.raw('addresses'), fields.at('addresses'), given !== undefined)
    : [];
  const routes = fields.has('routes') ? routesOf(fields.raw('routes'), fields.at('routes')) : [];
  const publicPrefixes = fields.has('publicPrefixes') ? publicPrefixesOf(fields.raw('publicPrefixes'), fields.at('publicPrefixes')) : [];
  if (publicPrefixes.length > 0 && role !== undefined && role !== 'outside')
    place.add(say.publicOnInner(fields.at('publicPrefixes').where, role));
  return name === undefined || role === undefined ? undefined : { has: { name, role, addresses, routes }, publicPrefixes };
}

export function interfaceNameOf(value: unknown, place: Place): string | undefined {
  const text = textOf(value, place, 'The name of an interface, as text');
  if (text === undefined) return undefined;
  return /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,62}$/.test(text) && text !== 'lo' ? text : place.add(say.badInterfaceName(place.where, text));
}

export function addressesOf(value: unknown, place: Place, bare: boolean): NetworkInterface['addresses'] {
  const entries = listOf(value, place, 'A list of addresses', 'At least one address.', 10_000) ?? [];
  const seen = new Set<bigint>();
  return entries
    .map((entry, index) => {
      const at = place.at(index);
      const parsed = interfaceAddressOf(entry, at, bare);
      if (!parsed) return [];
      if (seen.has(parsed.address))
        return at.add(shape.duplicate(at.where, 'the address', printAddress(parsed.address), 'earlier in this list')) ?? [];
      seen.add(parsed.address);
      return [parsed];
    })
    .flat();
}

function routesOf(value: unknown, place: Place): readonly Prefix[] {
  const entries = listOf(value, place, 'A list of prefixes', 'At least one prefix, or no "routes" at all.') ?? [];
  return entries.map((entry, index) => prefixOf(entry, place.at(index), DEFAULT_ROUTE)).flatMap((one) => (one ? [one] : []));
}

function publicPrefixesOf(value: unknown, place: Place): KnownInterface['publicPrefixes'] {
  const entries = listOf(value, place, 'A list: [{ prefix, delivery }]', 'At least one prefix, or no "publicPrefixes" at all.') ?? [];
  return entries
    .map((entry, index) => {
      const fields = Fields.of(entry, place.at(index), "An object: { prefix: '203.0.113.16/28', delivery: 'routed' }", [
        'prefix',
        'delivery',
      ]);
      if (!fields) return [];
      const prefix = fields.required('prefix', '"203.0.113.16/28", for example')
        ? prefixOf(fields.raw('prefix'), fields.at('prefix'), 'The public prefixes themselves.')
        : undefined;
      const delivery = fields.choice('delivery', ['on-link', 'routed']);
      return prefix && delivery ? [{ prefix, delivery }] : [];
    })
    .flat();
}

/** Names, addresses and networks that two interfaces have both. */
function refuseTwice(known: readonly KnownInterface[], place: Place): void {
  const names = new Map<string, number>();
  const addresses = new Map<bigint, string>();
  const networks = new Map<string, string>();
  known.forEach(({ has }, index) => {
    const earlier = names.get(has.name);
    if (earlier !== undefined)
      place.add(shape.duplicate(place.at(index).where, 'an interface', has.name, `number ${earlier + 1} of this list`));
    names.set(has.name, index);
    for (const { address, length } of has.addresses) {
      const network = networkOf(address, length);
      // Every interface has the link-local network, and each has its own.
      if (touches(LINK_LOCAL, prefixRange(network))) continue;
      const holder = addresses.get(address);
      if (holder !== undefined && holder !== has.name) {
        place.add(shape.duplicate(place.at(index).where, 'the address', printAddress(address), `on ${holder}`));
      } else if (!isHost(network)) {
        const other = networks.get(printPrefix(network));
        if (other !== undefined && other !== has.name) place.add(say.sameNetwork(place.at(index).where, printPrefix(network), other));
        else networks.set(printPrefix(network), has.name);
      }
      addresses.set(address, has.name);
    }
  });
}

/** Which interface an address or network lies behind: the one with the longest prefix that holds it. */
export function behind(known: readonly KnownInterface[], wanted: Prefix): KnownInterface | undefined {
  const range = prefixRange(wanted);
  let best: { readonly one: KnownInterface; readonly length: number } | undefined;
  for (const one of known) {
    const networks = [...one.has.addresses.map(({ address, length }) => networkOf(address, length)), ...one.has.routes];
    for (const network of networks) {
      const whole = prefixRange(network);
      if (familyOf(network.first) !== familyOf(wanted.first) || range.first < whole.first || range.last > whole.last) continue;
      if (!best || network.length > best.length) best = { one, length: network.length };
    }
  }
  return best?.one;
}
