// Collects everything on a captured pfSense box that can conflict with generated entries: interfaces, addresses, NAT,
// rules, names and switches of others.

import { getFamily, getNetwork, parseAddress, parsePrefix, toRange } from '../../../net/address';
import { Range, toSingleRange } from '../../../net/range';
import { XmlElement } from '../../../xml/parse-xml';
import {
  PfsenseConfiguration,
  describeEntry,
  findChild,
  listChildren,
  hasChild,
  isOwnedBy,
  isOwned,
  getText,
} from './configuration';
import { TakenNames } from './entry-names';
import { REFLECTION_HELPER } from './render';

/** Everything on a box besides one owner's entries that can conflict with them. */
export interface UnmanagedBox {
  readonly version: string;
  readonly interfaces: readonly ConfiguredInterface[];
  /** Addresses that the box has already. */
  readonly addresses: readonly TakenAddress[];
  readonly carpGroups: readonly { readonly interface: string; readonly vhid: number; readonly label: string }[];
  readonly oneToOnes: readonly {
    /** Undefined for another owner of ours: its rules close its hosts on every interface. */
    readonly interface: string | undefined;
    readonly external?: Range;
    readonly internal?: Range;
    readonly label: string;
  }[];
  readonly forwards: readonly UnmanagedForward[];
  readonly taken: TakenNames;
  /** Line of the switch that turns the filter off; undefined if the filter is on. */
  readonly filterOff: number | undefined;
  /** Whether the switch was on already, not turned on by us. */
  readonly helper: boolean;
  readonly reflectsByDefault: boolean;
  /** The partner for synchronisation; undefined if the box stands alone. */
  readonly partner: { readonly line: number; readonly text: string } | undefined;
}

interface UnmanagedForward {
  readonly interface: string;
  readonly destinations: readonly Range[];
  /** Addresses that it translates to, as far as they are literal. */
  readonly targets: readonly Range[];
  /** Whether its packets skip the filter. */
  readonly passes: boolean;
  readonly label: string;
}

export interface ConfiguredInterface {
  readonly key: string;
  readonly device: string;
  readonly enabled: boolean;
  /** Whether the interface has a gateway: the box never reflects on it. */
  readonly gateway: boolean;
}

interface TakenAddress {
  readonly range: Range;
  readonly label: string;
}

export function findUnmanagedBox({ root, mark }: PfsenseConfiguration, owner: string): UnmanagedBox {
  const listUnmanaged = (section: string, name: string): readonly XmlElement[] =>
    listChildren(findChild(root, section) ?? root, name).filter((element) => !isOwnedBy(owner, element));
  const system = findChild(root, 'system');
  const interfaces = findChild(root, 'interfaces')?.children ?? [];
  const vips = listUnmanaged('virtualip', 'vip');
  const aliases = listUnmanaged('aliases', 'alias');
  const rules = listUnmanaged('filter', 'rule');
  const networks = new Map(
    aliases.map((alias) => [getText(alias, 'name'), getText(alias, 'address').split(/\s+/).flatMap(parseIpv4Range)]),
  );
  const interfaceRange = (key: string): readonly Range[] =>
    interfaces.filter(({ name }) => name === key).flatMap(findNetworkRange);
  const takenAddresses = [...interfaces.flatMap(findInterfaceAddress), ...vips.flatMap(findVirtualIpAddress)];
  return {
    version: getText(root, 'version'),
    interfaces: interfaces.map((element) => ({
      key: element.name,
      device: getText(element, 'if'),
      enabled: hasChild(element, 'enable'),
      gateway: getText(element, 'gateway') !== '' || DYNAMIC_ADDRESS_TYPES.has(getText(element, 'ipaddr')),
    })),
    addresses: takenAddresses,
    carpGroups: vips
      .filter((vip) => getText(vip, 'mode') === 'carp')
      .map((vip) => ({
        interface: getText(vip, 'interface'),
        vhid: Number(getText(vip, 'vhid')),
        label: describeEntry(vip),
      })),
    oneToOnes: listUnmanaged('nat', 'onetoone')
      .filter((element) => isOwned(element) || (!hasChild(element, 'disabled') && !hasChild(element, 'nobinat')))
      .map((element) => parseOneToOne(element, interfaceRange)),
    forwards: listUnmanaged('nat', 'rule')
      .filter((element) => !hasChild(element, 'disabled') && !hasChild(element, 'nordr'))
      .map((element) => ({
        interface: getText(element, 'interface') || 'wan',
        destinations: findDestinations(findChild(element, 'destination'), networks, takenAddresses),
        targets: networks.get(getText(element, 'target')) ?? parseIpv4Range(getText(element, 'target')),
        passes: getText(element, 'associated-rule-id') === 'pass',
        label: describeEntry(element),
      })),
    taken: {
      aliases: new Set(aliases.map((alias) => getText(alias, 'name'))),
      trackers: new Set(rules.map((rule) => Number(getText(rule, 'tracker')))),
      uniqids: new Set(vips.map((vip) => getText(vip, 'uniqid'))),
    },
    filterOff: findChild(system, 'disablefilter')?.line,
    helper:
      hasChild(system, REFLECTION_HELPER) &&
      (mark?.sets.includes(REFLECTION_HELPER) !== true || mark.had.includes(REFLECTION_HELPER)),
    reflectsByDefault: hasChild(system, 'enablebinatreflection'),
    partner: findPartner(findChild(root, 'hasync')),
  };
}

const DYNAMIC_ADDRESS_TYPES: ReadonlySet<string> = new Set(['dhcp', 'pppoe', 'pptp', 'l2tp', 'ppp']);

const parseIpv4Range = (text: string): readonly Range[] => {
  const prefix = parsePrefix(text);
  return prefix && getFamily(prefix.first) === 'ip' ? [toRange(prefix)] : [];
};

const findInterfaceAddress = (element: XmlElement): readonly TakenAddress[] => {
  const address = parseAddress(getText(element, 'ipaddr'));
  return address === undefined
    ? []
    : [{ range: toSingleRange(address), label: `interface ${element.name} in line ${element.line}` }];
};

function findNetworkRange(element: XmlElement): readonly Range[] {
  const address = parseAddress(getText(element, 'ipaddr'));
  const length = /^\d{1,2}$/.test(getText(element, 'subnet')) ? Number(getText(element, 'subnet')) : 32;
  return address === undefined || getFamily(address) !== 'ip' || length > 32
    ? []
    : [toRange(getNetwork(address, length))];
}

/** Returns the range of a virtual IP. Kinds on the interface have one address, the others a whole network. */
function findVirtualIpAddress(vip: XmlElement): readonly TakenAddress[] {
  const address = parseAddress(getText(vip, 'subnet'));
  if (address === undefined) return [];
  const bits = getText(vip, 'subnet_bits');
  const mode = getText(vip, 'mode');
  const network =
    getFamily(address) === 'ip' &&
    /^\d{1,2}$/.test(bits) &&
    Number(bits) <= 32 &&
    mode !== 'ipalias' &&
    mode !== 'carp';
  return [
    {
      range: network ? toRange(getNetwork(address, Number(bits))) : toSingleRange(address),
      label: `virtual IP ${describeEntry(vip)}`,
    },
  ];
}

function parseOneToOne(
  element: XmlElement,
  interfaceRange: (key: string) => readonly Range[],
): UnmanagedBox['oneToOnes'][number] {
  const source = findChild(element, 'source');
  const [internal] = [...parseIpv4Range(getText(source, 'address')), ...interfaceRange(getText(source, 'network'))];
  const first = parseAddress(getText(element, 'external'));
  // The source gives the length, and the box masks the low bits away.
  const size = internal ? internal.last - internal.first + 1n : 1n;
  const start = first === undefined ? undefined : first - (first % size);
  return {
    interface: isOwned(element) ? undefined : getText(element, 'interface') || 'wan',
    ...(start === undefined || getFamily(start) !== 'ip'
      ? {}
      : { external: { first: start, last: start + size - 1n } }),
    ...(internal ? { internal } : {}),
    label: `1:1 entry ${describeEntry(element)}`,
  };
}

const ALL_IPV4: Range = { first: 0n, last: 0xffffffffn };

/**
 * Returns the destinations of a port forward. `(self)` is every address of the box. Verification finds out about an
 * alias of aliases.
 */
function findDestinations(
  endpoint: XmlElement | undefined,
  aliases: ReadonlyMap<string, readonly Range[]>,
  takenAddresses: readonly TakenAddress[],
): readonly Range[] {
  if (endpoint === undefined || hasChild(endpoint, 'not')) return [];
  if (hasChild(endpoint, 'any')) return [ALL_IPV4];
  const address = getText(endpoint, 'address');
  if (getText(endpoint, 'network') === '(self)') return takenAddresses.map(({ range }) => range);
  return aliases.get(address) ?? parseIpv4Range(address);
}

function findPartner(hasync: XmlElement | undefined): UnmanagedBox['partner'] {
  const to = getText(hasync, 'synchronizetoip') || getText(hasync, 'pfsyncpeerip');
  if (hasync === undefined || (to === '' && getText(hasync, 'pfsyncenabled') === '')) return undefined;
  return { line: hasync.line, text: to === '' ? 'another box' : to };
}
