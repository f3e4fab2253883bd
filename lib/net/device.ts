// Types of a device's facts (interfaces, addresses, forwarding) and of start locations, where packets enter its rules,
// with functions on both. Also ranges of small numbers, such as ports.

import { Address, Family, Prefix, getNetwork, toRange, parseRange } from './address';
import { memoize } from './intern-tables';
import { Range, toSingleRange } from './range';
import { spendSteps } from './step-budget';

export type Role = 'outside' | 'inside' | 'dmz' | 'vpn';

/** A network interface of the device. */
export interface NetworkInterface {
  readonly name: string;
  readonly role: Role;
  /** Its own addresses with the length of their networks; VIPs are not among them. */
  readonly addresses: readonly { readonly address: Address; readonly length: number }[];
  /**
   * Networks behind it, besides those of its addresses. An outside interface has everything that no other interface
   * has.
   */
  readonly routes: readonly Prefix[];
}

/**
 * The facts of a device that a ruleset's meaning depends on and that its text does not say. At synthesis they come from
 * the intent. On the device they are taken from its system.
 */
export interface Device {
  readonly interfaces: readonly NetworkInterface[];
  /** Addresses that are local to the device besides those of its interfaces: VIPs of kind ip-alias or carp. */
  readonly localAddresses: readonly Address[];
  /** Whether the device routes at all. A server does not. */
  readonly forwarding: boolean;
  /**
   * True if packets for a link-local IPv6 address may be for the device, though its link-local addresses are not told.
   * Source: RFC 4291 section 2.5.6.
   */
  readonly mayHaveLinkLocal?: true;
  /**
   * Interfaces with an address that is not told (a lease, a tunnel's): packets that the device itself sends may have
   * any source.
   */
  readonly leasedInterfaces?: readonly string[];
  /**
   * Reserved addresses among those of the interfaces, each with its interface: it stands for the address that the
   * interface leases, whatever that is. No text names it.
   */
  readonly leasedAddresses?: ReadonlyMap<Address, string>;
  /**
   * Members of the interface groups that are told, by group. Any interface may be a member of a group that is not told.
   */
  readonly groups?: ReadonlyMap<string, readonly string[]>;
  /**
   * Interfaces whose addresses stand in the kernel's order. The kernel redirects packets to the first address of a
   * family.
   */
  readonly interfacesInKernelOrder?: ReadonlySet<string>;
  /**
   * Interfaces that are no bridges and stand on none: no bridge table sees their packets. A bridge table may see those
   * of others.
   */
  readonly unbridgedInterfaces?: ReadonlySet<string>;
  /**
   * By family, the one outside interface that has an address or a route of it, and the default route: no packet comes
   * or goes by another.
   */
  readonly soleUplink?: Readonly<Partial<Record<Family, string>>>;
  /** The assumption in place of the addresses and routes of a device, if they are not told. */
  readonly assumption?: DeviceAssumption;
}

/**
 * One assumption about what is not told of a device, the same for all packets. For each packet some assumption is true,
 * so all assumptions together show at least what the device exposes.
 */
export interface DeviceAssumption {
  /** Addresses that are delivered to the device itself, besides loopback and the addresses of its interfaces. */
  readonly local: readonly Range[];
  /** Whether a lookup of a packet's source finds an address of the device itself. False: it finds another host's. */
  readonly sourceIsOwn: boolean;
  /** Whether answers go back by the interface that the packet came by. */
  readonly hasReversePath: boolean;
  /** Whether an address of the device is one of the interface that a packet for it came by. Undefined: it may be. */
  readonly isOfArrivalInterface?: boolean;
  /**
   * The interface whose own address the packet has: as its destination if it came in by that interface, as its source
   * if the device itself sends it by that interface. Undefined: any interface may have the address.
   */
  readonly ownAddress?: { readonly of: string; readonly as: 'source' | 'destination' };
}

export const LINK_LOCAL: Range = parseRange('fe80::/10');
/** Addresses that a device sends from and to itself. */
export const LOOPBACK: readonly Range[] = ['127.0.0.0/8', '::1'].map(parseRange);

/** An address, or a prefix as a whole, that a device answers for besides the addresses of its interfaces. */
export interface AnnouncedAddress {
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly interface: string;
  readonly address: Address;
  /** Length of the network that an address on the interface stands in; length of the prefix for the other kinds. */
  readonly length: number;
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
}

/** Returns the networks of an interface's own addresses. */
export const getSubnets = memoize(({ addresses }: Pick<NetworkInterface, 'addresses'>): readonly Range[] =>
  addresses.map(({ address, length }) => toRange(getNetwork(address, length))),
);

/**
 * Returns all networks that are told to be behind an interface. Cached, because it is asked for each host that may be
 * there.
 */
export const getInterfaceNetworks = memoize((networkInterface: NetworkInterface): readonly Range[] => [
  ...getSubnets(networkInterface),
  ...networkInterface.routes.map(toRange),
]);

/** Returns the addresses that stand for leased ones, a range each. */
export const listLeaseStandIns = ({ leasedAddresses }: Pick<Device, 'leasedAddresses'>): readonly Range[] =>
  [...(leasedAddresses?.keys() ?? [])].map(toSingleRange);

/** Returns every address that a device has, each once. */
export const getLocalAddresses = memoize(
  ({ localAddresses, interfaces }: Pick<Device, 'localAddresses' | 'interfaces'>): readonly Address[] => [
    ...new Set([...localAddresses, ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address))]),
  ],
);

/**
 * Where a packet enters a device's rules: by an interface, from a process on the device itself (`self`: its own
 * outgoing connections), or from itself to itself (`localhost`). A device with several outside interfaces may send
 * packets to the internet by any of them (policy routing isn't in a ruleset). Each way is then a start location of its
 * own. `uplink` names the outside interface that takes every packet that no other interface has.
 */
export type StartLocation =
  | { readonly kind: 'interface'; readonly name: string; readonly uplink?: string }
  | { readonly kind: 'self'; readonly uplink?: string }
  | { readonly kind: 'localhost' };

export const toLocationKey = (location: StartLocation): string =>
  [
    location.kind,
    location.kind === 'interface' ? location.name : '',
    location.kind === 'localhost' ? '' : (location.uplink ?? ''),
  ]
    .join(' ')
    .trim();

/** Returns the start location without the way out that the device takes. */
export const toEntryLocation = (location: StartLocation): StartLocation =>
  location.kind === 'interface' ? { kind: location.kind, name: location.name } : { kind: location.kind };

export const toEntryKey = (location: StartLocation): string => toLocationKey(toEntryLocation(location));

export const isSameEntry = (a: StartLocation, b: StartLocation): boolean => toEntryKey(a) === toEntryKey(b);

interface LocatedItem {
  readonly startLocation: StartLocation;
}

export const findByLocation = <T extends LocatedItem>(items: readonly T[], location: StartLocation): T | undefined =>
  items.find((item) => toLocationKey(item.startLocation) === toLocationKey(location));

/**
 * Returns the item of that start location. If only one of the two names a way out, it returns the item of the same
 * entry.
 */
export const findByEntry = <T extends LocatedItem>(items: readonly T[], location: StartLocation): T | undefined =>
  findByLocation(items, location) ?? items.find((item) => isSameEntry(item.startLocation, location));

/** Returns a device's start locations in the order in which reports show them. */
export function listStartLocations(device: Pick<Device, 'interfaces'>): readonly StartLocation[] {
  const outside = device.interfaces.filter(({ role }) => role === 'outside').map(({ name }) => name);
  const ways = outside.length > 1 ? outside.map((leaving) => ({ uplink: leaving })) : [{}];
  spendSteps((device.interfaces.length + 1) * ways.length);
  return [
    ...device.interfaces.flatMap(({ name }) => ways.map((way): StartLocation => ({ kind: 'interface', name, ...way }))),
    ...ways.map((way): StartLocation => ({ kind: 'self', ...way })),
    { kind: 'localhost' },
  ];
}

/** Returns the interface that takes every packet that no other interface has, for a start location. */
export const findUplink = (device: Pick<Device, 'interfaces'>, location: StartLocation): string | undefined =>
  (location.kind === 'localhost' ? undefined : location.uplink) ??
  device.interfaces.find(({ role }) => role === 'outside')?.name;

/** Returns whether a packet enters by an outside interface. */
export const isFromOutside = ({ interfaces }: Pick<Device, 'interfaces'>, location: StartLocation): boolean =>
  location.kind === 'interface' && interfaces.some(({ name, role }) => name === location.name && role === 'outside');

/** An inclusive range of small numbers: ports, protocols, ICMP types. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** Returns single numbers as ranges. */
export const toNumberRanges = (...numbers: readonly number[]): readonly NumberRange[] => numbers.map(toSingleRange);

export const containsNumber = (ranges: readonly NumberRange[], number: number): boolean =>
  ranges.some(({ first, last }) => first <= number && number <= last);

/** Returns how many numbers there are. A number in several ranges counts several times. */
export const countNumbers = (ranges: readonly NumberRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
