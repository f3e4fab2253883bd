// Resolves the `source` or `destination` of a pfSense entry (interface, network, alias, address) to address ranges on
// the box.

import { Address, FAMILY_RANGE, Family, getFamily, parseAddress, toRange } from '../../../../net/address';
import { Range, contains, toSingleRange } from '../../../../net/range';
import { XmlElement } from '../../../../xml/parse-xml';
import { AliasTable } from './alias-table';
import { PfsenseBox, PfsenseInterface, getAddress, toNetworkRange } from '../box/box';
import { addPossibleLeases } from '../box/leases';
import { isEmpty, isSet, getTruthyText } from '../elements/element';
import { parsePrefixLiteral } from '../elements/parse-literals';
import {
  ANY_ADDRESS,
  NO_ADDRESS,
  RangeBounds,
  createUnknown,
  uniteBounds,
  narrowToFamily,
  negateBounds,
  createMergedCertain,
} from '../../../../parse/pf/range-bounds';
import { ReleaseBehavior } from '../box/release-behavior';
import { Unloadable } from '../elements/unloadable';
import { isLocal } from '../box/virtual-ips';

/** The context in which an entry's address is resolved. */
export interface PfsenseContext {
  readonly box: PfsenseBox;
  readonly aliases: AliasTable;
  readonly release: ReleaseBehavior;
}

/**
 * Returns the same as `resolveAddresses` for destinations. An address in the text may be one that the box leases, and
 * the network of an interface contains what the interface leases.
 */
export const resolveDestination = (
  element: XmlElement | undefined,
  family: Family,
  context: PfsenseContext,
): RangeBounds | undefined => resolveAddresses(element, family, context, 'destination');

/**
 * Returns the addresses that a `source` or `destination` names; undefined if the box finds none and omits the entry.
 */
export function resolveAddresses(
  element: XmlElement | undefined,
  family: Family,
  context: PfsenseContext,
  axis: 'source' | 'destination' = 'source',
): RangeBounds | undefined {
  if (!element) return undefined;
  if (isEmpty(element)) {
    if (context.release.stopsAtEmptyAddress)
      throw new Unloadable(element, `the generator of ${context.release.name} stops at an empty address`);
    return undefined;
  }
  if (isSet(element, 'any')) return ANY_ADDRESS;
  const not = isSet(element, 'not');
  const network = getTruthyText(element, 'network');
  if (network !== '') return resolveNetworkName(network, family, not, context, axis);
  const written = getTruthyText(element, 'address');
  if (written === '') return undefined;
  const writtenAddresses = resolveWrittenAddress(element, written, family, context);
  const addresses =
    writtenAddresses && axis === 'destination'
      ? addPossibleLeases(writtenAddresses, context.box.leases[family])
      : writtenAddresses;
  return addresses && (not ? narrowToFamily(negateBounds(addresses), family) : addresses);
}

/** Returns the ranges of an address, a network or an alias; undefined for any other text. */
export function resolveWrittenAddress(
  element: XmlElement,
  written: string,
  family: Family,
  context: PfsenseContext,
): RangeBounds | undefined {
  const { aliases, release } = context;
  const kind = aliases.getKind(written);
  if (kind === 'ports') throw new Unloadable(element, `alias ${written} has ports where addresses are needed`);
  if (kind === 'addresses') {
    if (/^\d+$/.test(written))
      throw new Unloadable(element, `alias ${written} is left out for its name, and a rule names it`);
    return aliases.addresses(written, family);
  }
  const prefix = parsePrefixLiteral(written);
  if (prefix) {
    if (getFamily(prefix.first) !== family)
      throw new Unloadable(element, `${written} is of the other family than its rule`);
    return createMergedCertain([toRange(prefix)]);
  }
  if (release.builtInAliases && /^_.+_$/.test(written))
    return createUnknown(`what the built-in alias ${written} holds isn't known`);
  if (/^\d{1,5}([-:]\d{1,5})?$/.test(written))
    throw new Unloadable(element, `${written} is a port where an address is needed`);
  return undefined;
}

/** Returns whether the box leaves out what names this alias: a number is its name. */
export const isOmittedAlias = (name: string, { aliases, release }: PfsenseContext): boolean =>
  release.omitsNumericAliases && /^\d+$/.test(name) && aliases.getKind(name) !== undefined;

const getInterfaceAddress = (boxInterface: PfsenseInterface, family: Family): PfsenseInterface['v4'] =>
  family === 'ip' ? boxInterface.v4 : boxInterface.v6;

/** Returns the box's own addresses on one interface, including virtual IPs. */
export function listOwnAddresses(
  boxInterface: PfsenseInterface,
  family: Family,
  { box }: Pick<PfsenseContext, 'box'>,
): RangeBounds {
  const interfaceAddress = getInterfaceAddress(boxInterface, family);
  const vips = (box.vipsOn.get(boxInterface.key) ?? []).filter((vip) => isLocal(vip) && vip.family === family);
  const sure = [getAddress(boxInterface, family) ?? [], vips].flat();
  const knownAddresses = createMergedCertain(sure.map(({ address }) => toSingleRange(address)));
  return interfaceAddress === 'unknown'
    ? uniteBounds([knownAddresses, createLeasedAddress(boxInterface, family)])
    : knownAddresses;
}

/** Returns the leased address of an interface: its stand-in, or any address of the family. */
function createLeasedAddress(boxInterface: PfsenseInterface, family: Family): RangeBounds {
  const standIn = boxInterface.standIns[family];
  return standIn === undefined
    ? createUnknownAddress(boxInterface, family)
    : createMergedCertain([toSingleRange(standIn)]);
}

export const createUnknownAddress = (boxInterface: PfsenseInterface, family: Family): RangeBounds =>
  narrowToFamily(createUnknown(`the address of ${boxInterface.key} is leased and not known`), family);

/** Returns the addresses of `(self)`. */
export function listAllOwnAddresses(family: Family, context: Pick<PfsenseContext, 'box'>): RangeBounds {
  const loopback: readonly Range[] =
    family === 'ip'
      ? [toRange(parsePrefixLiteral('127.0.0.0/8')!)]
      : [toSingleRange(parseAddress('::1')!), toRange(parsePrefixLiteral('fe80::/10')!)];
  const onLoopback = (context.box.vipsOn.get('lo0') ?? [])
    .filter((vip) => vip.family === family)
    .map(({ address }) => toSingleRange(address));
  return uniteBounds([
    createMergedCertain([...loopback, ...onLoopback]),
    ...context.box.interfaces.map((boxInterface) =>
      narrowToFamily(listOwnAddresses(boxInterface, family, context), family),
    ),
  ]);
}

interface InterfaceNetworks {
  /** The number of networks that the box writes. */
  readonly count: number;
  readonly bounds: RangeBounds;
}

const NETWORKS_CACHE = new WeakMap<PfsenseInterface, Map<Family, InterfaceNetworks>>();

/** Returns the networks of an interface, from a cache. */
function getNetworks(boxInterface: PfsenseInterface, family: Family, context: PfsenseContext): InterfaceNetworks {
  const cached = NETWORKS_CACHE.get(boxInterface) ?? new Map<Family, InterfaceNetworks>();
  NETWORKS_CACHE.set(boxInterface, cached);
  const networks = cached.get(family) ?? findNetworks(boxInterface, family, context);
  cached.set(family, networks);
  return networks;
}

/** Returns the number of networks that an interface's name stands for. */
export const countNetworks = (boxInterface: PfsenseInterface, family: Family, context: PfsenseContext): number =>
  getNetworks(boxInterface, family, context).count;

/** Returns the interface's own network first, then those of virtual IPs that lie in no earlier network. */
function findNetworks(boxInterface: PfsenseInterface, family: Family, { box }: PfsenseContext): InterfaceNetworks {
  const interfaceAddress = getInterfaceAddress(boxInterface, family);
  if (interfaceAddress === undefined) return { count: 0, bounds: NO_ADDRESS };
  const wide: Range[] = interfaceAddress === 'unknown' ? [] : [toNetworkRange(interfaceAddress)];
  const hosts = new Set<bigint>();
  for (const vip of box.vipsOn.get(boxInterface.key) ?? []) {
    if (vip.family !== family || hosts.has(vip.address) || wide.some((network) => contains(network, vip.address)))
      continue;
    if (vip.network.first === vip.network.last) hosts.add(vip.address);
    else wide.push(vip.network);
  }
  const networks = [...wide, ...[...hosts].map((host) => toSingleRange(host))];
  const ranges = createMergedCertain(networks);
  return interfaceAddress === 'unknown'
    ? {
        count: networks.length + 1,
        bounds: uniteBounds([ranges, createUnknownAddress(boxInterface, family)]),
      }
    : { count: networks.length, bounds: ranges };
}

function resolveNetworkName(
  name: string,
  family: Family,
  not: boolean,
  context: PfsenseContext,
  axis: 'source' | 'destination',
): RangeBounds | undefined {
  const { box, release } = context;
  // A packet has its leased address as a destination, and hardly as a source.
  const addStandIn = (bounds: RangeBounds, named: PfsenseInterface): RangeBounds =>
    axis === 'destination' && getInterfaceAddress(named, family) === 'unknown'
      ? uniteBounds([bounds, createLeasedAddress(named, family)])
      : bounds;
  const negateIfAsked = (addresses: RangeBounds): RangeBounds =>
    not ? narrowToFamily(negateBounds(addresses), family) : addresses;
  if (name === '(self)') return negateIfAsked(listAllOwnAddresses(family, context));
  const boxInterface = box.byKey.get(name);
  if (boxInterface && !boxInterface.virtual) {
    const { count, bounds: ranges } = getNetworks(boxInterface, family, context);
    if (count === 0) return undefined;
    return not && count > 1 && release.negatesEach
      ? createMergedCertain([FAMILY_RANGE[family]])
      : negateIfAsked(addStandIn(ranges, boxInterface));
  }
  const primary = name.endsWith('ip') ? box.byKey.get(name.slice(0, -2)) : undefined;
  if (primary && !primary.virtual) {
    const interfaceAddress = getInterfaceAddress(primary, family);
    if (interfaceAddress === undefined) return undefined;
    return negateIfAsked(
      interfaceAddress === 'unknown'
        ? createLeasedAddress(primary, family)
        : createMergedCertain([toSingleRange(interfaceAddress.address)]),
    );
  }
  const group = box.groups.get(name);
  if (group) {
    if (!release.groupNetworks) return undefined;
    return negateIfAsked(
      uniteBounds([
        NO_ADDRESS,
        ...group.map((member) => addStandIn(getNetworks(member, family, context).bounds, member)),
      ]),
    );
  }
  // No interface has such a key: the box finds nothing either.
  if (/^(wan|lan|opt\d+)(ip)?$/.test(name)) return undefined;
  return narrowToFamily(createUnknown(`what ${name.slice(0, 80)} stands for isn't known`), family);
}

/** Returns the one address of an interface that `wanip` and the like name. */
export function findPrimaryAddress(box: PfsenseBox, name: string, family: Family): Address | 'unknown' | undefined {
  const boxInterface = name.endsWith('ip') ? box.byKey.get(name.slice(0, -2)) : undefined;
  const interfaceAddress = boxInterface && getInterfaceAddress(boxInterface, family);
  if (interfaceAddress === 'unknown') return boxInterface?.standIns[family] ?? 'unknown';
  return interfaceAddress?.address;
}
