import {
  Address,
  EVERYWHERE,
  FAMILY_RANGE,
  Family,
  familyOf,
  networkOf,
  parsePrefix,
  prefixRange,
} from '../net/address';
import { Device, LINK_LOCAL, LOOPBACK, NetworkInterface } from '../net/device';
import { Range, contains, joined, point, without } from '../net/range';

const range = (prefix: string): Range => prefixRange(parsePrefix(prefix)!);
const MULTICAST = [range('224.0.0.0/4'), range('ff00::/8')];
/** What is of type broadcast whatever a box has, in kernels from 5.3 on: asked of one. */
const [ZERO, LIMITED] = [range('0.0.0.0'), range('255.255.255.255')];
const broadcastOf = ({ address, length }: NetworkInterface['addresses'][number]): readonly Range[] =>
  familyOf(address) === 'ip' && length < 31 ? [point(prefixRange(networkOf(address, length)).last)] : [];
const UNSPECIFIED = point(FAMILY_RANGE.ip6.first);
/** The first address of a network of IPv6, which is every router's there. Source: RFC 4291 section 2.6.1; addrconf_join_anycast in net/ipv6/addrconf.c. */
const anycastOf = ({ address, length }: NetworkInterface['addresses'][number]): readonly Range[] =>
  familyOf(address) === 'ip6' && length < 127 ? [point(networkOf(address, length).first)] : [];

/** Addresses that surely are of a type, and those that may be. */
interface Typed {
  readonly surely: readonly Range[];
  readonly maybe: readonly Range[];
}
const exactly = (ranges: readonly Range[]): Typed => ({ surely: ranges, maybe: ranges });

/** What the device's facts say about addresses: which are its own, and which way others lie. */
export class Surroundings {
  readonly ownAddresses: readonly Range[];
  /** Its own addresses, and loopback. */
  readonly local: readonly Range[];
  /** What arrives for the box itself. */
  readonly arriving: readonly Range[];
  /**
   * Where a rule for what comes in may not send packets out by an interface of its choice: FreeBSD sends out what such a rule passes, whatever it is
   * addressed to. The kernel of pfSense leaves to the routes what is addressed to the box itself, and of IPv6 what is in a connected
   * network. Source: pf.c, pf_route and pf_route6, of FreeBSD and of github.com/pfsense/FreeBSD-src (with 12 and 14 as its base).
   */
  readonly near: readonly Range[];
  readonly broadcast: readonly Range[];
  /** Linux has these as a router. They are shown as others of their networks. */
  private readonly anycast: readonly Range[];
  readonly multicast = MULTICAST;
  /** Where packets go that no network or route has: one of these. */
  readonly defaults: readonly NetworkInterface[];
  private readonly behind = new Map<string, readonly Range[]>();

  constructor(readonly device: Device) {
    const own = device.interfaces.flatMap(({ addresses }) => addresses);
    const linkLocal = device.linkLocal ? [LINK_LOCAL] : [];
    const told = [...own.map(({ address }) => address), ...device.localAddresses].map(point);
    // Any address may be one of the box's where nobody told them.
    this.ownAddresses = device.supposed || device.leased ? EVERYWHERE : joined([...told, ...linkLocal]);
    this.local = joined([...told, ...(device.supposed?.local ?? []), ...LOOPBACK]);
    this.arriving = joined([...this.local, ...linkLocal]);
    this.anycast = device.forwarding
      ? without(joined([...own.flatMap(anycastOf), point(LINK_LOCAL.first)]), this.local)
      : [];
    const connected = own.filter(({ address }) => familyOf(address) === 'ip6');
    this.near = joined([
      ...this.local,
      ...connected.map(({ address, length }) => prefixRange(networkOf(address, length))),
    ]);
    this.broadcast = without(joined([ZERO, LIMITED, ...own.flatMap(broadcastOf)]), this.local);
    this.defaults = device.interfaces.filter(({ role }) => role === 'outside');
    this.layOut();
  }

  /** Longer prefixes win, the first interface where two are equal. */
  private layOut(): void {
    const wanted = this.device.interfaces.flatMap(({ name, addresses, routes }) => [
      ...addresses.map(({ address, length }) => ({ name, prefix: networkOf(address, length) })),
      ...routes.map((prefix) => ({ name, prefix })),
    ]);
    const sizes = (first: Address, length: number): number => (familyOf(first) === 'ip' ? length + 96 : length);
    wanted.sort((a, b) => sizes(b.prefix.first, b.prefix.length) - sizes(a.prefix.first, a.prefix.length));
    let taken: readonly Range[] = this.local;
    for (const { name, prefix } of wanted) {
      const free = without([prefixRange(prefix)], taken);
      this.behind.set(name, joined([...(this.behind.get(name) ?? []), ...free]));
      taken = joined([...taken, prefixRange(prefix)]);
    }
    this.elsewhere = without(EVERYWHERE, taken);
  }

  /** Neither local nor behind a known network. */
  elsewhere: readonly Range[] = [];

  /** What is reached through an interface, with or without what no other has. */
  through(name: string, withDefault: boolean): readonly Range[] {
    return withDefault ? joined([...(this.behind.get(name) ?? []), ...this.elsewhere]) : (this.behind.get(name) ?? []);
  }

  /** Whether answers to what no interface has go out by this one: each outside one may be it, unless one alone has the family. */
  answersBy(name: string, family: Family): 'yes' | 'maybe' | 'no' {
    const told = this.device.soleUplink?.[family];
    if (told !== undefined) return told === name ? 'yes' : 'no';
    if (!this.defaults.some((one) => one.name === name)) return 'no';
    return this.defaults.length === 1 ? 'yes' : 'maybe';
  }

  /** The interface towards an address, `local`, or `undefined` where the default decides. */
  towards(address: bigint): string | undefined {
    if (this.isLocal(address)) return 'local';
    for (const [name, ranges] of this.behind) if (ranges.some((one) => contains(one, address))) return name;
    return undefined;
  }

  /** Groups, and broadcast addresses. */
  get many(): readonly Range[] {
    return joined([...this.multicast, ...this.broadcast]);
  }

  arrives(address: bigint): boolean {
    return this.arriving.some((one) => contains(one, address));
  }

  isLocal(address: bigint): boolean {
    return this.local.some((one) => contains(one, address));
  }

  /** Where the device's facts may tell one address from the next. */
  boundaries(): readonly Range[] {
    const { arriving, anycast, broadcast, multicast, elsewhere } = this;
    return [
      point(FAMILY_RANGE.ip.first),
      UNSPECIFIED,
      ...arriving,
      ...anycast,
      ...broadcast,
      ...multicast,
      ...elsewhere,
      ...[...this.behind.values()].flat(),
    ];
  }

  /** Addresses of one family that an interface has, in the order of the facts. */
  addressesOf(name: string, family: Family): readonly Address[] {
    const found = this.device.interfaces.find((one) => one.name === name);
    return (found?.addresses ?? []).map(({ address }) => address).filter((address) => familyOf(address) === family);
  }

  /**
   * Where a redirect of what comes in by an interface leads. Undefined where the first of its addresses isn't known. Source: linux
   * nf_nat_redirect.c, nf_nat_redirect_ipv4 and nf_nat_redirect_ipv6; what comes for a link-local address isn't asked about.
   */
  redirectedTo(name: string, family: Family): Address | undefined {
    const [first, ...more] = this.addressesOf(name, family);
    const known = more.length === 0 || this.device.inOrder?.has(name) === true;
    return known ? first : undefined;
  }

  /** Addresses whose `fib daddr type` or `fib saddr type` is that word. */
  typed(axis: 'source' | 'destination', type: string): Typed {
    const { supposed, forwarding } = this.device;
    if (supposed && type === 'anycast') return { surely: [], maybe: forwarding ? [FAMILY_RANGE.ip6] : [] };
    if (axis === 'destination') return exactly(this.ofType(type, this.arriving));
    return exactly(this.ofType(type, supposed ? (supposed.sourceIsOwn ? EVERYWHERE : LOOPBACK) : this.local));
  }

  /** The same, asked of one interface alone: `fib daddr . iif type`. `maybe`: of addresses that may be its own, nobody told which has them. */
  typedHere(axis: 'source' | 'destination', type: string, name: string): Typed {
    const { interfaces, localAddresses, linkLocal, supposed } = this.device;
    const own = interfaces.filter((one) => one.name === name);
    const broadcast = without(
      joined([ZERO, LIMITED, ...own.flatMap(({ addresses }) => addresses.flatMap(broadcastOf))]),
      own.flatMap(({ addresses }) => addresses.map(({ address }) => point(address))),
    );
    const local =
      name === 'lo' ? LOOPBACK : joined(own.flatMap(({ addresses }) => addresses.map(({ address }) => point(address))));
    const unclear = without(joined([...localAddresses.map(point), ...(linkLocal ? [LINK_LOCAL] : [])]), local);
    const found = this.ofType(type, local, broadcast);
    if (supposed) return this.supposedHere(axis, type, name === 'lo' ? LOOPBACK : []);
    return {
      surely: without(found, unclear),
      maybe: type === 'local' || type === 'unicast' ? joined([...found, ...unclear]) : found,
    };
  }

  /** Of the box's own addresses all, or none but these. */
  private supposedHere(axis: 'source' | 'destination', type: string, alone: readonly Range[]): Typed {
    const here = this.device.supposed?.here;
    if (axis === 'source' || here === undefined) return { surely: [], maybe: EVERYWHERE };
    const found = here ? this.ofType(type) : this.ofType(type, alone);
    return exactly(found);
  }

  private ofType(type: string, local = this.local, broadcast = this.broadcast): readonly Range[] {
    const anycast = without(this.anycast, local);
    switch (type) {
      case 'local':
        return local;
      case 'broadcast':
        return broadcast;
      case 'anycast':
        return anycast;
      case 'unspec':
        return [UNSPECIFIED];
      case 'multicast':
        return this.multicast;
      case 'unicast':
        return without(EVERYWHERE, joined([...local, ...broadcast, ...this.multicast, ...anycast, UNSPECIFIED]));
      default:
        return [];
    }
  }
}
