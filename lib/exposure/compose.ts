import { ALLOWED, Exposure, Translation, Verdict, View } from './exposure';
import { FAMILY_RANGE, Family } from '../net/address';
import { Device } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
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

/** One entry per vantage of the gateway that has an interface. */
export function composed(gateway: Exposure, gatewayDevice: Device, servers: readonly BehindGateway[]): readonly EndToEnd[] {
  const hosts = hostVerdicts(servers);
  const own = PacketMap.set({ destination: localTo(gatewayDevice) });
  return gateway.views.filter(({ vantage }) => vantage.kind === 'interface').map((view) => endToEnd(view, hosts, own));
}

type AtHost = Verdict | typeof REFUSED | typeof UNKNOWN_HOST;

function endToEnd(view: View, hosts: PacketMap<AtHost>, own: PacketSet): EndToEnd {
  const arriving = view.translations.within(view.verdicts).compose((translation) => asSeenBy(translation, hosts));
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
function hostVerdicts(servers: readonly BehindGateway[]): PacketMap<AtHost> {
  const known = servers.flatMap(({ device, exposure }): readonly PacketMap<AtHost>[] => {
    const [first] = device.interfaces;
    // Several views of one arriving interface differ in the interface that forwarded packets leave by; what stays on the host is alike.
    const view = first && exposure.views.find(({ vantage }) => vantage.kind === 'interface' && vantage.name === first.name);
    const toIt = PacketMap.set({ destination: localTo(device) });
    return view ? [(view.verdicts.within(toIt) as PacketMap<AtHost>).or(toIt.map<AtHost>(() => REFUSED))] : [];
  });
  const all = known.reduce((some, one) => some.with(one, widest), PacketMap.nothing<AtHost>());
  return all.or(PacketMap.everywhere<AtHost>(UNKNOWN_HOST));
}

function widest(a: AtHost | undefined, b: AtHost | undefined): AtHost | undefined {
  if (a === undefined || a === REFUSED) return b ?? a;
  if (b === undefined || b === REFUSED || a === b) return a;
  return b === ALLOWED ? b : a;
}

const localTo = (device: Device): readonly Range[] =>
  [...device.localAddresses, ...device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address))].map(point);

/** The hosts' verdicts as packets meet them that are translated like this on the way. */
function asSeenBy(translation: Translation, hosts: PacketMap<AtHost>): PacketMap<AtHost> {
  const { destination, source, port } = translation;
  if (destination.is === 'unclear' || source.is === 'unclear') return PacketMap.everywhere<AtHost>(UNKNOWN_HOST);
  let seen = hosts;
  if (source.is !== 'kept') seen = seen.afterSource(movesOf(source));
  if (destination.is !== 'kept') return seen.afterDestination(movesOf(destination), port === 'kept' ? undefined : port);
  return port === 'kept' ? seen : seen.afterPort(port);
}

const FAMILIES: readonly Family[] = ['ip', 'ip6'];

function movesOf(rewrite: Extract<Translation['source'], { is: 'moved' | 'set' }>): readonly { from: Range; to: Range }[] {
  return FAMILIES.flatMap((family) => {
    const whole = FAMILY_RANGE[family];
    if (rewrite.is === 'set') return rewrite.to >= whole.first && rewrite.to <= whole.last ? [{ from: whole, to: point(rewrite.to) }] : [];
    const to = { first: max(whole.first + rewrite.by, whole.first), last: min(whole.last + rewrite.by, whole.last) };
    return to.first <= to.last ? [{ from: { first: to.first - rewrite.by, last: to.last - rewrite.by }, to }] : [];
  });
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
