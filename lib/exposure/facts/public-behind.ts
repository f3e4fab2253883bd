import { Exposure, View } from '../../reachability/exposure';
import { cutTo } from '../../reachability/print';
import { EVERYWHERE, FAMILY_RANGE, Family, rangeOf } from '../../net/address';
import { Device, LINK_LOCAL, LOOPBACK, NetworkInterface, localTo, networksOf } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../net/private';
import { Range, joined, overlap, point, without } from '../../net/range';
import { Facts } from './facts';
import { STAND_INS } from './suppositions';
import { Guessed, worstOf } from './worst-guess';

/** Public addresses of other hosts that lie behind a device, or may: the addresses, and the exposure from outside cut to them. */
export interface PublicBehind {
  readonly addresses: readonly Range[];
  readonly exposure: Exposure;
}

/** Addresses that no router forwards to, or that stand for the device itself. */
const NOT_OF_HOSTS: readonly Range[] = [
  ...LOOPBACK,
  LINK_LOCAL,
  ...STAND_INS,
  ...['0.0.0.0/8', '224.0.0.0/3', '::', 'ff00::/8'].map(rangeOf),
];

/** True for an interface that leads to the internet for certain: its role or a default route was told. */
const isSurelyOutside =
  ({ interfaces }: Facts) =>
  ({ name }: NetworkInterface): boolean => {
    const facts = interfaces.get(name);
    return facts?.role === 'outside' || (facts?.role === undefined && (facts?.defaults.length ?? 0) > 0);
  };

/**
 * Public addresses behind a device whose addresses were told. An interface that only may lead to the internet counts both ways: packets of the
 * internet come by it, and its networks are behind the other interfaces.
 */
export function findPublicBehind(
  device: Device,
  { views }: Exposure,
  isOutside: (one: NetworkInterface) => boolean,
): PublicBehind {
  const { interfaces } = device;
  const notBehind = joined([
    ...PRIVATE_NETWORKS,
    ...interfaces.filter(isOutside).flatMap(networksOf),
    ...localTo(device).map(point),
  ]);
  const cut = interfaces
    .filter(({ role }) => role === 'outside')
    .map((entry) => {
      const others = interfaces.filter((one) => one.name !== entry.name && !isOutside(one));
      return { entry, addresses: without(joined(others.flatMap(networksOf)), notBehind) };
    })
    .filter(({ addresses }) => addresses.length > 0);
  return {
    addresses: joined(cut.flatMap(({ addresses }) => addresses)),
    exposure: { views: cut.flatMap(({ entry, addresses }) => cutViews(views, entry, addresses)) },
  };
}

const cutViews = (
  views: readonly View[],
  { name }: NetworkInterface,
  destination: readonly Range[],
): readonly View[] => {
  const packets = PacketMap.set({ destination });
  return views
    .filter(({ vantage }) => vantage.kind === 'interface' && vantage.name === name)
    .map((view) => cutTo(view, packets));
};

export const findPublicBehindFacts = (device: Device, exposure: Exposure, facts: Facts): PublicBehind =>
  findPublicBehind(device, exposure, isSurelyOutside(facts));

/**
 * Adds what may be behind a device of which only the roles of interfaces were told: every public address to which a packet may leave by an
 * interface that is told not to lead to the internet. Adds none where no such interface was told.
 */
export function supposePublicBehind(
  known: PublicBehind,
  device: Device,
  guessed: readonly Guessed[],
  facts: Facts,
  families: readonly Family[],
): PublicBehind {
  const { interfaces } = device;
  const inside = new Set(
    interfaces
      .filter(({ name }) => (facts.interfaces.get(name)?.role ?? 'outside') !== 'outside')
      .map(({ name }) => name),
  );
  if (inside.size === 0 || families.length === 0) return known;
  const outside = interfaces.filter(isSurelyOutside(facts)).flatMap(networksOf);
  const ofFamilies = families.map((family) => FAMILY_RANGE[family]);
  const addresses = without(
    EVERYWHERE,
    joined([...PRIVATE_NETWORKS, ...NOT_OF_HOSTS, ...outside, ...localTo(device).map(point)]),
  ).filter((range) => ofFamilies.some((one) => overlap(one, range)));
  const leaving = guessed.map((one) => ({
    ...one,
    reading: {
      exposure: {
        views: one.reading.exposure.views.filter(
          ({ vantage }) => vantage.kind === 'interface' && inside.has(vantage.leaving ?? ''),
        ),
      },
    },
  }));
  const { views } = worstOf(leaving, ['interface'], (view) => view);
  const cut = interfaces.filter(({ role }) => role === 'outside').flatMap((one) => cutViews(views, one, addresses));
  return {
    addresses: joined([...known.addresses, ...addresses]),
    exposure: { views: [...known.exposure.views, ...cut] },
  };
}
