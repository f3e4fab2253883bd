// Finds public addresses of other hosts behind a device, known or possible ones, and what is exposed at them.

import { Reachability, ReachabilityView } from '../../reachability/reachability';
import { limitView } from '../../reachability/print-reachability';
import { ALL_ADDRESSES, FAMILY_RANGE, Family, parseRange } from '../../net/address';
import {
  Device,
  LINK_LOCAL,
  LOOPBACK,
  NetworkInterface,
  getLocalAddresses,
  getInterfaceNetworks,
} from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../net/private-networks';
import { Range, mergeRanges, intersectRanges, toSingleRange, subtractRanges } from '../../net/range';
import { Facts } from './device-facts';
import { PLACEHOLDER_RANGES } from './assumed-devices';
import { ScopedEvaluation, computeWorstCase } from './worst-case-exposure';

/** Public addresses of other hosts that are or may be behind a device, and the exposure from outside to them. */
export interface RoutedPublicAddresses {
  readonly addresses: readonly Range[];
  readonly reachability: Reachability;
}

/** Addresses that no router forwards to, or that stand for the device itself. */
const NON_HOST_RANGES: readonly Range[] = [
  ...LOOPBACK,
  LINK_LOCAL,
  ...PLACEHOLDER_RANGES,
  ...['0.0.0.0/8', '224.0.0.0/3', '::', 'ff00::/8'].map(parseRange),
];

/** Returns a test for interfaces that certainly lead to the internet: their role or a default route was given. */
const createOutsideTest =
  ({ interfaces }: Facts) =>
  ({ name }: NetworkInterface): boolean => {
    const facts = interfaces.get(name);
    return facts?.role === 'outside' || (facts?.role === undefined && (facts?.defaults.length ?? 0) > 0);
  };

/**
 * Returns public addresses behind a device with known addresses. An interface that only may lead to the internet counts
 * both ways: packets of the internet come by it, and its networks are behind the other interfaces.
 */
export function findRoutedAddresses(
  device: Device,
  { views }: Reachability,
  isOutside: (candidate: NetworkInterface) => boolean,
): RoutedPublicAddresses {
  const { interfaces } = device;
  const excludedRanges = mergeRanges([
    ...PRIVATE_NETWORKS,
    ...interfaces.filter(isOutside).flatMap(getInterfaceNetworks),
    ...getLocalAddresses(device).map(toSingleRange),
  ]);
  const uplinks = interfaces
    .filter(({ role }) => role === 'outside')
    .map((entry) => {
      const innerInterfaces = interfaces.filter(
        (networkInterface) => networkInterface.name !== entry.name && !isOutside(networkInterface),
      );
      return {
        entry,
        addresses: subtractRanges(mergeRanges(innerInterfaces.flatMap(getInterfaceNetworks)), excludedRanges),
      };
    })
    .filter(({ addresses }) => addresses.length > 0);
  return {
    addresses: mergeRanges(uplinks.flatMap(({ addresses }) => addresses)),
    reachability: { views: uplinks.flatMap(({ entry, addresses }) => cutViews(views, entry, addresses)) },
  };
}

const cutViews = (
  views: readonly ReachabilityView[],
  { name }: NetworkInterface,
  destination: readonly Range[],
): readonly ReachabilityView[] => {
  const packets = PacketMap.createSet({ destination });
  return views
    .filter(({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === name)
    .map((view) => limitView(view, packets));
};

export const findRoutedAddressesByFacts = (
  device: Device,
  exposure: Reachability,
  facts: Facts,
): RoutedPublicAddresses => findRoutedAddresses(device, exposure, createOutsideTest(facts));

/**
 * Adds what may be behind a device with known roles only: every public address to which a packet may leave by an
 * interface that is known not to lead to the internet. Adds none if no such interface was given.
 */
export function assumeRoutedAddresses(
  routedAddresses: RoutedPublicAddresses,
  device: Device,
  evaluations: readonly ScopedEvaluation[],
  facts: Facts,
  families: readonly Family[],
): RoutedPublicAddresses {
  const { interfaces } = device;
  const inside = new Set(
    interfaces
      .filter(({ name }) => (facts.interfaces.get(name)?.role ?? 'outside') !== 'outside')
      .map(({ name }) => name),
  );
  if (inside.size === 0 || families.length === 0) return routedAddresses;
  const outside = interfaces.filter(createOutsideTest(facts)).flatMap(getInterfaceNetworks);
  const familyRanges = families.map((family) => FAMILY_RANGE[family]);
  const addresses = subtractRanges(
    ALL_ADDRESSES,
    mergeRanges([...PRIVATE_NETWORKS, ...NON_HOST_RANGES, ...outside, ...getLocalAddresses(device).map(toSingleRange)]),
  ).filter((range) => familyRanges.some((item) => intersectRanges(item, range)));
  const leavingEvaluations = evaluations.map((item) => ({
    ...item,
    evaluated: {
      reachability: {
        views: item.evaluated.reachability.views.filter(
          ({ startLocation }) => startLocation.kind === 'interface' && inside.has(startLocation.uplink ?? ''),
        ),
      },
    },
  }));
  const { views } = computeWorstCase(leavingEvaluations, ['interface'], (view) => view);
  const uplinkViews = interfaces
    .filter(({ role }) => role === 'outside')
    .flatMap((item) => cutViews(views, item, addresses));
  return {
    addresses: mergeRanges([...routedAddresses.addresses, ...addresses]),
    reachability: { views: [...routedAddresses.reachability.views, ...uplinkViews] },
  };
}
