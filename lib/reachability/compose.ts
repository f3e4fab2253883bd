import { ALLOWED, Exposure, Translation, Verdict, View, translation } from './exposure';
import { EVERYWHERE, FAMILY_RANGE, familyOf } from '../net/address';
import { Device, localTo } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { remembered } from '../net/interned';
import { Range, point } from '../net/range';

/** A server behind the gateway, as its own firewall was read. */
export interface BehindGateway {
  readonly device: Device;
  readonly exposure: Exposure;
}

/**
 * What one vantage of the gateway reaches end to end: the gateway's relation, then the host firewall of the server
 * that the packet was translated to. The host sees the translated destination and, with hairpin, the translated source.
 */
export interface EndToEnd {
  readonly view: View;
  /** Lets the gateway's packets through and is refused by the host: usually a port that one of the two forgot. */
  readonly refusedByHost: PacketSet;
  /** Allowed to a host whose firewall isn't known: only the gateway's word stands. */
  readonly gatewayOnly: PacketSet;
}

const UNKNOWN_HOST = Symbol('no firewall known');
const REFUSED = Symbol('refused by the host');

/** One entry per vantage of the gateway that has an interface. Gateways that are asked with one and the same list of servers share its work. */
export function composed(
  gateway: Exposure,
  gatewayDevice: Device,
  servers: readonly BehindGateway[],
): readonly EndToEnd[] {
  const hosts = hostVerdicts(servers);
  const own = PacketMap.set({ destination: ownRanges(gatewayDevice) });
  return gateway.views.filter(({ vantage }) => vantage.kind === 'interface').map((view) => endToEnd(view, hosts, own));
}

type AtHost = Verdict | typeof REFUSED | typeof UNKNOWN_HOST;

function endToEnd(view: View, hosts: PacketMap<AtHost>, own: PacketSet): EndToEnd {
  const passing = view.translations.within(view.verdicts);
  // What goes to the rest of the world meets nobody that is known, whatever it is seen as: thousands of sources, each another way.
  const far = passing
    .where(({ destination }) => destination.is === 'kept')
    .within(hosts.where((host) => host === UNKNOWN_HOST));
  const near = passing.apartFrom(far);
  const places = destinationsOf(near);
  const arriving = near
    .compose((translation) => asSeenBy(translation, hosts, places.get(translation)!))
    .or(far.map<AtHost>(() => UNKNOWN_HOST));
  // What stays on the gateway itself isn't a matter of any host.
  const untranslated = view.translations.where(({ destination }) => destination.is === 'kept');
  const reaching = arriving.apartFrom(own.within(untranslated));
  const verdicts = view.verdicts.with(reaching, (gateway, host): Verdict | undefined => {
    if (gateway === undefined || host === REFUSED) return undefined;
    if (gateway.is === 'unknown' || host === undefined || host === UNKNOWN_HOST) return gateway;
    return host;
  });
  const allowed = view.verdicts.where(({ is }) => is === 'allowed');
  return {
    view: { vantage: view.vantage, verdicts, translations: view.translations.within(verdicts) },
    refusedByHost: allowed.within(reaching.where((host) => host === REFUSED)),
    gatewayOnly: allowed.within(reaching.where((host) => host === UNKNOWN_HOST)),
  };
}

/**
 * Every server's verdict on what comes to its addresses by its first interface; elsewhere nobody's word is known. An address
 * that several servers have (it moves between them) is as open as at the one that opens most.
 */
const hostVerdicts = remembered((servers: readonly BehindGateway[]): PacketMap<AtHost> => {
  const known = servers.flatMap(({ device, exposure }): readonly PacketMap<AtHost>[] => {
    const [first] = device.interfaces;
    // Several views of one arriving interface differ in the interface that forwarded packets leave by; what stays on the host is alike.
    const view =
      first && exposure.views.find(({ vantage }) => vantage.kind === 'interface' && vantage.name === first.name);
    const toIt = PacketMap.set({ destination: ownRanges(device) });
    return view ? [(view.verdicts.within(toIt) as PacketMap<AtHost>).or(toIt.map<AtHost>(() => REFUSED))] : [];
  });
  return joined(known).or(PacketMap.everywhere<AtHost>(UNKNOWN_HOST));
});

/** In pairs: thousands of servers, one after the other, would copy what is there thousands of times. */
function joined(maps: readonly PacketMap<AtHost>[]): PacketMap<AtHost> {
  if (maps.length < 2) return maps[0] ?? PacketMap.nothing<AtHost>();
  const half = maps.length >> 1;
  return joined(maps.slice(0, half)).with(joined(maps.slice(half)), widest);
}

function widest(a: AtHost | undefined, b: AtHost | undefined): AtHost | undefined {
  if (a === undefined || a === REFUSED) return b ?? a;
  if (b === undefined || b === REFUSED || a === b) return a;
  return b === ALLOWED ? b : a;
}

const ownRanges = (device: Device): readonly Range[] => localTo(device).map(point);

/** For which destinations each translation stands. */
function destinationsOf(translations: PacketMap<Translation>): ReadonlyMap<Translation, readonly Range[]> {
  const each = translations
    .groups('destination')
    .flatMap(({ ranges, below }) => [...below.values].map((value) => ({ value, ranges })));
  return new Map(
    [...groupBy(each, ({ value }) => value)].map(([value, of]) => [value, of.flatMap(({ ranges }) => ranges)]),
  );
}

/** Of packets that a device translates those that are among these, if they are sent straight to where they are led, by whom they are sent. */
export function sentStraight(translations: PacketMap<Translation>, among: PacketSet): PacketSet {
  const led = translations.within(translations.where(({ destination }) => destination.is !== 'kept'));
  const places = destinationsOf(led);
  return led.compose((one) =>
    met(translation({ destination: one.destination, port: one.port }), among, places.get(one)!),
  );
}

/** The hosts' verdicts as packets for these destinations meet them that are translated like this on the way. */
const asSeenBy = (one: Translation, hosts: PacketMap<AtHost>, destinations: readonly Range[]): PacketMap<AtHost> =>
  one.destination.is === 'unclear' || one.source.is === 'unclear'
    ? PacketMap.everywhere<AtHost>(UNKNOWN_HOST)
    : met(one, hosts, destinations);

/** What is said of packets where they come to; nothing where that is unclear. */
function met<V>(
  { destination, source, port }: Translation,
  hosts: PacketMap<V>,
  destinations: readonly Range[],
): PacketMap<V> {
  if (destination.is === 'unclear' || source.is === 'unclear') return PacketMap.nothing<V>();
  const moves =
    destination.is === 'kept'
      ? destinations.map((range) => ({ from: range, to: range }))
      : movesOf(destination, destinations);
  // Only what these packets reach is turned around: each of ten thousand mappings moves by its own distance.
  let seen = hosts.within(PacketMap.set({ destination: moves.map(({ to }) => to) }));
  if (source.is !== 'kept') seen = seen.afterSource(movesOf(source, EVERYWHERE));
  if (destination.is !== 'kept') return seen.afterDestination(moves, port === 'kept' ? undefined : port);
  return port === 'kept' ? seen : seen.afterPort(port);
}

/** Where addresses of these ranges, each of one family, come to lie in the same family. */
function movesOf(
  rewrite: Extract<Translation['source'], { is: 'moved' | 'set' }>,
  ranges: readonly Range[],
): readonly { readonly from: Range; readonly to: Range }[] {
  return ranges.flatMap((range) => {
    const whole = FAMILY_RANGE[familyOf(range.first)];
    if (rewrite.is === 'set')
      return rewrite.to >= whole.first && rewrite.to <= whole.last ? [{ from: range, to: point(rewrite.to) }] : [];
    const to = { first: max(range.first + rewrite.by, whole.first), last: min(range.last + rewrite.by, whole.last) };
    return to.first <= to.last ? [{ from: { first: to.first - rewrite.by, last: to.last - rewrite.by }, to }] : [];
  });
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
