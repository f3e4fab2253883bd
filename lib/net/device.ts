import { Address, Family, Prefix, getNetwork, toRange, parseRange } from './address';
import { memoize } from './intern-tables';
import { Range, toSingleRange } from './range';
import { spendSteps } from './step-budget';

export type Role = 'outside' | 'inside' | 'dmz' | 'vpn';

/** A network interface as the device has it. */
export interface NetworkInterface {
  readonly name: string;
  readonly role: Role;
  /** Its own addresses with their network's length; VIPs are not among them. */
  readonly addresses: readonly { readonly address: Address; readonly length: number }[];
  /** What is behind it, besides the networks of its addresses. An outside interface has everything that no other has. */
  readonly routes: readonly Prefix[];
}

/**
 * The facts of a device that a ruleset's meaning depends on and its text does not say. At synthesis they come from the
 * intent; on the device they are read there.
 */
export interface Device {
  readonly interfaces: readonly NetworkInterface[];
  /** Addresses that are local to the box besides those of its interfaces: VIPs of kind ip-alias or carp. */
  readonly localAddresses: readonly Address[];
  /** Whether it routes at all. A server does not. */
  readonly forwarding: boolean;
  /** Whether what arrives for a link-local IPv6 address may be for it, though nobody told which it has. Source: RFC 4291 section 2.5.6. */
  readonly linkLocal?: true;
  /** Interfaces with an address that nobody told (a lease, a tunnel's): what the device sends itself may have any source. */
  readonly leased?: readonly string[];
  /** Groups of interfaces that somebody told, by name. Of a group that nobody told any interface may be a member. */
  readonly groups?: ReadonlyMap<string, readonly string[]>;
  /** Interfaces whose addresses stand as the kernel has them, which leads what is redirected to the first one of a family. */
  readonly inOrder?: ReadonlySet<string>;
  /** Interfaces that are no bridges and stand on none: no table of bridges sees what comes and goes by them. Of others it may. */
  readonly unbridged?: ReadonlySet<string>;
  /** Of a family, the one outside interface that has an address or a route of it, and the default route: nobody comes or goes by another. */
  readonly soleUplink?: Readonly<Partial<Record<Family, string>>>;
  /** Where nobody told its addresses and routes: what is supposed in their place. */
  readonly supposed?: DeviceAssumption;
}

/**
 * One guess at what nobody told of a device, the same for all packets. For each packet some guess is the truth, so that all of them
 * together show at least what the device exposes.
 */
export interface DeviceAssumption {
  /** What is delivered to the box itself, besides loopback and the addresses of its interfaces. */
  readonly local: readonly Range[];
  /** What a lookup of a packet's source finds: that it is the box's own address, or that it is somebody else's. */
  readonly sourceIsOwn: boolean;
  /** Whether answers go back by the interface that the packet came by. */
  readonly returns: boolean;
  /** Whether an address of the box is one of the interface that a packet for it came by. Undefined: it may be. */
  readonly here?: boolean;
}

export const LINK_LOCAL: Range = parseRange('fe80::/10');
/** Sent from and to by a device itself. */
export const LOOPBACK: readonly Range[] = ['127.0.0.0/8', '::1'].map(parseRange);

/** An address, or a prefix as a whole, that a device answers for besides those of its interfaces. */
export interface AnnouncedAddress {
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly interface: string;
  readonly address: Address;
  /** Of the network that an address on the interface stands in; of the prefix for the other kinds. */
  readonly length: number;
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
}

/** The networks of its own addresses. */
export const getSubnets = memoize(({ addresses }: Pick<NetworkInterface, 'addresses'>): readonly Range[] =>
  addresses.map(({ address, length }) => toRange(getNetwork(address, length))),
);

/** Everything that is said to be behind it. Asked for each host that may be. */
export const getInterfaceNetworks = memoize((networkInterface: NetworkInterface): readonly Range[] => [
  ...getSubnets(networkInterface),
  ...networkInterface.routes.map(toRange),
]);

/** Every address that it has, each once. */
export const getLocalAddresses = memoize(
  ({ localAddresses, interfaces }: Pick<Device, 'localAddresses' | 'interfaces'>): readonly Address[] => [
    ...new Set([...localAddresses, ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address))]),
  ],
);

/**
 * Where a packet enters a device's rules: by an interface, from a process on the device itself (`self`: its own
 * outgoing connections), or from itself to itself (`localhost`). A device with several outside interfaces may send
 * what goes to the internet by any of them (policy routing isn't in a ruleset): there, each way is a vantage of its
 * own, and `leaving` names the outside interface that everything leaves by that no other interface has.
 */
export type StartLocation =
  | { readonly kind: 'interface'; readonly name: string; readonly leaving?: string }
  | { readonly kind: 'self'; readonly leaving?: string }
  | { readonly kind: 'localhost' };

export const toLocationKey = (location: StartLocation): string =>
  [
    location.kind,
    location.kind === 'interface' ? location.name : '',
    location.kind === 'localhost' ? '' : (location.leaving ?? ''),
  ]
    .join(' ')
    .trim();

/** The vantage whichever way out the device takes. */
export const toEntryLocation = (location: StartLocation): StartLocation =>
  location.kind === 'interface' ? { kind: location.kind, name: location.name } : { kind: location.kind };

export const toEntryKey = (location: StartLocation): string => toLocationKey(toEntryLocation(location));

export const isSameEntry = (a: StartLocation, b: StartLocation): boolean => toEntryKey(a) === toEntryKey(b);

interface LocatedItem {
  readonly vantage: StartLocation;
}

export const findByLocation = <T extends LocatedItem>(items: readonly T[], location: StartLocation): T | undefined =>
  items.find((item) => toLocationKey(item.vantage) === toLocationKey(location));

/** Of that vantage; where only one of the two is told apart by the way out, of the same entry. */
export const findByEntry = <T extends LocatedItem>(items: readonly T[], location: StartLocation): T | undefined =>
  findByLocation(items, location) ?? items.find((item) => isSameEntry(item.vantage, location));

/** A device's vantages in the order in which reports show them. */
export function listStartLocations(device: Pick<Device, 'interfaces'>): readonly StartLocation[] {
  const outside = device.interfaces.filter(({ role }) => role === 'outside').map(({ name }) => name);
  const ways = outside.length > 1 ? outside.map((leaving) => ({ leaving })) : [{}];
  spendSteps((device.interfaces.length + 1) * ways.length);
  return [
    ...device.interfaces.flatMap(({ name }) => ways.map((way): StartLocation => ({ kind: 'interface', name, ...way }))),
    ...ways.map((way): StartLocation => ({ kind: 'self', ...way })),
    { kind: 'localhost' },
  ];
}

/** The interface that everything goes out by which no other interface has, as seen from a vantage. */
export const findUplink = (device: Pick<Device, 'interfaces'>, location: StartLocation): string | undefined =>
  (location.kind === 'localhost' ? undefined : location.leaving) ??
  device.interfaces.find(({ role }) => role === 'outside')?.name;

/** Whether a packet enters by an outside interface. */
export const isFromOutside = ({ interfaces }: Pick<Device, 'interfaces'>, location: StartLocation): boolean =>
  location.kind === 'interface' && interfaces.some(({ name, role }) => name === location.name && role === 'outside');

/** A range of small numbers: ports, protocols, ICMP types. Inclusive. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** Single numbers as ranges. */
export const toNumberRanges = (...numbers: readonly number[]): readonly NumberRange[] => numbers.map(toSingleRange);

export const containsNumber = (ranges: readonly NumberRange[], number: number): boolean =>
  ranges.some(({ first, last }) => first <= number && number <= last);

/** How many numbers there are, those of several ranges as often. */
export const countNumbers = (ranges: readonly NumberRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
