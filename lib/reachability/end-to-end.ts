// Composes the reachability of a gateway with that of the servers behind it: packets that pass both, after the
// gateway's translation.

import {
  ALLOWED,
  Reachability,
  Translation,
  Disposition,
  ReachabilityView,
  createTranslation,
  isWider,
} from './reachability';
import { ALL_ADDRESSES, FAMILY_RANGE, getFamily } from '../net/address';
import { Device, getLocalAddresses } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { memoize } from '../net/intern-tables';
import { Range, toSingleRange } from '../net/range';

/** A server behind the gateway, with the reachability of its own firewall. */
export interface ServerReachability {
  readonly device: Device;
  readonly reachability: Reachability;
}

/**
 * End-to-end reachability from one start location of the gateway: the gateway's relation, then the host firewall of the
 * server that the packet was translated to. The host sees the translated destination and, with hairpin, the translated
 * source.
 */
export interface EndToEndView {
  readonly view: ReachabilityView;
  /** Packets that the gateway lets pass and the host refuses: usually a port that was forgotten on one of the two. */
  readonly refusedByHost: PacketSet;
  /** Packets that are allowed to a host whose firewall isn't known: only the gateway decides. */
  readonly gatewayOnly: PacketSet;
}

const UNKNOWN_HOST = Symbol('no firewall known');
const REFUSED = Symbol('refused by the host');

/**
 * Returns one view per start location of the gateway that has an interface. Gateways with the same list of servers
 * share its computation.
 */
export function computeEndToEnd(
  gateway: Reachability,
  gatewayDevice: Device,
  servers: readonly ServerReachability[],
): readonly EndToEndView[] {
  const hosts = getHostDispositions(servers);
  const gatewaySet = PacketMap.createSet({ destination: getDeviceRanges(gatewayDevice) });
  return gateway.views
    .filter(({ startLocation }) => startLocation.kind === 'interface')
    .map((view) => computeView(view, hosts, gatewaySet));
}

type HostDisposition = Disposition | typeof REFUSED | typeof UNKNOWN_HOST;

function computeView(view: ReachabilityView, hosts: PacketMap<HostDisposition>, gatewaySet: PacketSet): EndToEndView {
  const passing = view.translations.intersect(view.dispositions);
  // Packets to the rest of the world meet no known host, whatever their source is translated to. They are set aside
  // because there are thousands of sources, each with its own translation.
  const far = passing
    .select(({ destination }) => destination.is === 'kept')
    .intersect(hosts.select((host) => host === UNKNOWN_HOST));
  const near = passing.subtract(far);
  const destinations = groupDestinations(near);
  const arriving = near
    .replaceValues((translation) => translateHosts(translation, hosts, destinations.get(translation)!))
    .unite(far.map<HostDisposition>(() => UNKNOWN_HOST));
  // Packets that stay on the gateway itself concern no host.
  const untranslated = view.translations.select(({ destination }) => destination.is === 'kept');
  const reaching = arriving.subtract(gatewaySet.intersect(untranslated));
  const dispositions = view.dispositions.merge(reaching, (gateway, host): Disposition | undefined => {
    if (gateway === undefined || host === REFUSED) return undefined;
    if (gateway.is === 'unknown' || host === undefined || host === UNKNOWN_HOST) return gateway;
    // The gateway's exception counts as well as the host's.
    return host === ALLOWED ? gateway : host;
  });
  const allowed = view.dispositions.select(({ is }) => is === 'allowed');
  return {
    view: { startLocation: view.startLocation, dispositions, translations: view.translations.intersect(dispositions) },
    refusedByHost: allowed.intersect(reaching.select((host) => host === REFUSED)),
    gatewayOnly: allowed.intersect(reaching.select((host) => host === UNKNOWN_HOST)),
  };
}

/**
 * Returns every server's disposition for packets to its addresses by its first interface; other addresses have an
 * unknown host. An address that several servers have (it moves between them) is as open as on the server that allows
 * most.
 */
const getHostDispositions = memoize((servers: readonly ServerReachability[]): PacketMap<HostDisposition> => {
  const maps = servers.flatMap(({ device, reachability }): readonly PacketMap<HostDisposition>[] => {
    const [first] = device.interfaces;
    // Several views of one arriving interface differ in the interface that forwarded packets leave by; for packets that
    // stay on the host they are equal.
    const view =
      first &&
      reachability.views.find(
        ({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === first.name,
      );
    const toServer = PacketMap.createSet({ destination: getDeviceRanges(device) });
    return view
      ? [
          (view.dispositions.intersect(toServer) as PacketMap<HostDisposition>).unite(
            toServer.map<HostDisposition>(() => REFUSED),
          ),
        ]
      : [];
  });
  return mergeHosts(maps).unite(PacketMap.createConstant<HostDisposition>(UNKNOWN_HOST));
});

/** Merges maps in pairs: merging thousands of servers one after the other would copy the result thousands of times. */
function mergeHosts(maps: readonly PacketMap<HostDisposition>[]): PacketMap<HostDisposition> {
  if (maps.length < 2) return maps[0] ?? PacketMap.createEmpty<HostDisposition>();
  const half = maps.length >> 1;
  return mergeHosts(maps.slice(0, half)).merge(mergeHosts(maps.slice(half)), selectWidest);
}

function selectWidest(a: HostDisposition | undefined, b: HostDisposition | undefined): HostDisposition | undefined {
  if (a === undefined || a === REFUSED) return b ?? a;
  if (b === undefined || b === REFUSED || a === b) return a;
  if (a === UNKNOWN_HOST || b === UNKNOWN_HOST) return b === ALLOWED ? b : a;
  return isWider(b, a) ? b : a;
}

const getDeviceRanges = (device: Device): readonly Range[] => getLocalAddresses(device).map(toSingleRange);

/** Returns the destinations of each translation. */
function groupDestinations(translations: PacketMap<Translation>): ReadonlyMap<Translation, readonly Range[]> {
  const pairs = translations
    .groupAlong('destination')
    .flatMap(({ ranges, below }) => [...below.values].map((value) => ({ value, ranges })));
  return new Map(
    [...groupBy(pairs, ({ value }) => value)].map(([value, members]) => [
      value,
      members.flatMap(({ ranges }) => ranges),
    ]),
  );
}

/**
 * Returns the candidates to which a device translates packets, as they are if sent directly to the translated
 * destination, by their senders.
 */
export function findDirectPackets(translations: PacketMap<Translation>, candidates: PacketSet): PacketSet {
  const translated = translations.intersect(translations.select(({ destination }) => destination.is !== 'kept'));
  const destinations = groupDestinations(translated);
  return translated.replaceValues((translation) =>
    applyTranslation(
      createTranslation({ destination: translation.destination, port: translation.port }),
      candidates,
      destinations.get(translation)!,
    ),
  );
}

/** Returns the hosts' dispositions for packets to these destinations that are translated in this way. */
const translateHosts = (
  translation: Translation,
  hosts: PacketMap<HostDisposition>,
  destinations: readonly Range[],
): PacketMap<HostDisposition> =>
  translation.destination.is === 'unclear' || translation.source.is === 'unclear'
    ? PacketMap.createConstant<HostDisposition>(UNKNOWN_HOST)
    : applyTranslation(translation, hosts, destinations);

/** Returns the map's values at the place that the packets are translated to; an empty map if that place is unclear. */
function applyTranslation<V>(
  { destination, source, port }: Translation,
  hosts: PacketMap<V>,
  destinations: readonly Range[],
): PacketMap<V> {
  if (destination.is === 'unclear' || source.is === 'unclear') return PacketMap.createEmpty<V>();
  const moves =
    destination.is === 'kept'
      ? destinations.map((range) => ({ from: range, to: range }))
      : listMoves(destination, destinations);
  // Only the part that these packets reach is translated back: each of ten thousand mappings moves by its own distance.
  let translated = hosts.intersect(PacketMap.createSet({ destination: moves.map(({ to }) => to) }));
  if (source.is !== 'kept') translated = translated.translateSource(listMoves(source, ALL_ADDRESSES));
  if (destination.is !== 'kept') return translated.translateDestination(moves, port === 'kept' ? undefined : port);
  return port === 'kept' ? translated : translated.translatePort(port);
}

/** Returns the ranges that addresses of these ranges, each of one family, are translated to in the same family. */
function listMoves(
  rewrite: Extract<Translation['source'], { is: 'moved' | 'set' }>,
  ranges: readonly Range[],
): readonly { readonly from: Range; readonly to: Range }[] {
  return ranges.flatMap((range) => {
    const familyRange = FAMILY_RANGE[getFamily(range.first)];
    if (rewrite.is === 'set')
      return rewrite.to >= familyRange.first && rewrite.to <= familyRange.last
        ? [{ from: range, to: toSingleRange(rewrite.to) }]
        : [];
    const to = {
      first: max(range.first + rewrite.distance, familyRange.first),
      last: min(range.last + rewrite.distance, familyRange.last),
    };
    return to.first <= to.last
      ? [{ from: { first: to.first - rewrite.distance, last: to.last - rewrite.distance }, to }]
      : [];
  });
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
