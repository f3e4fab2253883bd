import {
  Address,
  FAMILIES,
  Family,
  Prefix,
  familyOf,
  hostPrefix,
  networkOf,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  prefixRange,
} from '../../net/address';
import { Device, LOOPBACK, Role } from '../../net/device';
import { Range, contains, point } from '../../net/range';
import { forwardingIn } from './forwarding';
import { Route, hopIn, isMuchOfTheWorld, routeIn } from './routes';

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
const MOST_OF_LOOPBACK = 256n;
export const NOTHING: InterfaceFacts = { addresses: [], routes: [], defaults: [] };

const HEADER = /^\d+: ([^\s:@]+)(?:@([^\s:]+))?: <[^>]*>/;
const ONE_LINE = /^\d+: ([^\s:@]+)\S*\s+inet6? (\S+)/;
const BELOW_HEADER = /^\s+(?:inet6? (\S+)|link\/|valid_lft |altname )/;

interface Split {
  /** The text without the lines that tell facts: they are empty in it, so that lines keep their numbers. */
  readonly text: string;
  readonly facts: Facts;
}

/** Takes what `ip -o addr`, `ip -o link`, `ip -o route` and `sysctl -a | grep forwarding` print out of a text; also without `-o`. */
export function splitFacts(source: string): Split {
  const told = new Telling();
  let header: string | undefined;
  let ahead: Route | undefined;
  const written = source.split('\n');
  const lines = written.map((raw, at) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') return raw;
    const hop = ahead && hopIn(line);
    if (ahead && hop) return told.route({ ...ahead, devices: hop });
    const below = header === undefined ? null : BELOW_HEADER.exec(line);
    if (below) {
      if (below[1] !== undefined) told.address(header!, below[1]);
      return '';
    }
    header = undefined;
    const one = ONE_LINE.exec(line);
    if (one) return told.address(one[1]!, one[2]!);
    const link = HEADER.exec(line);
    if (link) return told.link((header = link[1]!), line, link[2]);
    ahead = routeIn(line, written[at + 1]);
    if (ahead) return told.route(ahead);
    const forwarding = forwardingIn(line);
    return forwarding === undefined ? raw : forwarding === 'nothing' ? '' : told.forwards(...forwarding);
  });
  return { text: lines.join('\n'), facts: told.all() };
}

class Telling {
  private readonly interfaces = new Map<string, InterfaceFacts>();
  private readonly links = new Map<
    string,
    { readonly below: string | undefined; readonly master: string | undefined }
  >();
  private readonly ofLoopback: Address[] = [];
  private addresses = false;
  private uncounted = false;
  private routes = false;
  private readonly forwarding = new Map<Family, boolean>();

  /** One that is up, and no port of a bridge, which comes instead of it: as cables to containers are. */
  link(name: string, line = '<UP>', below?: string): '' {
    const isThere = /[<,]UP[,>]/.test(line) && !/ master /.test(line) && !/^(lo$|veth|vnet)/.test(name);
    if (isThere && !this.interfaces.has(name)) this.interfaces.set(name, NOTHING);
    if (line !== '<UP>') this.links.set(name, { below, master: / master (\S+)/.exec(line)?.[1] });
    return '';
  }

  /** Whoever has ports is their master. Where no line is of `lo`, not all links were told. */
  private unbridged(): ReadonlySet<string> {
    if (!this.links.has('lo')) return new Set();
    const masters = new Set([...this.links.values()].map(({ master }) => master));
    const isNone = (name: string | undefined, seen = 0): boolean =>
      name === undefined || (!masters.has(name) && seen < 9 && isNone(this.links.get(name)?.below, seen + 1));
    return new Set([...this.links.keys()].filter((name) => isNone(name)));
  }

  address(name: string, text: string): '' {
    const parsed = parseInterfaceAddress(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    this.addresses = true;
    // Link-local addresses are on every interface and come through no router: they tell that it is there.
    if (!parsed || /^fe[89ab]/i.test(text)) return this.link(name);
    if (name === 'lo') this.loopback(parsed);
    else this.change(name, (one) => ({ ...one, addresses: [...one.addresses, parsed], inOrder: true }));
    return '';
  }

  /** Of IPv4 a network of loopback is local as a whole. Source: fib_add_ifaddr in net/ipv4/fib_frontend.c. */
  private loopback({ address, length }: InterfaceFacts['addresses'][number]): void {
    this.everywhere(familyOf(address) === 'ip' ? prefixRange(networkOf(address, length)) : point(address));
  }

  private everywhere({ first, last }: Range): void {
    if (LOOPBACK.some((range) => contains(range, first))) return;
    if (last - first >= MOST_OF_LOOPBACK) this.uncounted = true;
    else for (let one = first; one <= last; one++) this.ofLoopback.push(one as Address);
  }

  route({ to, family, devices, local }: Route): '' {
    this.routes = true;
    if (/^f(?:e[89ab]|f.)[0-9a-f]:/i.test(to)) return '';
    const address = parseAddress(to);
    const prefix = address === undefined ? parsePrefix(to) : hostPrefix(address);
    if (local) {
      if (prefix) this.everywhere(prefixRange(prefix));
      // No prefix that anybody knows. One of all addresses is for marked packets, which a rule of ip asks for.
      else if (to !== 'default') this.uncounted = true;
      return '';
    }
    for (const name of devices.filter((one) => one !== 'lo'))
      this.change(name, (one) => ({
        ...one,
        defaults:
          to === 'default' || (prefix !== undefined && isMuchOfTheWorld(prefix))
            ? [...one.defaults, family]
            : one.defaults,
        routes: prefix && prefix.length > 0 ? [...one.routes, prefix] : one.routes,
      }));
    return '';
  }

  forwards(family: Family, is: boolean): '' {
    this.forwarding.set(family, is || this.forwarding.get(family) === true);
    return '';
  }

  private change(name: string, how: (one: InterfaceFacts) => InterfaceFacts): void {
    this.interfaces.set(name, how(this.interfaces.get(name) ?? NOTHING));
  }

  all(): Facts {
    const { interfaces, routes } = this;
    const there = new Set([...interfaces.values()].flatMap(({ addresses }) => addresses.map(({ address }) => address)));
    const ofLoopback = this.ofLoopback.filter((address) => !there.has(address));
    const told = { addresses: this.addresses && !this.uncounted, complete: this.addresses };
    return {
      ...NO_FACTS,
      interfaces,
      ofLoopback,
      routes,
      unbridged: this.unbridged(),
      ...told,
      forwarding: this.whether(),
    };
  }

  /** IPv4 and IPv6 are switched apart: that one is off says nothing of the other, unless the device has no address of it. */
  private whether(): boolean | undefined {
    const [ip, ip6] = [this.forwarding.get('ip'), this.forwarding.get('ip6')];
    if (ip === true || ip6 === true) return true;
    const all = [...this.interfaces.values()].flatMap(({ addresses }) => addresses.map(({ address }) => address));
    const hasNo6 = this.addresses && [...all, ...this.ofLoopback].every((address) => familyOf(address) === 'ip');
    return ip === false && (ip6 === false || hasNo6) ? false : undefined;
  }
}

/** What two tellings say together. */
export function bothFacts(a: Facts, b: Facts): Facts {
  const interfaces = new Map(a.interfaces);
  for (const [name, more] of b.interfaces) {
    const known = interfaces.get(name) ?? NOTHING;
    const role = more.role ?? known.role;
    // What was told later stands behind.
    const { inOrder } = known.addresses.length > 0 ? known : more;
    interfaces.set(name, {
      ...(role === undefined ? {} : { role }),
      ...(inOrder ? { inOrder } : {}),
      addresses: [...known.addresses, ...more.addresses],
      routes: [...known.routes, ...more.routes],
      defaults: [...known.defaults, ...more.defaults],
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
export function untoldFamilies({ complete, addresses, interfaces }: Facts): readonly Family[] {
  const told = [...interfaces.values()].flatMap((one) => one.addresses.map(({ address }) => familyOf(address)));
  return FAMILIES.filter((family) => (complete ? !addresses : !told.includes(family)));
}

/** Stands for all interfaces that nobody named. */
export const OTHERS = '(any other)';

/** Whether somebody told by which interface a family leaves. */
export const isWayOutTold = ({ interfaces }: Facts, family: Family): boolean =>
  [...interfaces.values()].some(({ defaults }) => defaults.includes(family));

/** As a Device has them. */
export const linksOf = ({ groups, unbridged }: Facts): Pick<Device, 'groups' | 'unbridged'> => ({
  ...(groups.size > 0 ? { groups } : {}),
  ...(unbridged.size > 0 ? { unbridged } : {}),
});

export function orderOf({ interfaces }: Facts): Pick<Device, 'inOrder'> {
  const names = [...interfaces].flatMap(([name, { inOrder }]) => (inOrder ? [name] : []));
  return names.length > 0 ? { inOrder: new Set(names) } : {};
}
