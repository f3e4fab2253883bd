import { Address, Prefix } from './address';

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
}

/**
 * Where a packet enters a device's rules: by an interface, from a process on the device itself (`self`: its own
 * outgoing connections), or from itself to itself (`localhost`).
 */
export type Vantage = { readonly kind: 'interface'; readonly name: string } | { readonly kind: 'self' } | { readonly kind: 'localhost' };

export const vantageKey = (vantage: Vantage): string => (vantage.kind === 'interface' ? `interface ${vantage.name}` : vantage.kind);

/** A device's vantages in the order in which reports show them. */
export const vantagesOf = (device: Device): readonly Vantage[] => [
  ...device.interfaces.map(({ name }): Vantage => ({ kind: 'interface', name })),
  { kind: 'self' },
  { kind: 'localhost' },
];

/** A range of small numbers: ports, protocols, ICMP types. Inclusive. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}
