// Compares a policy with the facts of the live device (addresses, links, routes, version), and creates the device for
// which its running rules are evaluated.
import {
  Address,
  Family,
  Prefix,
  getFamily,
  toHostPrefix,
  parseInterfaceAddress,
  toRange,
  printAddress,
} from '../lib/net/address';
import { Device, LINK_LOCAL, LOOPBACK, NetworkInterface, getInterfaceNetworks } from '../lib/net/device';
import { groupBy } from '../lib/net/group-by';
import { isPublic } from '../lib/net/private-networks';
import { contains, covers } from '../lib/net/range';
import { Policy } from '../lib/policy/policy';
import { DeviceVerification } from '../lib/verifier/verify-device';
import { renameFacts, listInterfaceNames } from './rename-interfaces';
import { findDefaultRoutes, parseRoutes } from './live-routes';
import { LiveFacts } from './verification';

/** An address of a device, with its network's length. */
interface LiveAddress {
  readonly interface: string;
  readonly address: Address;
  readonly length: number;
}

/**
 * Returns the device for which the live rules are evaluated: interfaces with the policy's roles, and the addresses that
 * are really there.
 */
export function createLiveDevice(policy: Policy, liveFacts: LiveFacts): Device {
  const facts = renameFacts(liveFacts, listInterfaceNames(policy));
  const deviceAddresses = parseDeviceAddresses(facts);
  const routes = parseRoutes(facts.routes);
  const interfaces = [...policy.interfaces, ...findUnnamedInterfaces(policy, facts, deviceAddresses, routes)];
  const namedAddresses = new Set(
    interfaces.flatMap(({ name, addresses }) => addresses.map(({ address }) => `${name} ${address}`)),
  );
  return {
    interfaces,
    localAddresses: [
      ...new Set(
        deviceAddresses
          .filter((deviceAddress) => !namedAddresses.has(`${deviceAddress.interface} ${deviceAddress.address}`))
          .map(({ address }) => address),
      ),
    ],
    forwarding: facts.forwarding.ip || facts.forwarding.ip6,
    soleUplink: findSoleUplinks(interfaces, deviceAddresses, routes, findDefaultRoutes(facts.routes)),
  };
}

/**
 * Returns the uplinks that are the only default route of a family. If the intent doesn't name some route, the way of
 * answers isn't certain.
 */
function findSoleUplinks(
  interfaces: readonly NetworkInterface[],
  deviceAddresses: readonly LiveAddress[],
  routes: ReturnType<typeof parseRoutes>,
  defaultRoute: ReturnType<typeof findDefaultRoutes>,
): NonNullable<Device['soleUplink']> {
  const routedPrefixes = [...routes].flatMap(([name, prefixes]) => prefixes.map((prefix) => ({ name, prefix })));
  const networksByInterface = new Map(interfaces.map((item) => [item.name, getInterfaceNetworks(item)]));
  const outside = new Set(interfaces.flatMap(({ name, role }) => (role === 'outside' ? [name] : [])));
  const isSole = ([family, uplink]: readonly [Family, string]): boolean => {
    const familyRoutes = routedPrefixes.filter(({ prefix }) => prefix.length > 0 && getFamily(prefix.first) === family);
    const interfaceNames = [
      ...familyRoutes,
      ...deviceAddresses
        .filter(({ address }) => getFamily(address) === family)
        .map((item) => ({ name: item.interface })),
    ];
    return (
      outside.has(uplink) &&
      !interfaceNames.some(({ name }) => name !== uplink && outside.has(name)) &&
      familyRoutes.every(({ name, prefix }) =>
        (networksByInterface.get(name) ?? []).some((range) => covers(range, toRange(prefix))),
      )
    );
  };
  return Object.fromEntries((Object.entries(defaultRoute) as [Family, string][]).filter(isSole));
}

/**
 * Returns the interfaces that the intent doesn't name: a container's bridge, a tunnel, a second uplink. Packets come
 * and leave by them all the same. Any source may be behind an interface with a public address or with a default route
 * of any table.
 */
function findUnnamedInterfaces(
  policy: Policy,
  facts: LiveFacts,
  addresses: readonly LiveAddress[],
  routes: ReturnType<typeof parseRoutes>,
): readonly NetworkInterface[] {
  const addressesByInterface = groupBy(addresses, (deviceAddress) => deviceAddress.interface);
  const interfaceNames = new Set(policy.interfaces.map(({ name }) => name));
  const isDefault = ({ length }: Prefix): boolean => length === 0;
  return [...new Set([...listLiveLinks(facts), ...addressesByInterface.keys(), ...routes.keys()])]
    .filter((name) => name !== 'lo' && !interfaceNames.has(name))
    .map((name) => {
      const interfaceRoutes = routes.get(name) ?? [];
      const addresses = (addressesByInterface.get(name) ?? []).map(({ address, length }) => ({ address, length }));
      return {
        name,
        role:
          interfaceRoutes.some(isDefault) || addresses.some(({ address }) => isPublic(address)) ? 'outside' : 'inside',
        addresses,
        routes: interfaceRoutes.filter((prefix) => !isDefault(prefix)),
      };
    });
}

/**
 * Returns the links by which packets can come: not those that are down, and not the ports of a bridge, which stands for
 * them.
 */
const listLiveLinks = (facts: LiveFacts): readonly string[] =>
  facts.links.split('\n').flatMap((line) => {
    const [, name, flags] = /^\d+: ([^:@ ]+)[^<]*<([^>]*)>/.exec(line) ?? [];
    return name === undefined || !flags!.split(',').includes('UP') || / master /.test(line) ? [] : [name];
  });

/** Returns the number of a device's interfaces by which packets can come, without loopback. */
export const countInterfaces = (facts: LiveFacts): number =>
  listLiveLinks(facts).filter((name) => name !== 'lo').length;

/**
 * Returns the differences between the intent and the device. An extra address is only reported: the verification of the
 * live rules covers it.
 */
export function compareFacts(policy: Policy, liveFacts: LiveFacts, added: readonly string[]): DeviceVerification {
  const facts = renameFacts(liveFacts, listInterfaceNames(policy));
  const deviceAddresses = parseDeviceAddresses(facts);
  const links = new Set(facts.links.split('\n').flatMap((line) => /^\d+: ([^:@ ]+)/.exec(line)?.[1] ?? []));
  const missingInterfaces = policy.interfaces
    .filter(({ name }) => !links.has(name))
    .map(({ name }) => `the device has no interface ${name}.`);
  const absent = policy.interfaces
    .filter(({ name }) => links.has(name))
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(
          ({ address }) =>
            !deviceAddresses.some(
              (deviceAddress) => deviceAddress.interface === name && deviceAddress.address === address,
            ),
        )
        .map(
          ({ address, length }) => `interface ${name} of the device does not have ${printAddress(address)}/${length}.`,
        ),
    );
  const lengths = policy.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ address, length }) => {
      const liveAddress = deviceAddresses.find(
        (deviceAddress) => deviceAddress.interface === name && deviceAddress.address === address,
      );
      // The intent of a server that only names an address doesn't contain the network.
      const isTold = policy.kind === 'gateway' || length !== toHostPrefix(address).length;
      return liveAddress && isTold && liveAddress.length !== length
        ? [
            `${printAddress(address)} on ${name} has length ${liveAddress.length} on the device, and ${length} in the intent.`,
          ]
        : [];
    }),
  );
  const localAddresses = policy.kind === 'server' ? policy.localAddresses : [];
  const missingLocal = localAddresses
    .filter((address) => !deviceAddresses.some((deviceAddress) => deviceAddress.address === address))
    .map((address) => `the device does not have ${printAddress(address)}.`);
  const forwardingRefusals =
    policy.kind === 'gateway' && !facts.forwarding.ip ? ['the device does not forward IPv4.'] : [];
  const version = compareVersions(policy.version, facts.version);
  const intendedAddresses = new Set([
    ...policy.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ...localAddresses,
  ]);
  const addedAddresses = new Set(added.flatMap((text) => parseInterfaceAddress(text)?.address ?? []));
  const extraAddresses = deviceAddresses.filter(
    ({ address }) => !intendedAddresses.has(address) && !addedAddresses.has(address),
  );
  const unnamedNotes = findUnnamedInterfaces(policy, facts, deviceAddresses, parseRoutes(facts.routes)).map(
    ({ name, role }) =>
      `the device also has interface ${name}, which the intent does not name: ${role === 'outside' ? 'any host may be' : 'no host from outside is'} behind it`,
  );
  return {
    refusals: [
      ...missingInterfaces,
      ...absent,
      ...lengths,
      ...missingLocal,
      ...forwardingRefusals,
      ...version.refusals,
    ],
    reports: [
      ...version.reports,
      ...unnamedNotes,
      ...extraAddresses.map(
        (deviceAddress) =>
          `the device also has ${printAddress(deviceAddress.address)} on ${deviceAddress.interface}, which the intent does not name`,
      ),
    ],
  };
}

/**
 * Compares versions. Another first or second number may mean another grammar, for which nothing was verified; other
 * numbers are an update of the system.
 */
function compareVersions(intendedVersion: string, versionText: string): DeviceVerification {
  const deviceVersion = /\bv?(\d+(?:\.\d+)+)/.exec(versionText)?.[1];
  if (deviceVersion === undefined) return { refusals: ['the device does not say which version it runs.'], reports: [] };
  const getSeries = (version: string): string => version.split('.').slice(0, 2).join('.');
  if (getSeries(deviceVersion) !== getSeries(intendedVersion))
    return {
      refusals: [`the device runs version ${deviceVersion}, and the intent says ${intendedVersion}.`],
      reports: [],
    };
  return {
    refusals: [],
    reports:
      deviceVersion === intendedVersion
        ? []
        : [`the device runs version ${deviceVersion}; the intent says ${intendedVersion}`],
  };
}

/**
 * Parses `2: wan0    inet 203.0.113.1/24 brd …`. Every machine has loopback and link-local addresses, so they are left
 * out.
 */
export function parseDeviceAddresses(facts: LiveFacts): readonly LiveAddress[] {
  return facts.addresses.split('\n').flatMap((line) => {
    const [, name, text] = /^\d+: ([^ @]+)\S* +inet6? (\S+)/.exec(line) ?? [];
    const interfaceAddress = text === undefined ? undefined : parseInterfaceAddress(text);
    const isEverybodys =
      interfaceAddress && [...LOOPBACK, LINK_LOCAL].some((range) => contains(range, interfaceAddress.address));
    return name === undefined || !interfaceAddress || isEverybodys ? [] : [{ interface: name, ...interfaceAddress }];
  });
}
