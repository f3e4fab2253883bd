import { Address, FAMILY_RANGE, familyOf, networkOf, parsePrefix, prefixRange } from '../../net/address';
import { Device } from '../../net/device';
import { Range, contains, joined, point, without } from '../../net/range';

const LOOPBACK: readonly Range[] = ['127.0.0.0/8', '::1'].map((text) => prefixRange(parsePrefix(text)!));
const EVERYTHING: readonly Range[] = [FAMILY_RANGE.ip, FAMILY_RANGE.ip6];

/** The interface over which a FreeBSD talks to itself. */
export const LOOPBACK_INTERFACE = 'lo0';

/** Which addresses are the device's own, and by which interface others are reached. */
export class Ways {
  /** Sources of what it sends itself. */
  readonly own: readonly Range[];
  /** Delivered to the box itself. */
  readonly local: readonly Range[];
  /**
   * Where `route-to` of a rule for what comes in may not lead: FreeBSD sends out what such a rule passes, whatever it is addressed to. The
   * kernel of pfSense leaves to the routes what is addressed to the box itself, and of IPv6 what is in a connected network. Source: pf.c,
   * pf_route and pf_route6, of FreeBSD and of github.com/pfsense/FreeBSD-src (with 12 and 14 as its base).
   */
  readonly near: readonly Range[];
  /** Neither local nor behind a known network. */
  readonly elsewhere: readonly Range[];
  private readonly behind = new Map<string, readonly Range[]>();

  constructor(readonly device: Device) {
    const networks = device.interfaces.flatMap(({ name, addresses, routes }) => [
      ...addresses.map(({ address, length }) => ({ name, prefix: networkOf(address, length) })),
      ...routes.map((prefix) => ({ name, prefix })),
    ]);
    const told = [...device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)), ...device.localAddresses];
    // Any address may be one of the box's where nobody told them.
    const unspecified = [point(FAMILY_RANGE.ip.first), point(FAMILY_RANGE.ip6.first)];
    this.own = device.supposed || device.leased ? EVERYTHING : joined([...told.map(point), ...unspecified]);
    this.local = joined([...told.map(point), ...(device.supposed?.local ?? []), ...LOOPBACK]);
    const connected = device.interfaces.flatMap(({ addresses }) => addresses).filter(({ address }) => familyOf(address) === 'ip6');
    this.near = joined([...this.local, ...connected.map(({ address, length }) => prefixRange(networkOf(address, length)))]);
    // Longer prefixes win, the first interface where two are equal.
    networks.sort((a, b) => bitsOf(b.prefix.first, b.prefix.length) - bitsOf(a.prefix.first, a.prefix.length));
    let taken = this.local;
    for (const { name, prefix } of networks) {
      this.behind.set(name, joined([...this.through(name), ...without([prefixRange(prefix)], taken)]));
      taken = joined([...taken, prefixRange(prefix)]);
    }
    this.elsewhere = without(EVERYTHING, taken);
  }

  /** What is reached through an interface by its networks and routes. */
  through(name: string): readonly Range[] {
    return this.behind.get(name) ?? [];
  }

  /** Where the ways of neighbours may part. */
  boundaries(): readonly Address[] {
    const all = [...this.local, ...this.elsewhere, ...[...this.behind.values()].flat()];
    return all.flatMap(({ first, last }) => [first, last + 1n]) as Address[];
  }

  /** The interface towards an address, `local`, or `undefined` where the default decides. */
  towards(address: Address): { readonly is: 'local' } | { readonly is: 'by'; readonly name: string } | undefined {
    if (isAmong(this.local, address)) return { is: 'local' };
    for (const [name, ranges] of this.behind) if (isAmong(ranges, address)) return { is: 'by', name };
    return undefined;
  }
}

const bitsOf = (first: Address, length: number): number => (familyOf(first) === 'ip' ? length + 96 : length);

export const isAmong = (ranges: readonly Range[], address: bigint): boolean => ranges.some((one) => contains(one, address));
