// Parses the intent of a gateway's virtual IP: public address or subnet, kind, interface and CARP settings.
// `gateway-policy-builder.ts` parses `answers`, the services of the gateway itself on the address.

import { LINK_LOCAL_RANGES, parseUsablePrefix, overlapsAny } from './addresses';
import { Prefix, getFamily, isHost, getNetwork, toRange, printPrefix } from '../net/address';
import { contains, covers } from '../net/range';
import { VirtualIp } from '../policy/policy';
import { IntentFields, IntentLocation } from './fields';
import {
  ParsedInterface,
  matchInterface,
  resolveInterface,
  findInnerSubnetInterface,
  refuseNetworkEdge,
} from './interfaces';
import { carpSchema, virtualIpSchema } from './intent-schemas';
import * as address from './problems/address-problems';
import * as say from './problems/gateway-problems';

type VirtualIpFields = IntentFields<typeof virtualIpSchema>;

/** A virtual IP without its answers, and the fields that hold them. */
interface VirtualIpDraft {
  readonly fields: VirtualIpFields;
  readonly vip: Omit<VirtualIp, 'answers'>;
}

/** The platform's support for virtual IPs. */
export interface VirtualIpSupport {
  /** The kind of a virtual IP that says none. */
  readonly defaultKind: VirtualIp['kind'];
  /** Whether the platform has CARP. If not, the kind itself is refused later, and its settings aren't required. */
  readonly carp: boolean;
}

export function parseVirtualIp(
  value: unknown,
  location: IntentLocation,
  interfaces: readonly ParsedInterface[],
  support: VirtualIpSupport,
): VirtualIpDraft | undefined {
  const fields = IntentFields.parse(value, location, virtualIpSchema, 'An object with name and address', {
    isNested: false,
    keysElsewhere: ['gateway'],
  });
  if (!fields) return undefined;
  const name = fields.parseName('name');
  const parsedInterface = parseOutsideInterface(fields, interfaces);
  const kind = fields.parseOptionalChoice('kind', support.defaultKind);
  const external = fields.parseRequired('address', '"203.0.113.10", for example', (value, fieldLocation) =>
    parsePublicPrefix(value, fieldLocation, 'a virtual IP', interfaces),
  );
  if (external && parsedInterface)
    refuseOtherInterface({ outside: external, kind }, fields.getLocation('address'), parsedInterface, interfaces);
  const isWide = external !== undefined && !isHost(external) && (kind === 'ip-alias' || kind === 'carp');
  if (isWide) location.report(say.describeSingleAddressKind(fields.getLocation('address').where, kind));
  const mask =
    external && parsedInterface && kind !== undefined ? parseMask(fields, external, parsedInterface, kind) : undefined;
  const carp = kind === undefined ? undefined : parseCarp(fields, location, kind, support);
  if (
    name === undefined ||
    parsedInterface === undefined ||
    kind === undefined ||
    external === undefined ||
    mask === undefined ||
    isWide
  )
    return undefined;
  return {
    fields,
    vip: { name, interface: parsedInterface.networkInterface.name, external, mask, kind, ...(carp ? { carp } : {}) },
  };
}

function parseOutsideInterface(
  fields: VirtualIpFields,
  interfaces: readonly ParsedInterface[],
): ParsedInterface | undefined {
  const location = fields.getLocation('interface');
  const outside = interfaces.filter(({ networkInterface }) => networkInterface.role === 'outside');
  const names = outside.map(({ networkInterface }) => networkInterface.name);
  if (!fields.has('interface'))
    return outside.length === 1 ? outside[0] : location.report(say.describeUnsetInterface(location.where, names));
  const parsedInterface = resolveInterface(fields.getValue('interface'), location, interfaces);
  if (!parsedInterface || parsedInterface.networkInterface.role === 'outside') return parsedInterface;
  return location.report(say.describeNotOutside(location.where, parsedInterface.networkInterface.name, names));
}

/** Parses a public address or subnet: IPv4, not link-local, not the gateway's own, and no edge of a network. */
export function parsePublicPrefix(
  value: unknown,
  location: IntentLocation,
  thing: string,
  interfaces: readonly ParsedInterface[],
): Prefix | undefined {
  const prefix = parseUsablePrefix(value, location, 'The public prefixes themselves, each as a virtual IP or mapping.');
  if (!prefix) return undefined;
  const text = printPrefix(prefix);
  const range = toRange(prefix);
  if (getFamily(prefix.first) === 'ip6')
    return location.report(address.describeWrongFamily(location.where, text, thing));
  if (overlapsAny(LINK_LOCAL_RANGES, range)) return location.report(say.describeLinkLocal(location.where, text));
  for (const { networkInterface } of interfaces) {
    for (const interfaceAddress of networkInterface.addresses) {
      if (contains(range, interfaceAddress.address))
        return location.report(say.describeOwnAddress(location.where, text, networkInterface.name));
    }
  }
  return refuseNetworkEdge(prefix, location, interfaces);
}

/** Reports a prefix that arrives by another interface, or by none. Only kind `other` implies that it is routed here. */
function refuseOtherInterface(
  { outside, kind = 'other' }: { readonly outside: Prefix; readonly kind: VirtualIp['kind'] | undefined },
  location: IntentLocation,
  parsedInterface: ParsedInterface,
  interfaces: readonly ParsedInterface[],
): void {
  const otherInterface = interfaces.find(
    (candidate) =>
      candidate !== parsedInterface &&
      candidate.publicPrefixes.some(({ prefix }) => covers(toRange(prefix), toRange(outside))),
  );
  const matchedInterface = matchInterface(interfaces, outside);
  const isPublicHere = parsedInterface.publicPrefixes.some(({ prefix }) => covers(toRange(prefix), toRange(outside)));
  if (isPublicHere) {
    const innerInterface = findInnerSubnetInterface(interfaces, toRange(outside));
    if (innerInterface) location.report(say.describeInnerSubnet(location.where, printPrefix(outside), innerInterface));
    return;
  }
  if (otherInterface)
    location.report(say.describeOtherInterface(location.where, printPrefix(outside), otherInterface.networkInterface));
  else if (matchedInterface && matchedInterface !== parsedInterface)
    location.report(
      say.describeOtherInterface(location.where, printPrefix(outside), matchedInterface.networkInterface),
    );
  else if (!matchedInterface && (kind !== 'other' || parsedInterface.publicPrefixes.length > 0))
    location.report(
      say.describeNotPublicHere(location.where, printPrefix(outside), parsedInterface.networkInterface.name),
    );
}

function parseMask(
  fields: VirtualIpFields,
  outside: Prefix,
  parsedInterface: ParsedInterface,
  kind: VirtualIp['kind'],
): number | undefined {
  if (fields.has('mask')) {
    const mask = fields.parseInteger('mask');
    if (mask === undefined || mask <= outside.length) return mask;
    return fields
      .getLocation('mask')
      .report(say.describeLongMask(fields.getLocation('mask').where, mask, printPrefix(outside)));
  }
  if (kind === 'proxy-arp' || kind === 'other') return outside.length;
  const networks = parsedInterface.networkInterface.addresses.map((interfaceAddress) =>
    getNetwork(interfaceAddress.address, interfaceAddress.length),
  );
  const containingNetworks = networks.filter((network) => covers(toRange(network), toRange(outside)));
  return Math.max(...containingNetworks.map(({ length }) => length), -1) === -1
    ? outside.length
    : Math.max(...containingNetworks.map(({ length }) => length));
}

function parseCarp(
  fields: VirtualIpFields,
  location: IntentLocation,
  kind: VirtualIp['kind'],
  support: VirtualIpSupport,
): VirtualIp['carp'] | undefined {
  if (kind !== 'carp')
    return fields.has('carp')
      ? location.report(say.describeUnusedCarp(fields.getLocation('carp').where, kind))
      : undefined;
  if (!fields.has('carp')) return support.carp ? location.report(say.describeMissingCarp(location.where)) : undefined;
  const carp = IntentFields.parse(
    fields.getValue('carp'),
    fields.getLocation('carp'),
    carpSchema,
    'An object: { vhid: 10 }',
  );
  const vhid = carp?.parseInteger('vhid');
  const advertiseSeconds = carp?.parseOptionalInteger('advertiseSeconds');
  const skew = carp?.parseOptionalInteger('skew');
  return vhid === undefined || advertiseSeconds === undefined || skew === undefined
    ? undefined
    : { vhid, advertiseSeconds, skew };
}
