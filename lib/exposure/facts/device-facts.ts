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
import { parseForwarding } from './parse-forwarding';
import { ParsedRoute, parseHopDevices, isDefaultLike, parseRoute } from './parse-routes';

/** What somebody told of a device: on the command line, or by the output of `ip`. */
export interface Facts {
  readonly interfaces: ReadonlyMap<string, InterfaceFacts>;
  /** Addresses of loopback and of local routes, which others reach by every interface. */
  readonly ofLoopback: readonly Address[];
  /** Of a device whose links were all told: those that are no bridge and stand on none. */
  readonly unbridged: ReadonlySet<string>;
  /** Groups of interfaces by their names. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** `ip` told all addresses of the device. */
  readonly addresses: boolean;
  readonly routes: boolean;
  /** `ip` told them, which leaves no interface out. */
  readonly complete: boolean;
  /** Undefined: nobody told. */
  readonly forwarding: boolean | undefined;
}

export interface InterfaceFacts {
  readonly role?: Role;
  readonly addresses: readonly { readonly address: Address; readonly length: number }[];
  /** As `ip` prints them, which the kernel does in its order. */
  readonly inOrder?: true;
  readonly routes: readonly Prefix[];
  /** Families of which a default route leads by it. */
  readonly defaults: readonly Family[];
}

export const NO_FACTS: Facts = {
  interfaces: new Map(),
  ofLoopback: [],
  unbridged: new Set(),
  groups: new Map(),
  addresses: false,
  routes: false,
  complete: false,
  forwarding: undefined,
};
/** So many addresses of one network are told one by one; with more the device may have any. */
const MAX_LOOPBACK_ADDRESSES = 256n;
export const NO_INTERFACE_FACTS: InterfaceFacts = { addresses: [], routes: [], defaults: [] };

const LINK_HEADER = /^\d+: ([^\s:@]+)(?:@([^\s:]+))?: <[^>]*>/;
const ONE_LINE_ADDRESS = /^\d+: ([^\s:@]+)\S*\s+inet6? (\S+)/;
const INDENTED_LINE = /^\s+(?:inet6? (\S+)|link\/|valid_lft |altname )/;

interface TextWithFacts {
  /** The text without the lines that tell facts: they are empty in it, so that lines keep their numbers. */
  readonly text: string;
  readonly facts: Facts;
}

/** Takes what `ip -o addr`, `ip -o link`, `ip -o route` and `sysctl -a | grep forwarding` print out of a text; also without `-o`. */
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
    { readonly below: string | undefined; readonly master: string | undefined }
  >();
  private readonly loopbackAddresses: Address[] = [];
  private hasAddresses = false;
  private hasUnlistedAddresses = false;
  private hasRoutes = false;
  private readonly forwarding = new Map<Family, boolean>();

  /** One that is up, and no port of a bridge, which comes instead of it: as cables to containers are. */
  addLink(name: string, line = '<UP>', lowerLink?: string): '' {
    const isUsable = /[<,]UP[,>]/.test(line) && !/ master /.test(line) && !/^(lo$|veth|vnet)/.test(name);
    if (isUsable && !this.interfaces.has(name)) this.interfaces.set(name, NO_INTERFACE_FACTS);
    if (line !== '<UP>') this.links.set(name, { below: lowerLink, master: / master (\S+)/.exec(line)?.[1] });
    return '';
  }

  /** Whoever has ports is their master. Where no line is of `lo`, not all links were told. */
  private findUnbridged(): ReadonlySet<string> {
    if (!this.links.has('lo')) return new Set();
    const masters = new Set([...this.links.values()].map(({ master }) => master));
    const isUnbridged = (name: string | undefined, depth = 0): boolean =>
      name === undefined || (!masters.has(name) && depth < 9 && isUnbridged(this.links.get(name)?.below, depth + 1));
    return new Set([...this.links.keys()].filter((name) => isUnbridged(name)));
  }

  addAddress(name: string, text: string): '' {
    const parsed = parseInterfaceAddress(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    this.hasAddresses = true;
    // Link-local addresses are on every interface and come through no router: they tell that it is there.
    if (!parsed || /^fe[89ab]/i.test(text)) return this.addLink(name);
    if (name === 'lo') this.addLoopback(parsed);
    else
      this.updateInterface(name, (current) => ({
        ...current,
        addresses: [...current.addresses, parsed],
        inOrder: true,
      }));
    return '';
  }

  /** Of IPv4 a network of loopback is local as a whole. Source: fib_add_ifaddr in net/ipv4/fib_frontend.c. */
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
      // No prefix that anybody knows. One of all addresses is for marked packets, which a rule of ip asks for.
      else if (to !== 'default') this.hasUnlistedAddresses = true;
      return '';
    }
    for (const name of devices.filter((current) => current !== 'lo'))
      this.updateInterface(name, (current) => ({
        ...current,
        defaults:
          to === 'default' || (prefix !== undefined && isDefaultLike(prefix))
            ? [...current.defaults, family]
            : current.defaults,
        routes: prefix && prefix.length > 0 ? [...current.routes, prefix] : current.routes,
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
    const completeness = { addresses: this.hasAddresses && !this.hasUnlistedAddresses, complete: this.hasAddresses };
    return {
      ...NO_FACTS,
      interfaces,
      ofLoopback: loopbackAddresses,
      routes,
      unbridged: this.findUnbridged(),
      ...completeness,
      forwarding: this.resolveForwarding(),
    };
  }

  /** IPv4 and IPv6 are switched apart: that one is off says nothing of the other, unless the device has no address of it. */
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

/** What two tellings say together. */
export function mergeFacts(a: Facts, b: Facts): Facts {
  const interfaces = new Map(a.interfaces);
  for (const [name, added] of b.interfaces) {
    const existing = interfaces.get(name) ?? NO_INTERFACE_FACTS;
    const role = added.role ?? existing.role;
    // What was told later stands behind.
    const { inOrder } = existing.addresses.length > 0 ? existing : added;
    interfaces.set(name, {
      ...(role === undefined ? {} : { role }),
      ...(inOrder ? { inOrder } : {}),
      addresses: [...existing.addresses, ...added.addresses],
      routes: [...existing.routes, ...added.routes],
      defaults: [...existing.defaults, ...added.defaults],
    });
  }
  const groups = new Map(a.groups);
  for (const [name, members] of b.groups) groups.set(name, [...new Set([...(groups.get(name) ?? []), ...members])]);
  return {
    interfaces,
    ofLoopback: [...new Set([...a.ofLoopback, ...b.ofLoopback])],
    unbridged: new Set([...a.unbridged, ...b.unbridged]),
    groups,
    addresses: a.addresses || b.addresses,
    routes: a.routes || b.routes,
    complete: a.complete || b.complete,
    forwarding: a.forwarding === true || b.forwarding === true ? true : (a.forwarding ?? b.forwarding),
  };
}

/** Families of which nobody told the device's addresses. Who lists some himself has those of a family in mind, and not that there is another. */
export function getUnknownFamilies({ complete, addresses, interfaces }: Facts): readonly Family[] {
  const knownFamilies = [...interfaces.values()].flatMap((facts) =>
    facts.addresses.map(({ address }) => getFamily(address)),
  );
  return FAMILIES.filter((family) => (complete ? !addresses : !knownFamilies.includes(family)));
}

/** Stands for all interfaces that nobody named. */
export const OTHER_INTERFACES = '(any other)';

/** Whether somebody told by which interface a family leaves. */
export const hasDefaultRoute = ({ interfaces }: Facts, family: Family): boolean =>
  [...interfaces.values()].some(({ defaults }) => defaults.includes(family));

/** As a Device has them. */
export const toDeviceLinks = ({ groups, unbridged }: Facts): Pick<Device, 'groups' | 'unbridged'> => ({
  ...(groups.size > 0 ? { groups } : {}),
  ...(unbridged.size > 0 ? { unbridged } : {}),
});

export function toAddressOrder({ interfaces }: Facts): Pick<Device, 'inOrder'> {
  const names = [...interfaces].flatMap(([name, { inOrder }]) => (inOrder ? [name] : []));
  return names.length > 0 ? { inOrder: new Set(names) } : {};
}
