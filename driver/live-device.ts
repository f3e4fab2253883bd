import {
  Address,
  Family,
  Prefix,
  familyOf,
  hostPrefix,
  parseInterfaceAddress,
  prefixRange,
  printAddress,
} from '../lib/net/address';
import { Device, LINK_LOCAL, LOOPBACK, NetworkInterface, networksOf } from '../lib/net/device';
import { groupBy } from '../lib/net/group-by';
import { isPublic } from '../lib/net/private';
import { contains, covers } from '../lib/net/range';
import { Policy } from '../lib/policy/policy';
import { Judgement } from '../lib/verifier/on-device';
import { factsNamed, namesOf } from './live-names';
import { defaultRouteOf, routesBy } from './live-routes';
import { LiveFacts } from './proof';

/** An address that a device has, with its network's length. */
interface Held {
  readonly interface: string;
  readonly address: Address;
  readonly length: number;
}

/** The device that the live rules are read for: interfaces have the policy's roles, addresses are what is really there. */
export function liveDevice(policy: Policy, said: LiveFacts): Device {
  const facts = factsNamed(said, namesOf(policy));
  const held = heldAddresses(facts);
  const routes = routesBy(facts.routes);
  const interfaces = [...policy.interfaces, ...unnamedInterfaces(policy, facts, held, routes)];
  const known = new Set(
    interfaces.flatMap(({ name, addresses }) => addresses.map(({ address }) => `${name} ${address}`)),
  );
  return {
    interfaces,
    localAddresses: [
      ...new Set(held.filter((one) => !known.has(`${one.interface} ${one.address}`)).map(({ address }) => address)),
    ],
    forwarding: facts.forwarding.ip || facts.forwarding.ip6,
    soleUplink: soleUplinks(interfaces, held, routes, defaultRouteOf(facts.routes)),
  };
}

/** Where it isn't the only default route, or a route is there that the intent doesn't name, nobody is sure which way answers go. */
function soleUplinks(
  interfaces: readonly NetworkInterface[],
  held: readonly Held[],
  routes: ReturnType<typeof routesBy>,
  defaultRoute: ReturnType<typeof defaultRouteOf>,
): NonNullable<Device['soleUplink']> {
  const behind = [...routes].flatMap(([name, prefixes]) => prefixes.map((prefix) => ({ name, prefix })));
  const named = new Map(interfaces.map((one) => [one.name, networksOf(one)]));
  const outside = new Set(interfaces.flatMap(({ name, role }) => (role === 'outside' ? [name] : [])));
  const isSole = ([family, uplink]: readonly [Family, string]): boolean => {
    const its = behind.filter(({ prefix }) => prefix.length > 0 && familyOf(prefix.first) === family);
    const others = [
      ...its,
      ...held.filter(({ address }) => familyOf(address) === family).map((one) => ({ name: one.interface })),
    ];
    return (
      outside.has(uplink) &&
      !others.some(({ name }) => name !== uplink && outside.has(name)) &&
      its.every(({ name, prefix }) => (named.get(name) ?? []).some((range) => covers(range, prefixRange(prefix))))
    );
  };
  return Object.fromEntries((Object.entries(defaultRoute) as [Family, string][]).filter(isSole));
}

/**
 * What the intent is silent about is a way in and out all the same: a container's bridge, a tunnel, a second uplink. Nobody said
 * who is behind it: anybody, where it has a public address or a default route of any table.
 */
function unnamedInterfaces(
  policy: Policy,
  facts: LiveFacts,
  addresses: readonly Held[],
  routes: ReturnType<typeof routesBy>,
): readonly NetworkInterface[] {
  const held = groupBy(addresses, (one) => one.interface);
  const named = new Set(policy.interfaces.map(({ name }) => name));
  const isDefault = ({ length }: Prefix): boolean => length === 0;
  return [...new Set([...liveLinks(facts), ...held.keys(), ...routes.keys()])]
    .filter((name) => name !== 'lo' && !named.has(name))
    .map((name) => {
      const behind = routes.get(name) ?? [];
      const addresses = (held.get(name) ?? []).map(({ address, length }) => ({ address, length }));
      return {
        name,
        role: behind.some(isDefault) || addresses.some(({ address }) => isPublic(address)) ? 'outside' : 'inside',
        addresses,
        routes: behind.filter((prefix) => !isDefault(prefix)),
      };
    });
}

/** Links by which packets can come: not those that are down, nor the ports of a bridge, which comes instead of them. */
const liveLinks = (facts: LiveFacts): readonly string[] =>
  facts.links.split('\n').flatMap((line) => {
    const [, name, flags] = /^\d+: ([^:@ ]+)[^<]*<([^>]*)>/.exec(line) ?? [];
    return name === undefined || !flags!.split(',').includes('UP') || / master /.test(line) ? [] : [name];
  });

/** How many interfaces a device has by which packets can come, without loopback. */
export const countInterfaces = (facts: LiveFacts): number => liveLinks(facts).filter((name) => name !== 'lo').length;

/** What the intent says of the device and isn't so. An address too many is reported: the proof over the live rules covers it. */
export function factsThatDiffer(policy: Policy, said: LiveFacts, added: readonly string[]): Judgement {
  const facts = factsNamed(said, namesOf(policy));
  const held = heldAddresses(facts);
  const links = new Set(facts.links.split('\n').flatMap((line) => /^\d+: ([^:@ ]+)/.exec(line)?.[1] ?? []));
  const missing = policy.interfaces
    .filter(({ name }) => !links.has(name))
    .map(({ name }) => `the device has no interface ${name}.`);
  const absent = policy.interfaces
    .filter(({ name }) => links.has(name))
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(({ address }) => !held.some((one) => one.interface === name && one.address === address))
        .map(
          ({ address, length }) => `interface ${name} of the device does not have ${printAddress(address)}/${length}.`,
        ),
    );
  const lengths = policy.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ address, length }) => {
      const live = held.find((one) => one.interface === name && one.address === address);
      // Of a server that is named by its address alone nobody said the network.
      const isTold = policy.kind === 'gateway' || length !== hostPrefix(address).length;
      return live && isTold && live.length !== length
        ? [`${printAddress(address)} on ${name} has length ${live.length} on the device, and ${length} in the intent.`]
        : [];
    }),
  );
  const local = policy.kind === 'server' ? policy.localAddresses : [];
  const gone = local
    .filter((address) => !held.some((one) => one.address === address))
    .map((address) => `the device does not have ${printAddress(address)}.`);
  const off = policy.kind === 'gateway' && !facts.forwarding.ip ? ['the device does not forward IPv4.'] : [];
  const version = versionsThatDiffer(policy.version, facts.version);
  const known = new Set([
    ...policy.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ...local,
  ]);
  const ours = new Set(added.flatMap((text) => parseInterfaceAddress(text)?.address ?? []));
  const extra = held.filter(({ address }) => !known.has(address) && !ours.has(address));
  const strange = unnamedInterfaces(policy, facts, held, routesBy(facts.routes)).map(
    ({ name, role }) =>
      `the device also has interface ${name}, which the intent does not name: ${role === 'outside' ? 'anybody may be' : 'nobody from outside is'} behind it`,
  );
  return {
    refusals: [...missing, ...absent, ...lengths, ...gone, ...off, ...version.refusals],
    reports: [
      ...version.reports,
      ...strange,
      ...extra.map(
        (one) => `the device also has ${printAddress(one.address)} on ${one.interface}, which the intent does not name`,
      ),
    ],
  };
}

/** Another first or second number may be another grammar, which nothing here was proven for; the rest is an update of the system. */
function versionsThatDiffer(wanted: string, told: string): Judgement {
  const found = /\bv?(\d+(?:\.\d+)+)/.exec(told)?.[1];
  if (found === undefined) return { refusals: ['the device does not say which version it runs.'], reports: [] };
  const series = (version: string): string => version.split('.').slice(0, 2).join('.');
  if (series(found) !== series(wanted))
    return { refusals: [`the device runs version ${found}, and the intent says ${wanted}.`], reports: [] };
  return {
    refusals: [],
    reports: found === wanted ? [] : [`the device runs version ${found}; the intent says ${wanted}`],
  };
}

/** `2: wan0    inet 203.0.113.1/24 brd …`. Loopback and link-local addresses are every machine's own. */
export function heldAddresses(facts: LiveFacts): readonly Held[] {
  return facts.addresses.split('\n').flatMap((line) => {
    const [, name, text] = /^\d+: ([^ @]+)\S* +inet6? (\S+)/.exec(line) ?? [];
    const parsed = text === undefined ? undefined : parseInterfaceAddress(text);
    const isEverybodys = parsed && [...LOOPBACK, LINK_LOCAL].some((range) => contains(range, parsed.address));
    return name === undefined || !parsed || isEverybodys ? [] : [{ interface: name, ...parsed }];
  });
}
