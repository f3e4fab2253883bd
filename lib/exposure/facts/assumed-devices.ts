// Lists the devices that rules may be from if their addresses, roles or routes aren't known. The report shows the
// worst case over all of them.

import {
  Address,
  ALL_ADDRESSES,
  FAMILY_RANGE,
  Family,
  getFamily,
  toHostPrefix,
  parseAddress,
  parseRange,
} from '../../net/address';
import { Device, LOOPBACK, NetworkInterface, Role, DeviceAssumption } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, mergeRanges, intersectRanges, toSingleRange, subtractRanges } from '../../net/range';
import { DeviceReferences } from '../../parse/config-format';
import { Facts, toDeviceLinks } from './device-facts';

/** One assumed device that may be the real one, and the packets that the assumption is for. */
export interface AssumedDevice {
  /** `host`: packets whose destination is the device's own address. `through`: all others. */
  readonly scope: 'host' | 'through';
  readonly device: Device;
  readonly packets: PacketSet;
}

/** Ranges that hold no interface's own address, so rules about them say nothing about it. */
const NEVER_INTERFACE_RANGES: readonly Range[] = [
  ...LOOPBACK,
  ...['224.0.0.0/4', 'ff00::/8', 'fe80::/10'].map(parseRange),
];
/** Placeholders for an interface's own address. Source: RFC 7600 (dummy address), RFC 6666 (discard prefix). */
const PLACEHOLDER_ADDRESS: Readonly<Record<Family, Address>> = {
  ip: parseAddress('192.0.0.8')!,
  ip6: parseAddress('100::8')!,
};
export const PLACEHOLDER_RANGES: readonly Range[] = Object.values(PLACEHOLDER_ADDRESS).map(toSingleRange);
export const PLACEHOLDER_ADDRESSES: NetworkInterface['addresses'] = Object.values(PLACEHOLDER_ADDRESS).map(
  (address) => ({
    address,
    length: toHostPrefix(address).length,
  }),
);
export const isPlaceholder = (address: bigint): boolean => PLACEHOLDER_RANGES.some((range) => range.first === address);

/**
 * Bridges and cables that software on the host makes for its own containers and guests. No other host is at their other
 * end.
 */
const VIRTUAL_INTERFACE_NAME =
  /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12}|virbr\d+|lxcbr\d+|lxdbr\d+|incusbr\d+|podman\d+|cni\d+|cni-podman\d+|veth.*|vnet\d+|docker\*|virbr\*|br-\*)$/;

/**
 * Returns the role of an interface without a given role. Any host may be behind it, unless software on this host made
 * it.
 */
export const getDefaultRole = (name: string): Role => (VIRTUAL_INTERFACE_NAME.test(name) ? 'inside' : 'outside');

/** The most translation targets that are assumed one by one. More are assumed together to be other hosts. */
const MAX_SEPARATE_TARGETS = 6;

/**
 * Returns the assumed devices for unknown addresses. Together they show at least what any device with these rules
 * exposes.
 */
export function listAssumedDevices(
  interfaces: readonly NetworkInterface[],
  facts: Facts,
  mentions: DeviceReferences,
): readonly AssumedDevice[] {
  const forwarding = facts.forwarding ?? true;
  const baseInterfaces = interfaces.map((item) => ({
    ...item,
    addresses: mentions.hasRedirects ? selectPlaceholders(mentions) : [],
  }));
  // The way out matters only for packets that leave. Without an outside interface there are no ways to tell apart.
  const insideInterfaces = baseInterfaces.map((item) => ({ ...item, role: 'inside' as const }));
  const outsideInterfaces = baseInterfaces.map((item) => ({ ...item, role: 'outside' as const }));
  const { targets } = mentions;
  const targetGroups = targets.length > MAX_SEPARATE_TARGETS ? [targets] : targets.map((item) => [item]);
  const addressedInterfaces = listAddressedInterfaces(interfaces, facts, mentions, targetGroups.length + 2);
  // An address that rules name may be of any interface.
  const namedAddresses = [...mentions.destinations, ...targets].filter(({ first, last }) => first === last);
  const createAssumed = (
    scope: AssumedDevice['scope'],
    localRanges: readonly Range[],
    deviceInterfaces: readonly NetworkInterface[],
    excludedRanges: readonly Range[] = [],
  ) =>
    [...listLookupAssumptions(mentions), ...listOwnAddressAssumptions(scope, addressedInterfaces, mentions)].map(
      (lookups): AssumedDevice => ({
        scope,
        device: {
          interfaces: deviceInterfaces,
          localAddresses: [],
          forwarding,
          ...toDeviceLinks(facts),
          assumption: { local: localRanges, ...lookups },
        },
        packets: excludeDestinations([
          ...excludedRanges,
          ...(lookups.ownAddress?.as === 'destination' ? namedAddresses : []),
          ...(scope === 'through' ? [...LOOPBACK, ...PLACEHOLDER_RANGES] : []),
        ]),
      }),
    );
  return [
    // A packet that is translated to another host is forwarded to it. The same address may also be the device's own.
    ...(forwarding
      ? targetGroups.flatMap((group) =>
          createAssumed('host', subtractRanges(ALL_ADDRESSES, group), outsideInterfaces, group),
        )
      : []),
    ...createAssumed('host', ALL_ADDRESSES, insideInterfaces),
    ...createAssumed('through', [], outsideInterfaces),
    ...(targets.length > 0 ? createAssumed('through', targets, outsideInterfaces, targets) : []),
  ];
}

const excludeDestinations = (destinations: readonly Range[]): PacketSet =>
  destinations.length === 0
    ? PacketMap.ALL
    : PacketMap.ALL.subtract(PacketMap.createSet({ destination: destinations }));

type LookupAssumption = Omit<DeviceAssumption, 'local'>;

/**
 * Returns every combination of lookup results. A lookup of a packet's source or destination gives one answer, so both
 * are tried if rules ask for it.
 */
function listLookupAssumptions({
  testsSourceTypes,
  testsReversePath,
  testsArrivalInterface: asksInterfaceAddress,
}: DeviceReferences): readonly LookupAssumption[] {
  const sourceOptions = testsSourceTypes ? [false, true] : [false];
  const returnOptions = testsReversePath ? [true, false] : [true];
  const combinations = sourceOptions.flatMap((sourceIsOwn) =>
    returnOptions.map((hasReversePath) => ({ sourceIsOwn, hasReversePath })),
  );
  return asksInterfaceAddress === true
    ? combinations.flatMap((combination) =>
        [true, false].map((isOfArrivalInterface) => ({ ...combination, isOfArrivalInterface })),
      )
    : combinations;
}

/** Returns for each interface the assumption that the device's own address in a packet is one of that interface. */
function listOwnAddressAssumptions(
  scope: AssumedDevice['scope'],
  interfaceNames: readonly string[],
  { testsSourceTypes }: DeviceReferences,
): readonly LookupAssumption[] {
  if (scope === 'through' && !testsSourceTypes) return [];
  const as = scope === 'host' ? 'destination' : 'source';
  return interfaceNames.map((name) => ({
    sourceIsOwn: as === 'source',
    hasReversePath: true,
    ownAddress: { of: name, as },
  }));
}

/** The most evaluations that are made for one interface each. */
const MAX_EVALUATIONS_OF_INTERFACES = 24;

/** Returns the interfaces of which rules may ask whether an address is their own: all, or else those that they name. */
function listAddressedInterfaces(
  interfaces: readonly NetworkInterface[],
  { groups }: Facts,
  { addressedInterfaces = [] }: DeviceReferences,
  timesEvaluated: number,
): readonly string[] {
  if (addressedInterfaces.length === 0) return [];
  const names = interfaces.map(({ name }) => name);
  const namedByRules = new Set(addressedInterfaces.flatMap((name) => [name, ...(groups.get(name) ?? [])]));
  const maxInterfaces = MAX_EVALUATIONS_OF_INTERFACES / timesEvaluated;
  return [names, names.filter((name) => namedByRules.has(name))].find(({ length }) => length <= maxInterfaces) ?? [];
}

/** Returns one placeholder for all addresses of a family, unless rules mention addresses of that family. */
function selectPlaceholders({ destinations, targets }: DeviceReferences): NetworkInterface['addresses'] {
  const mentionedRanges = subtractRanges(mergeRanges([...destinations, ...targets]), NEVER_INTERFACE_RANGES);
  return PLACEHOLDER_ADDRESSES.filter(
    ({ address }) => !mentionedRanges.some((range) => intersectRanges(range, FAMILY_RANGE[getFamily(address)])),
  );
}
