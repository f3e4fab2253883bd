// Answers questions about addresses from the facts of a device: which are local, broadcast or anycast, and by which
// interface an address is reached.
import {
  Address,
  ALL_ADDRESSES,
  FAMILY_RANGE,
  Family,
  getFamily,
  getNetwork,
  parsePrefix,
  toRange,
} from '../net/address';
import { Device, LINK_LOCAL, LOOPBACK, NetworkInterface } from '../net/device';
import { Range, contains, mergeRanges, toSingleRange, subtractRanges } from '../net/range';

const parseRange = (prefix: string): Range => toRange(parsePrefix(prefix)!);
const MULTICAST = [parseRange('224.0.0.0/4'), parseRange('ff00::/8')];
/** Addresses with type broadcast on any device, in kernels from 5.3 on: asked of one. */
const [ZERO_ADDRESS, LIMITED_BROADCAST] = [parseRange('0.0.0.0'), parseRange('255.255.255.255')];
const listBroadcast = ({ address, length }: NetworkInterface['addresses'][number]): readonly Range[] =>
  getFamily(address) === 'ip' && length < 31 ? [toSingleRange(toRange(getNetwork(address, length)).last)] : [];
const UNSPECIFIED = toSingleRange(FAMILY_RANGE.ip6.first);
/**
 * Returns the first address of an IPv6 network, which every router of the network has. Source: RFC 4291 section 2.6.1;
 * addrconf_join_anycast in net/ipv6/addrconf.c.
 */
const listAnycast = ({ address, length }: NetworkInterface['addresses'][number]): readonly Range[] =>
  getFamily(address) === 'ip6' && length < 127 ? [toSingleRange(getNetwork(address, length).first)] : [];

/** Addresses that surely have a type, and those that may have it. */
interface TypedRanges {
  readonly must: readonly Range[];
  readonly may: readonly Range[];
}
const createExactRanges = (ranges: readonly Range[]): TypedRanges => ({ must: ranges, may: ranges });

/** The facts of a device about addresses: which are its own, and by which interface the others are reached. */
export class RoutingTable {
  readonly ownAddresses: readonly Range[];
  /** The device's own addresses, and loopback. */
  readonly local: readonly Range[];
  /** Addresses that are delivered to the device itself. */
  readonly delivered: readonly Range[];
  /**
   * Addresses for which a rule for incoming packets may not send them out by an interface of its choice. FreeBSD sends
   * out the packets that such a rule passes, whatever their destination. The kernel of pfSense leaves to the routes the
   * packets to the device itself, and IPv6 packets to a connected network. Source: pf.c, pf_route and pf_route6, of
   * FreeBSD and of github.com/pfsense/FreeBSD-src (with 12 and 14 as its base).
   */
  readonly nearby: readonly Range[];
  readonly broadcast: readonly Range[];
  /** Addresses that Linux has as a router. Reports show them as others of their networks. */
  private readonly anycast: readonly Range[];
  readonly multicast = MULTICAST;
  /** Interfaces of which one takes packets that no network or route has. */
  readonly defaults: readonly NetworkInterface[];
  private readonly networksByInterface = new Map<string, readonly Range[]>();

  constructor(readonly device: Device) {
    const interfaceAddresses = device.interfaces.flatMap(({ addresses }) => addresses);
    const linkLocal = device.mayHaveLinkLocal ? [LINK_LOCAL] : [];
    const knownAddresses = [...interfaceAddresses.map(({ address }) => address), ...device.localAddresses].map(
      toSingleRange,
    );
    // Any address may be the device's own if its addresses are not told.
    this.ownAddresses =
      device.assumption || device.leasedInterfaces ? ALL_ADDRESSES : mergeRanges([...knownAddresses, ...linkLocal]);
    this.local = mergeRanges([...knownAddresses, ...(device.assumption?.local ?? []), ...LOOPBACK]);
    this.delivered = mergeRanges([...this.local, ...linkLocal]);
    this.anycast = device.forwarding
      ? subtractRanges(
          mergeRanges([...interfaceAddresses.flatMap(listAnycast), toSingleRange(LINK_LOCAL.first)]),
          this.local,
        )
      : [];
    const connected = interfaceAddresses.filter(({ address }) => getFamily(address) === 'ip6');
    this.nearby = mergeRanges([
      ...this.local,
      ...connected.map(({ address, length }) => toRange(getNetwork(address, length))),
    ]);
    this.broadcast = subtractRanges(
      mergeRanges([ZERO_ADDRESS, LIMITED_BROADCAST, ...interfaceAddresses.flatMap(listBroadcast)]),
      this.local,
    );
    this.defaults = device.interfaces.filter(({ role }) => role === 'outside');
    this.buildRoutes();
  }

  /** Fills the networks of each interface. Longer prefixes win. Of two equal prefixes the first interface wins. */
  private buildRoutes(): void {
    const prefixes = this.device.interfaces.flatMap(({ name, addresses, routes }) => [
      ...addresses.map(({ address, length }) => ({ name, prefix: getNetwork(address, length) })),
      ...routes.map((prefix) => ({ name, prefix })),
    ]);
    const getPrefixSize = (first: Address, length: number): number =>
      getFamily(first) === 'ip' ? length + 96 : length;
    prefixes.sort(
      (a, b) => getPrefixSize(b.prefix.first, b.prefix.length) - getPrefixSize(a.prefix.first, a.prefix.length),
    );
    let taken: readonly Range[] = this.local;
    for (const { name, prefix } of prefixes) {
      const free = subtractRanges([toRange(prefix)], taken);
      this.networksByInterface.set(name, mergeRanges([...(this.networksByInterface.get(name) ?? []), ...free]));
      taken = mergeRanges([...taken, toRange(prefix)]);
    }
    this.defaultRouted = subtractRanges(ALL_ADDRESSES, taken);
  }

  /** Addresses that are neither local nor behind a known network. */
  defaultRouted: readonly Range[] = [];

  /** Returns the ranges that are reached through an interface, with or without those that no other interface has. */
  listNetworks(name: string, withDefault: boolean): readonly Range[] {
    return withDefault
      ? mergeRanges([...(this.networksByInterface.get(name) ?? []), ...this.defaultRouted])
      : (this.networksByInterface.get(name) ?? []);
  }

  /**
   * Returns whether answers to addresses that no interface has leave by this one. Each outside interface may take them,
   * unless one alone has the family.
   */
  checkDefaultRoute(name: string, family: Family): 'yes' | 'maybe' | 'no' {
    const soleUplink = this.device.soleUplink?.[family];
    if (soleUplink !== undefined) return soleUplink === name ? 'yes' : 'no';
    if (!this.defaults.some((networkInterface) => networkInterface.name === name)) return 'no';
    return this.defaults.length === 1 ? 'yes' : 'maybe';
  }

  /** Returns the interface towards an address, `local`, or `undefined` if the default route decides. */
  findInterface(address: bigint): string | undefined {
    if (this.isLocal(address)) return 'local';
    for (const [name, ranges] of this.networksByInterface)
      if (ranges.some((range) => contains(range, address))) return name;
    return undefined;
  }

  /** Multicast groups and broadcast addresses. */
  get multicastAndBroadcast(): readonly Range[] {
    return mergeRanges([...this.multicast, ...this.broadcast]);
  }

  isDelivered(address: bigint): boolean {
    return this.delivered.some((range) => contains(range, address));
  }

  isLocal(address: bigint): boolean {
    return this.local.some((range) => contains(range, address));
  }

  /** Returns ranges at whose ends the device's facts may tell one address from the next. */
  listBoundaries(): readonly Range[] {
    const { delivered, anycast, broadcast, multicast, defaultRouted } = this;
    return [
      toSingleRange(FAMILY_RANGE.ip.first),
      UNSPECIFIED,
      ...delivered,
      ...anycast,
      ...broadcast,
      ...multicast,
      ...defaultRouted,
      ...[...this.networksByInterface.values()].flat(),
    ];
  }

  /** Returns the addresses of one family that an interface has, in the order of the facts. */
  listAddresses(name: string, family: Family): readonly Address[] {
    const networkInterface = this.device.interfaces.find((candidate) => candidate.name === name);
    return (networkInterface?.addresses ?? [])
      .map(({ address }) => address)
      .filter((address) => getFamily(address) === family);
  }

  /**
   * Returns the address that a redirect of packets coming in by an interface leads to. Undefined: the first of its
   * addresses isn't known. Packets to a link-local address are not asked about. Source: linux nf_nat_redirect.c,
   * nf_nat_redirect_ipv4 and nf_nat_redirect_ipv6.
   */
  findRedirectTarget(name: string, family: Family): Address | undefined {
    const [first, ...otherAddresses] = this.listAddresses(name, family);
    const isKnown = otherAddresses.length === 0 || this.device.interfacesInKernelOrder?.has(name) === true;
    return isKnown ? first : undefined;
  }

  /** Returns the addresses whose `fib daddr type` or `fib saddr type` is `type`. */
  getTypedRanges(axis: 'source' | 'destination', type: string): TypedRanges {
    const { assumption, forwarding } = this.device;
    if (assumption && type === 'anycast') return { must: [], may: forwarding ? [FAMILY_RANGE.ip6] : [] };
    if (axis === 'destination') return createExactRanges(this.listTypeRanges(type, this.delivered));
    return createExactRanges(
      this.listTypeRanges(type, assumption ? (assumption.sourceIsOwn ? ALL_ADDRESSES : LOOPBACK) : this.local),
    );
  }

  /**
   * Returns the same, asked of one interface alone: `fib daddr . iif type`. `may` includes addresses that may be the
   * interface's own, if it is not told which interface has them.
   */
  getInterfaceTypedRanges(axis: 'source' | 'destination', type: string, name: string): TypedRanges {
    const { interfaces, localAddresses, mayHaveLinkLocal, assumption } = this.device;
    const namedInterfaces = interfaces.filter((networkInterface) => networkInterface.name === name);
    const broadcast = subtractRanges(
      mergeRanges([
        ZERO_ADDRESS,
        LIMITED_BROADCAST,
        ...namedInterfaces.flatMap(({ addresses }) => addresses.flatMap(listBroadcast)),
      ]),
      namedInterfaces.flatMap(({ addresses }) => addresses.map(({ address }) => toSingleRange(address))),
    );
    const local =
      name === 'lo'
        ? LOOPBACK
        : mergeRanges(
            namedInterfaces.flatMap(({ addresses }) => addresses.map(({ address }) => toSingleRange(address))),
          );
    const unclear = subtractRanges(
      mergeRanges([...localAddresses.map(toSingleRange), ...(mayHaveLinkLocal ? [LINK_LOCAL] : [])]),
      local,
    );
    const typeRanges = this.listTypeRanges(type, local, broadcast);
    if (assumption) return this.getSupposedRanges(axis, type, name === 'lo' ? LOOPBACK : []);
    return {
      must: subtractRanges(typeRanges, unclear),
      may: type === 'local' || type === 'unicast' ? mergeRanges([...typeRanges, ...unclear]) : typeRanges,
    };
  }

  /** Under an assumption, the interface has all of the device's own addresses, or only `loopback`. */
  private getSupposedRanges(axis: 'source' | 'destination', type: string, loopback: readonly Range[]): TypedRanges {
    const isPerInterface = this.device.assumption?.isOfArrivalInterface;
    if (axis === 'source' || isPerInterface === undefined) return { must: [], may: ALL_ADDRESSES };
    const typeRanges = isPerInterface ? this.listTypeRanges(type) : this.listTypeRanges(type, loopback);
    return createExactRanges(typeRanges);
  }

  private listTypeRanges(type: string, local = this.local, broadcast = this.broadcast): readonly Range[] {
    const anycast = subtractRanges(this.anycast, local);
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
        return subtractRanges(
          ALL_ADDRESSES,
          mergeRanges([...local, ...broadcast, ...this.multicast, ...anycast, UNSPECIFIED]),
        );
      default:
        return [];
    }
  }
}
