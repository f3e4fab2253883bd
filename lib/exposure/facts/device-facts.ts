// Parses output of `ip` and `sysctl` to facts about a device (interfaces, addresses, routes, forwarding) and removes it
// from the text of the rules. Merges facts from several sources.
import {
  Address,
  FAMILIES,
  Family,
  Prefix,
  getFamily,
  toHostPrefix,
  getNetwork,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  toRange,
} from '../../net/address';
import { Device, LOOPBACK, Role } from '../../net/device';
import { Range, contains, toSingleRange } from '../../net/range';
import { ParsedRoute, parseHopDevices, isDefaultLike, parseRoute } from './parse-routes';

/** Lines of `sysctl -a | grep forwarding`. Some are about other traffic or about interfaces to come. */
const FORWARDING_SETTING = /^net\.ipv[46]\.(?:ip_forward|conf\.\S+\.\w*forwarding)\s*=\s*\d+\s*$/;
const DECISIVE_SETTING =
  /^net\.ipv(?:(4)\.(?:ip_forward|conf\.(?!default\.)\S+\.forwarding)|6\.conf\.(?:all\.forwarding|(?!default\.)\S+\.force_forwarding))\s*=\s*([01])/;

/**
 * Returns the family that a line of `sysctl` decides and whether it is forwarded; `nothing` if the line decides
 * nothing; undefined if it is no such line. For IPv4 one interface that forwards is enough, whatever `ip_forward` says;
 * for IPv6 one that is forced to. Source: IN_DEV_FORWARD in ip_route_input_slow of net/ipv4/route.c, ip6_forward in
 * net/ipv6/ip6_output.c; seen, 6.18.
 */
function parseForwarding(line: string): readonly [Family, boolean] | 'nothing' | undefined {
  if (!FORWARDING_SETTING.test(line)) return undefined;
  const [, ipv4, value] = DECISIVE_SETTING.exec(line) ?? [];
  return value === undefined ? 'nothing' : [ipv4 === undefined ? 'ip6' : 'ip', value === '1'];
}

/** Facts about a device, from the command line or from the output of `ip`. */
export interface Facts {
  readonly interfaces: ReadonlyMap<string, InterfaceFacts>;
  /** Addresses of loopback and of local routes. Other hosts reach them by every interface. */
  readonly loopbackAddresses: readonly Address[];
  /** Interfaces that are no bridge and stand on none. Empty unless all links of the device are known. */
  readonly unbridgedInterfaces: ReadonlySet<string>;
  /** Members of groups of interfaces, by the group's name. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Whether `ip` printed all addresses of the device. */
  readonly addresses: boolean;
  readonly routes: boolean;
  /** Whether the interfaces come from `ip`, which leaves none out. */
  readonly isComplete: boolean;
  /** Whether the device forwards packets; undefined if no fact tells. */
  readonly forwarding: boolean | undefined;
}

export interface InterfaceFacts {
  readonly role?: Role;
  readonly addresses: readonly { readonly address: Address; readonly length: number }[];
  /** Set if the addresses are in the kernel's order, as `ip` prints them. */
  readonly isInKernelOrder?: true;
  readonly routes: readonly Prefix[];
  /** Families with a default route by this interface. */
  readonly defaults: readonly Family[];
}

export const NO_FACTS: Facts = {
  interfaces: new Map(),
  loopbackAddresses: [],
  unbridgedInterfaces: new Set(),
  groups: new Map(),
  addresses: false,
  routes: false,
  isComplete: false,
  forwarding: undefined,
};
/**
 * The most addresses of one network that are listed one by one. With a larger network the device may have any address.
 */
const MAX_LOOPBACK_ADDRESSES = 256n;
export const NO_INTERFACE_FACTS: InterfaceFacts = { addresses: [], routes: [], defaults: [] };

const LINK_HEADER = /^\d+: ([^\s:@]+)(?:@([^\s:]+))?: <[^>]*>/;
const ONE_LINE_ADDRESS = /^\d+: ([^\s:@]+)\S*\s+inet6? (\S+)/;
const INDENTED_LINE = /^\s+(?:inet6? (\S+)|link\/|valid_lft |altname )/;

interface TextWithFacts {
  /** The text without the lines that hold facts. These lines are empty, so that others keep their numbers. */
  readonly text: string;
  readonly facts: Facts;
}

/**
 * Takes the output of `ip -o addr`, `ip -o link`, `ip -o route` and `sysctl -a | grep forwarding` out of a text; also
 * without `-o`.
 */
export function splitFacts(source: string): TextWithFacts {
  const collector = new FactsCollector();
  let header: string | undefined;
  let pendingRoute: ParsedRoute | undefined;
  const rawLines = source.split('\n');
  const lines = rawLines.map((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') return raw;
    const nextHops = pendingRoute && parseHopDevices(line);
    if (pendingRoute && nextHops) return collector.addRoute({ ...pendingRoute, devices: nextHops });
    const indented = header === undefined ? null : INDENTED_LINE.exec(line);
    if (indented) {
      if (indented[1] !== undefined) collector.addAddress(header!, indented[1]);
      return '';
    }
    header = undefined;
    const addressMatch = ONE_LINE_ADDRESS.exec(line);
    if (addressMatch) return collector.addAddress(addressMatch[1]!, addressMatch[2]!);
    const link = LINK_HEADER.exec(line);
    if (link) return collector.addLink((header = link[1]!), line, link[2]);
    pendingRoute = parseRoute(line, rawLines[index + 1]);
    if (pendingRoute) return collector.addRoute(pendingRoute);
    const forwarding = parseForwarding(line);
    return forwarding === undefined ? raw : forwarding === 'nothing' ? '' : collector.setForwarding(...forwarding);
  });
  return { text: lines.join('\n'), facts: collector.toFacts() };
}

class FactsCollector {
  private readonly interfaces = new Map<string, InterfaceFacts>();
  private readonly links = new Map<
    string,
    { readonly lowerLink: string | undefined; readonly master: string | undefined }
  >();
  private readonly loopbackAddresses: Address[] = [];
  private hasAddresses = false;
  private hasUnlistedAddresses = false;
  private hasRoutes = false;
  private readonly forwarding = new Map<Family, boolean>();

  /**
   * Adds a link that is up. A port of a bridge, such as a cable to a container, is left out: the bridge comes instead
   * of it.
   */
  addLink(name: string, line = '<UP>', lowerLink?: string): '' {
    const isUsable = /[<,]UP[,>]/.test(line) && !/ master /.test(line) && !/^(lo$|veth|vnet)/.test(name);
    if (isUsable && !this.interfaces.has(name)) this.interfaces.set(name, NO_INTERFACE_FACTS);
    if (line !== '<UP>') this.links.set(name, { lowerLink, master: / master (\S+)/.exec(line)?.[1] });
    return '';
  }

  /**
   * Returns the links that are no bridge and stand on none. A link with ports is their master. Without a line for `lo`,
   * not all links are known.
   */
  private findUnbridged(): ReadonlySet<string> {
    if (!this.links.has('lo')) return new Set();
    const masters = new Set([...this.links.values()].map(({ master }) => master));
    const isUnbridged = (name: string | undefined, depth = 0): boolean =>
      name === undefined ||
      (!masters.has(name) && depth < 9 && isUnbridged(this.links.get(name)?.lowerLink, depth + 1));
    return new Set([...this.links.keys()].filter((name) => isUnbridged(name)));
  }

  addAddress(name: string, text: string): '' {
    const interfaceAddress = parseInterfaceAddress(
      text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`,
    );
    this.hasAddresses = true;
    // Link-local addresses are on every interface and come through no router: they only show that the interface is
    // there.
    if (!interfaceAddress || /^fe[89ab]/i.test(text)) return this.addLink(name);
    if (name === 'lo') this.addLoopback(interfaceAddress);
    else
      this.updateInterface(name, (facts) => ({
        ...facts,
        addresses: [...facts.addresses, interfaceAddress],
        isInKernelOrder: true,
      }));
    return '';
  }

  /**
   * Adds an address of loopback. An IPv4 network of loopback is local as a whole. Source: fib_add_ifaddr in
   * net/ipv4/fib_frontend.c.
   */
  private addLoopback({ address, length }: InterfaceFacts['addresses'][number]): void {
    this.addLocalRange(getFamily(address) === 'ip' ? toRange(getNetwork(address, length)) : toSingleRange(address));
  }

  private addLocalRange({ first, last }: Range): void {
    if (LOOPBACK.some((range) => contains(range, first))) return;
    if (last - first >= MAX_LOOPBACK_ADDRESSES) this.hasUnlistedAddresses = true;
    else for (let address = first; address <= last; address++) this.loopbackAddresses.push(address as Address);
  }

  addRoute({ to, family, devices, local }: ParsedRoute): '' {
    this.hasRoutes = true;
    if (/^f(?:e[89ab]|f.)[0-9a-f]:/i.test(to)) return '';
    const address = parseAddress(to);
    const prefix = address === undefined ? parsePrefix(to) : toHostPrefix(address);
    if (local) {
      if (prefix) this.addLocalRange(toRange(prefix));
      // The prefix is unknown, so the device has unlisted addresses. A route of all addresses is for marked packets,
      // which a rule of ip asks for.
      else if (to !== 'default') this.hasUnlistedAddresses = true;
      return '';
    }
    for (const name of devices.filter((device) => device !== 'lo'))
      this.updateInterface(name, (facts) => ({
        ...facts,
        defaults:
          to === 'default' || (prefix !== undefined && isDefaultLike(prefix))
            ? [...facts.defaults, family]
            : facts.defaults,
        routes: prefix && prefix.length > 0 ? [...facts.routes, prefix] : facts.routes,
      }));
    return '';
  }

  setForwarding(family: Family, isEnabled: boolean): '' {
    this.forwarding.set(family, isEnabled || this.forwarding.get(family) === true);
    return '';
  }

  private updateInterface(name: string, update: (current: InterfaceFacts) => InterfaceFacts): void {
    this.interfaces.set(name, update(this.interfaces.get(name) ?? NO_INTERFACE_FACTS));
  }

  toFacts(): Facts {
    const { interfaces, hasRoutes: routes } = this;
    const interfaceAddresses = new Set(
      [...interfaces.values()].flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    );
    const loopbackAddresses = this.loopbackAddresses.filter((address) => !interfaceAddresses.has(address));
    const completeness = { addresses: this.hasAddresses && !this.hasUnlistedAddresses, isComplete: this.hasAddresses };
    return {
      ...NO_FACTS,
      interfaces,
      loopbackAddresses,
      routes,
      unbridgedInterfaces: this.findUnbridged(),
      ...completeness,
      forwarding: this.resolveForwarding(),
    };
  }

  /**
   * Returns whether the device forwards; undefined if that is unknown. IPv4 and IPv6 have separate switches: one that
   * is off says nothing about the other, unless the device has no address of it.
   */
  private resolveForwarding(): boolean | undefined {
    const [ip, ip6] = [this.forwarding.get('ip'), this.forwarding.get('ip6')];
    if (ip === true || ip6 === true) return true;
    const interfaceAddresses = [...this.interfaces.values()].flatMap(({ addresses }) =>
      addresses.map(({ address }) => address),
    );
    const hasNo6 =
      this.hasAddresses &&
      [...interfaceAddresses, ...this.loopbackAddresses].every((address) => getFamily(address) === 'ip');
    return ip === false && (ip6 === false || hasNo6) ? false : undefined;
  }
}

/** Returns the facts of both. */
export function mergeFacts(a: Facts, b: Facts): Facts {
  const interfaces = new Map(a.interfaces);
  for (const [name, added] of b.interfaces) {
    const formerFacts = interfaces.get(name) ?? NO_INTERFACE_FACTS;
    const role = added.role ?? formerFacts.role;
    // Later addresses stand behind earlier ones.
    const { isInKernelOrder } = formerFacts.addresses.length > 0 ? formerFacts : added;
    interfaces.set(name, {
      ...(role === undefined ? {} : { role }),
      ...(isInKernelOrder ? { isInKernelOrder } : {}),
      addresses: [...formerFacts.addresses, ...added.addresses],
      routes: [...formerFacts.routes, ...added.routes],
      defaults: [...formerFacts.defaults, ...added.defaults],
    });
  }
  const groups = new Map(a.groups);
  for (const [name, members] of b.groups) groups.set(name, [...new Set([...(groups.get(name) ?? []), ...members])]);
  return {
    interfaces,
    loopbackAddresses: [...new Set([...a.loopbackAddresses, ...b.loopbackAddresses])],
    unbridgedInterfaces: new Set([...a.unbridgedInterfaces, ...b.unbridgedInterfaces]),
    groups,
    addresses: a.addresses || b.addresses,
    routes: a.routes || b.routes,
    isComplete: a.isComplete || b.isComplete,
    forwarding: a.forwarding === true || b.forwarding === true ? true : (a.forwarding ?? b.forwarding),
  };
}

/**
 * Returns the families whose addresses aren't all known. An operator who lists addresses has those of one family in
 * mind, not that there is another.
 */
export function getUnknownFamilies({ isComplete, addresses, interfaces }: Facts): readonly Family[] {
  const knownFamilies = [...interfaces.values()].flatMap((facts) =>
    facts.addresses.map(({ address }) => getFamily(address)),
  );
  return FAMILIES.filter((family) => (isComplete ? !addresses : !knownFamilies.includes(family)));
}

/** Stands for all interfaces that neither rules nor facts name. */
export const OTHER_INTERFACES = '(any other)';

/** Returns whether the interface is known by which a family leaves. */
export const hasDefaultRoute = ({ interfaces }: Facts, family: Family): boolean =>
  [...interfaces.values()].some(({ defaults }) => defaults.includes(family));

/** Returns the groups and unbridged links as a Device has them. */
export const toDeviceLinks = ({
  groups,
  unbridgedInterfaces,
}: Facts): Pick<Device, 'groups' | 'unbridgedInterfaces'> => ({
  ...(groups.size > 0 ? { groups } : {}),
  ...(unbridgedInterfaces.size > 0 ? { unbridgedInterfaces } : {}),
});

export function toAddressOrder({ interfaces }: Facts): Pick<Device, 'interfacesInKernelOrder'> {
  const names = [...interfaces].flatMap(([name, { isInKernelOrder }]) => (isInKernelOrder ? [name] : []));
  return names.length > 0 ? { interfacesInKernelOrder: new Set(names) } : {};
}
