// Parses the interfaces of a gateway's or server's intent, and finds the interface behind which an address lies.

import { Prefix, getFamily, isHost, getNetwork, toRange, printAddress, printPrefix } from '../net/address';
import { NetworkInterface, Role, getSubnets } from '../net/device';
import { Range, contains, toSingleRange } from '../net/range';
import {
  findEdgeKind,
  parseInterfaceAddressField,
  parseUsablePrefix,
  LINK_LOCAL_RANGES,
  overlapsAny,
} from './addresses';
import { IntentFields, IntentLocation, parseEntries, parseText } from './fields';
import {
  gatewaySchema,
  interfaceSchema,
  publicPrefixSchema,
  serverInterfaceSchema,
  serverSchema,
} from './intent-schemas';
import { describeNetworkAddress } from './problems/address-problems';
import * as say from './problems/device-problems';
import { describeLinkLocal } from './problems/gateway-problems';
import * as shape from './problems/field-problems';

/** An interface as the device has it, with the public prefixes that arrive by it. */
export interface ParsedInterface {
  readonly networkInterface: NetworkInterface;
  readonly publicPrefixes: readonly { readonly prefix: Prefix; readonly delivery: 'on-link' | 'routed' }[];
}

const DEFAULT_ROUTE_ADVICE = 'The networks themselves: what no other interface has is behind the outside ones anyway.';

/** Parses all interfaces of a device. `role` is given if the intent can't choose it, as on a server. */
export function parseInterfaces(value: unknown, location: IntentLocation, role?: Role): readonly ParsedInterface[] {
  const parseEntry = (entry: unknown, entryLocation: IntentLocation): ParsedInterface | undefined =>
    parseInterface(entry, entryLocation, role);
  const schema = (role ? serverSchema : gatewaySchema).shape.interfaces;
  const interfaces = parseEntries(
    value,
    location,
    schema,
    'A list of interfaces',
    'At least one interface.',
    parseEntry,
  );
  refuseDuplicates(interfaces, location);
  return interfaces;
}

/** Expands the shorthand `wan: outside 203.0.113.2/28`, which may list several addresses, to an object. */
function expandShorthand(value: unknown): unknown {
  const [, name, role, addresses] = (typeof value === 'string' && /^(\S+): (\S+) (\S+(?: \S+)*)$/.exec(value)) || [];
  return addresses === undefined ? value : { name, role, addresses: addresses.split(' ') };
}

function parseInterface(
  value: unknown,
  location: IntentLocation,
  fixedRole: Role | undefined,
): ParsedInterface | undefined {
  const gatewayFields = fixedRole
    ? undefined
    : IntentFields.parse(
        expandShorthand(value),
        location,
        interfaceSchema,
        'An interface: { name, role, addresses }, or "wan: outside 203.0.113.2/28"',
      );
  const fields: IntentFields | undefined = fixedRole
    ? IntentFields.parse(value, location, serverInterfaceSchema, 'An interface: { name, addresses }')
    : gatewayFields;
  if (!fields) return undefined;
  const name = fields.parseRequired('name', 'its name on the device', parseInterfaceName);
  const role = fixedRole ?? gatewayFields?.parseChoice('role');
  gatewayFields?.parseOptionalFlag('terminatesVpn');
  const addresses = fields.requireField('addresses', '["203.0.113.2/28"], for example')
    ? parseInterfaceAddresses(fields.getValue('addresses'), fields.getLocation('addresses'), fixedRole !== undefined)
    : [];
  const routes = fields.parseOptional('routes', parseRoutes, []);
  const publicPrefixes = fields.parseOptional('publicPrefixes', parsePublicPrefixes, []);
  if (publicPrefixes.length > 0 && role !== undefined && role !== 'outside')
    location.report(say.describePublicOnInner(fields.getLocation('publicPrefixes').where, role));
  return name === undefined || role === undefined
    ? undefined
    : { networkInterface: { name, role, addresses, routes }, publicPrefixes };
}

export function parseInterfaceName(value: unknown, location: IntentLocation): string | undefined {
  const text = parseText(value, location, 'The name of an interface, as text');
  if (text === undefined) return undefined;
  return /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,62}$/.test(text) && text !== 'lo'
    ? text
    : location.report(say.describeBadInterfaceName(location.where, text));
}

/** Returns the interface that the value names. Reports a problem if no interface has that name. */
export function resolveInterface(
  value: unknown,
  location: IntentLocation,
  interfaces: readonly ParsedInterface[],
): ParsedInterface | undefined {
  const name = parseInterfaceName(value, location);
  const names = interfaces.map(({ networkInterface }) => networkInterface.name);
  if (name === undefined || names.includes(name))
    return interfaces.find(({ networkInterface }) => networkInterface.name === name);
  return location.report(shape.describeUnknownName(location.where, 'interface', name, names));
}

export function parseInterfaceAddresses(
  value: unknown,
  location: IntentLocation,
  allowBare: boolean,
): NetworkInterface['addresses'] {
  const usedAddresses = new Set<bigint>();
  return parseEntries(
    value,
    location,
    interfaceSchema.shape.addresses,
    'A list of addresses',
    'At least one address.',
    (entry, entryLocation) => {
      const parsed = parseInterfaceAddressField(entry, entryLocation, allowBare);
      if (!parsed) return undefined;
      if (usedAddresses.has(parsed.address))
        return entryLocation.report(
          shape.describeDuplicate(
            entryLocation.where,
            'the address',
            printAddress(parsed.address),
            'earlier in this list',
          ),
        );
      usedAddresses.add(parsed.address);
      // A server's link-local address is refused: nothing could be open there to other networks. A gateway may have one
      // that the operator chose.
      if (
        allowBare &&
        getFamily(parsed.address) === 'ip6' &&
        overlapsAny(LINK_LOCAL_RANGES, toSingleRange(parsed.address))
      )
        return entryLocation.report(
          describeLinkLocal(
            entryLocation.where,
            printAddress(parsed.address),
            'Nothing: each interface has one by itself.',
          ),
        );
      return parsed;
    },
  );
}

const parseRoutes = (value: unknown, location: IntentLocation): readonly Prefix[] =>
  parseEntries(
    value,
    location,
    interfaceSchema.shape.routes,
    'A list of prefixes',
    'At least one prefix, or no "routes" at all.',
    (entry, entryLocation) => parseUsablePrefix(entry, entryLocation, DEFAULT_ROUTE_ADVICE),
  );

const parsePublicPrefixes = (value: unknown, location: IntentLocation): ParsedInterface['publicPrefixes'] =>
  parseEntries(
    value,
    location,
    interfaceSchema.shape.publicPrefixes,
    'A list: [{ prefix, delivery }]',
    'At least one prefix, or no "publicPrefixes" at all.',
    (entry, entryLocation) => {
      const fields = IntentFields.parse(
        entry,
        entryLocation,
        publicPrefixSchema,
        "An object: { prefix: '203.0.113.16/28', delivery: 'routed' }",
      );
      const prefix = fields?.parseRequired('prefix', '"203.0.113.16/28", for example', (prefixValue, prefixLocation) =>
        parseUsablePrefix(prefixValue, prefixLocation, 'The public prefixes themselves.'),
      );
      const delivery = fields?.parseChoice('delivery');
      return prefix && delivery && { prefix, delivery };
    },
  );

/** Reports names, addresses and networks that two interfaces share. */
function refuseDuplicates(interfaces: readonly ParsedInterface[], location: IntentLocation): void {
  const names = new Map<string, number>();
  const addresses = new Map<bigint, string>();
  const networks = new Map<string, string>();
  interfaces.forEach(({ networkInterface }, index) => {
    const earlierIndex = names.get(networkInterface.name);
    if (earlierIndex !== undefined)
      location.report(
        shape.describeDuplicate(
          location.getChild(index).where,
          'an interface',
          networkInterface.name,
          `interfaces[${earlierIndex}]`,
        ),
      );
    names.set(networkInterface.name, index);
    for (const { address, length } of networkInterface.addresses) {
      const network = getNetwork(address, length);
      // Each interface has a link-local network of its own with the same prefix.
      if (overlapsAny(LINK_LOCAL_RANGES, toRange(network))) continue;
      const addressOwner = addresses.get(address);
      if (addressOwner !== undefined && addressOwner !== networkInterface.name) {
        location.report(
          shape.describeDuplicate(
            location.getChild(index).where,
            'the address',
            printAddress(address),
            `on ${addressOwner}`,
          ),
        );
      } else if (!isHost(network)) {
        const otherName = networks.get(printPrefix(network));
        if (otherName !== undefined && otherName !== networkInterface.name)
          location.report(say.describeSameNetwork(location.getChild(index).where, printPrefix(network), otherName));
        else networks.set(printPrefix(network), networkInterface.name);
      }
      addresses.set(address, networkInterface.name);
    }
  });
  interfaces.forEach(({ networkInterface }, index) => {
    for (const route of networkInterface.routes) {
      const otherName = networks.get(printPrefix(route));
      if (otherName !== undefined && otherName !== networkInterface.name)
        location.report(say.describeSameNetwork(location.getChild(index).where, printPrefix(route), otherName));
    }
  });
}

/** Refuses a single address that is the network or the broadcast address of an interface's network. */
export function refuseNetworkEdge(
  prefix: Prefix,
  location: IntentLocation,
  interfaces: readonly ParsedInterface[],
): Prefix | undefined {
  if (!isHost(prefix)) return prefix;
  for (const { networkInterface } of interfaces) {
    for (const { address, length } of networkInterface.addresses) {
      const network = getNetwork(address, length);
      const edgeKind = contains(toRange(network), prefix.first) ? findEdgeKind(prefix.first, network) : undefined;
      if (edgeKind)
        return location.report(
          describeNetworkAddress(location.where, printPrefix(prefix), edgeKind, printPrefix(network)),
        );
    }
  }
  return prefix;
}

/** Returns an inner interface with some of these addresses in its subnets. Translated ones aren't reachable there. */
export const findInnerSubnetInterface = (
  interfaces: readonly ParsedInterface[],
  range: Range,
): NetworkInterface | undefined =>
  interfaces.find(
    ({ networkInterface }) => networkInterface.role !== 'outside' && overlapsAny(getSubnets(networkInterface), range),
  )?.networkInterface;

/** Returns the interface that an address or network lies behind: the one with the longest prefix that holds it. */
export function matchInterface(interfaces: readonly ParsedInterface[], prefix: Prefix): ParsedInterface | undefined {
  const range = toRange(prefix);
  let bestMatch: { readonly parsedInterface: ParsedInterface; readonly length: number } | undefined;
  for (const parsedInterface of interfaces) {
    const networks = [
      ...parsedInterface.networkInterface.addresses.map(({ address, length }) => getNetwork(address, length)),
      ...parsedInterface.networkInterface.routes,
    ];
    for (const network of networks) {
      const networkRange = toRange(network);
      if (
        getFamily(network.first) !== getFamily(prefix.first) ||
        range.first < networkRange.first ||
        range.last > networkRange.last
      )
        continue;
      if (!bestMatch || network.length > bestMatch.length) bestMatch = { parsedInterface, length: network.length };
    }
  }
  return bestMatch?.parsedInterface;
}
