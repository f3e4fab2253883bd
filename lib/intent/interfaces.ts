import { Prefix, familyOf, isHost, networkOf, prefixRange, printAddress, printPrefix } from '../net/address';
import { NetworkInterface, Role, subnetsOf } from '../net/device';
import { Range, contains, point } from '../net/range';
import { edgeOf, interfaceAddressOf, prefixOf, LINK_LOCAL, touches } from './addresses';
import { Fields, Place, entriesOf, textOf } from './fields';
import { KEYS } from './keys';
import { networkAddress } from './problems/address';
import * as say from './problems/device';
import { linkLocal } from './problems/gateway';
import * as shape from './problems/shape';

/** An interface as the device has it, and what arrives by it. */
export interface KnownInterface {
  readonly has: NetworkInterface;
  readonly publicPrefixes: readonly { readonly prefix: Prefix; readonly delivery: 'on-link' | 'routed' }[];
}

const ROLES: readonly Role[] = ['outside', 'inside', 'dmz', 'vpn'];
const DEFAULT_ROUTE = 'The networks themselves: what no other interface has is behind the outside ones anyway.';

/** All interfaces of a device. `role` is given where a person doesn't choose it, as on a server. */
export function interfacesOf(value: unknown, place: Place, role?: Role): readonly KnownInterface[] {
  const read = (entry: unknown, at: Place): KnownInterface | undefined => interfaceOf(entry, at, role);
  const known = entriesOf(value, place, 'A list of interfaces', 'At least one interface.', read, 256);
  refuseTwice(known, place);
  return known;
}

/** `wan: outside 203.0.113.2/28`, with as many addresses as it has: what has nothing else to say. */
function inFields(value: unknown): unknown {
  const [, name, role, addresses] = (typeof value === 'string' && /^(\S+): (\S+) (\S+(?: \S+)*)$/.exec(value)) || [];
  return addresses === undefined ? value : { name, role, addresses: addresses.split(' ') };
}

function interfaceOf(value: unknown, place: Place, given: Role | undefined): KnownInterface | undefined {
  const keys = given ? ['name', 'addresses', 'routes'] : KEYS.interface;
  const wanted = given
    ? 'An interface: { name, addresses }'
    : 'An interface: { name, role, addresses }, or "wan: outside 203.0.113.2/28"';
  const fields = Fields.of(given ? value : inFields(value), place, wanted, keys);
  if (!fields) return undefined;
  const name = fields.needed('name', 'its name on the device', interfaceNameOf);
  const role = given ?? fields.choice('role', ROLES);
  if (!given) fields.flag('terminatesVpn', false);
  const addresses = fields.required('addresses', '["203.0.113.2/28"], for example')
    ? addressesOf(fields.raw('addresses'), fields.at('addresses'), given !== undefined)
    : [];
  const routes = fields.given('routes', routesOf, []);
  const publicPrefixes = fields.given('publicPrefixes', publicPrefixesOf, []);
  if (publicPrefixes.length > 0 && role !== undefined && role !== 'outside')
    place.add(say.publicOnInner(fields.at('publicPrefixes').where, role));
  return name === undefined || role === undefined
    ? undefined
    : { has: { name, role, addresses, routes }, publicPrefixes };
}

export function interfaceNameOf(value: unknown, place: Place): string | undefined {
  const text = textOf(value, place, 'The name of an interface, as text');
  if (text === undefined) return undefined;
  return /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,62}$/.test(text) && text !== 'lo'
    ? text
    : place.add(say.badInterfaceName(place.where, text));
}

/** One of the interfaces, by its name. */
export function knownInterfaceOf(
  value: unknown,
  place: Place,
  known: readonly KnownInterface[],
): KnownInterface | undefined {
  const name = interfaceNameOf(value, place);
  const names = known.map(({ has }) => has.name);
  if (name === undefined || names.includes(name)) return known.find(({ has }) => has.name === name);
  return place.add(shape.unknownName(place.where, 'interface', name, names));
}

export function addressesOf(value: unknown, place: Place, bare: boolean): NetworkInterface['addresses'] {
  const seen = new Set<bigint>();
  return entriesOf(value, place, 'A list of addresses', 'At least one address.', (entry, at) => {
    const parsed = interfaceAddressOf(entry, at, bare);
    if (!parsed) return undefined;
    if (seen.has(parsed.address))
      return at.add(shape.duplicate(at.where, 'the address', printAddress(parsed.address), 'earlier in this list'));
    seen.add(parsed.address);
    // Of a server, as if something from elsewhere could be open there; a gateway may have it as an address of its own choice.
    if (bare && familyOf(parsed.address) === 'ip6' && touches(LINK_LOCAL, point(parsed.address)))
      return at.add(linkLocal(at.where, printAddress(parsed.address), 'Nothing: each interface has one by itself.'));
    return parsed;
  });
}

const routesOf = (value: unknown, place: Place): readonly Prefix[] =>
  entriesOf(value, place, 'A list of prefixes', 'At least one prefix, or no "routes" at all.', (entry, at) =>
    prefixOf(entry, at, DEFAULT_ROUTE),
  );

const publicPrefixesOf = (value: unknown, place: Place): KnownInterface['publicPrefixes'] =>
  entriesOf(
    value,
    place,
    'A list: [{ prefix, delivery }]',
    'At least one prefix, or no "publicPrefixes" at all.',
    (entry, at) => {
      const fields = Fields.of(entry, at, "An object: { prefix: '203.0.113.16/28', delivery: 'routed' }", [
        'prefix',
        'delivery',
      ]);
      const prefix = fields?.needed('prefix', '"203.0.113.16/28", for example', (own, its) =>
        prefixOf(own, its, 'The public prefixes themselves.'),
      );
      const delivery = fields?.choice('delivery', ['on-link', 'routed']);
      return prefix && delivery && { prefix, delivery };
    },
  );

/** Names, addresses and networks that two interfaces have both. */
function refuseTwice(known: readonly KnownInterface[], place: Place): void {
  const names = new Map<string, number>();
  const addresses = new Map<bigint, string>();
  const networks = new Map<string, string>();
  known.forEach(({ has }, index) => {
    const earlier = names.get(has.name);
    if (earlier !== undefined)
      place.add(shape.duplicate(place.at(index).where, 'an interface', has.name, `interfaces[${earlier}]`));
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
        if (other !== undefined && other !== has.name)
          place.add(say.sameNetwork(place.at(index).where, printPrefix(network), other));
        else networks.set(printPrefix(network), has.name);
      }
      addresses.set(address, has.name);
    }
  });
  known.forEach(({ has }, index) => {
    for (const route of has.routes) {
      const other = networks.get(printPrefix(route));
      if (other !== undefined && other !== has.name)
        place.add(say.sameNetwork(place.at(index).where, printPrefix(route), other));
    }
  });
}

/** One address is a host's: refused where it stands for a network on the wire, or for everybody in it. */
export function withoutEdge(wanted: Prefix, place: Place, known: readonly KnownInterface[]): Prefix | undefined {
  if (!isHost(wanted)) return wanted;
  for (const { has } of known) {
    for (const { address, length } of has.addresses) {
      const network = networkOf(address, length);
      const edge = contains(prefixRange(network), wanted.first) ? edgeOf(wanted.first, network) : undefined;
      if (edge) return place.add(networkAddress(place.where, printPrefix(wanted), edge, printPrefix(network)));
    }
  }
  return wanted;
}

/** An inner interface that has some of these addresses on its own wire, where translated ones can't be reached. */
export const onInnerWire = (known: readonly KnownInterface[], wanted: Range): NetworkInterface | undefined =>
  known.find(({ has }) => has.role !== 'outside' && touches(subnetsOf(has), wanted))?.has;

/** Which interface an address or network lies behind: the one with the longest prefix that holds it. */
export function behind(known: readonly KnownInterface[], wanted: Prefix): KnownInterface | undefined {
  const range = prefixRange(wanted);
  let best: { readonly one: KnownInterface; readonly length: number } | undefined;
  for (const one of known) {
    const networks = [...one.has.addresses.map(({ address, length }) => networkOf(address, length)), ...one.has.routes];
    for (const network of networks) {
      const whole = prefixRange(network);
      if (familyOf(network.first) !== familyOf(wanted.first) || range.first < whole.first || range.last > whole.last)
        continue;
      if (!best || network.length > best.length) best = { one, length: network.length };
    }
  }
  return best?.one;
}
