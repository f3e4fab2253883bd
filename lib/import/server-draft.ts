import { Exposure } from '../exposure/exposure';
import { printRow } from '../exposure/print';
import { rowsOf } from '../exposure/rows';
import { ANY, printAddresses, printService } from '../exposure/words';
import { FAMILY_RANGE } from '../net/address';
import { LOCAL_PORTS_112 } from '../intent/data/cpanel-ports-112';
import { SERVICES } from '../intent/data/services';
import { CpanelFirewallProfileIntent, OutboundIntent, ServerIntent, ServiceIntent, Sources } from '../intent/intent';
import { PORT_PROTOCOLS, PROTOCOLS } from '../intent/ports';
import { Device, NumberRange, countOf } from '../net/device';
import { gathered } from '../net/gathered';
import { ALL_PORTS, PROTOCOL } from '../net/packet';
import { PacketMap } from '../net/packet-map';
import { Range, joined, overlap } from '../net/range';
import { Kind, apartFromPorts, hasPort, isEverything, keyOf, kindsOf, listed, written } from './kinds';
import { ServerPackets, prefixTexts } from './server-packets';

/** A server's exposure as its profile. */
export interface ServerDraft {
  readonly profile: CpanelFirewallProfileIntent;
  readonly inside: ServerIntent['inside'];
  /** What passes now and isn't carried over, and what is carried over as more than it is: packets for people, and why. */
  readonly left: readonly Left[];
  readonly widened: readonly Left[];
}

export interface Left {
  readonly packets: string;
  readonly why: string;
}

/** Longer lists of addresses are nobody's to read. */
const MOST_PREFIXES = 200;
/** More ports of one protocol for everybody are everything. */
const MOST_PORTS = 20_000;

/** `sshPort`: by which operators come. Undefined where everything is open to everybody, which no profile says. */
export function serverDraft(name: string, exposure: Exposure, device: Device, sshPort: number): ServerDraft | undefined {
  const own = new ServerPackets(device);
  const arriving = own.arriving(exposure);
  const inside = joined(
    rowsOf(arriving)
      .filter(isEverything)
      .flatMap(({ sources }) => sources),
  );
  if (own.isWide(inside)) return undefined;
  const { kinds, others } = kindsOf(arriving.apartFrom(PacketMap.set({ source: inside })), 'sources');
  const left: Left[] = others.map((row) => ({ packets: printRow(row), why: 'protocols of all sorts at once are no service.' }));
  const opened = kinds.flatMap((kind) => {
    const why = whyNot(kind, own);
    if (why !== undefined) left.push({ packets: saidOf(kind, 'sources'), why });
    // Everybody is everybody together with those who may do everything.
    return why === undefined ? [{ ...kind, peers: own.isWide(kind.peers) ? joined([...kind.peers, ...inside]) : kind.peers }] : [];
  });
  const isSsh = ({ protocol, ports }: Kind): boolean => protocol === PROTOCOL.tcp && hasPort(ports, sshPort);
  const services = opened.flatMap((kind) => {
    const ports = isSsh(kind) ? apartFromPorts(kind.ports, [sshPort]) : kind.ports;
    return ports.length === 0 ? [] : [{ ...kind, ports }];
  });
  const blocked = blockedIn(services, own);
  const apartFromBlocked = (peers: readonly Range[]): readonly Range[] => (own.isWide(peers) ? joined([...peers, ...blocked]) : peers);
  const operators = joined([...opened.filter(isSsh).flatMap(({ peers }) => peers), ...inside]);
  const pings = services.filter(isPing);
  const pinging = apartFromBlocked(joined(pings.flatMap(({ peers }) => peers)));
  const widened = [
    ...services.filter((kind) => !isIcmp(kind)).map((kind) => ({ kind, peers: apartFromBlocked(kind.peers) })),
    ...opened.filter(isSsh).map((kind) => ({ kind: { ...kind, ports: [{ first: sshPort, last: sshPort }] }, peers: operators })),
    ...pings.map((kind) => ({ kind, peers: pinging })),
  ].flatMap(({ kind, peers }) => own.widened(peers).map((why) => ({ packets: saidOf(kind, 'sources'), why })));
  const sent = own.sent(exposure);
  const sending = sent ? outboundOf(kindsOf(sent, 'destinations'), own) : { left: [], widened: [] };
  return {
    profile: {
      name,
      services: servicesOf(services, (peers) => own.said(apartFromBlocked(peers))),
      sources: 'anywhere',
      management: { from: own.said(operators), port: sshPort },
      ...(blocked.length === 0 ? {} : { blocked: prefixTexts(blocked) }),
      ...(pings.length === 0 ? {} : { ping: own.said(pinging) }),
      ...('outbound' in sending ? { outbound: sending.outbound } : {}),
    },
    inside: inside.length === 0 ? 'none' : prefixTexts(inside),
    left: [...left, ...sending.left],
    widened: [...widened, ...sending.widened],
  };
}

const ECHO: Readonly<Record<number, number>> = { [PROTOCOL.icmp]: 8, [PROTOCOL.icmpv6]: 128 };
const isIcmp = ({ protocol }: Kind): boolean => ECHO[protocol] !== undefined;
const isPing = ({ protocol, ports }: Kind): boolean => hasPort(ports, ECHO[protocol]);

function whyNot(kind: Kind, own: ServerPackets): string | undefined {
  const { peers, ports, sourcePorts } = kind;
  if (sourcePorts !== 'all') return isIcmp(kind) ? 'single codes of ICMP are no service.' : 'an opening has no source ports.';
  if (prefixTexts(own.isWide(peers) ? own.holes(peers) : peers).length > MOST_PREFIXES) return 'its sources are too many for a list.';
  if (!isIcmp(kind) && isPorted(kind) && own.isWide(peers) && countOf(ports) > MOST_PORTS)
    return 'it lets nearly everybody in on nearly every port. Write which are meant.';
  return undefined;
}

const isPorted = ({ protocol }: Kind): boolean => PORT_PROTOCOLS.some((name) => PROTOCOLS[name] === protocol);

function saidOf({ protocol, ports, sourcePorts, peers }: Kind, side: 'sources' | 'destinations'): string {
  const service = printService([{ first: protocol, last: protocol }], ports, sourcePorts === 'all' ? [ALL_PORTS] : sourcePorts);
  const families = (['ip', 'ip6'] as const).flatMap((family) => {
    const own = peers.flatMap((one) => overlap(one, FAMILY_RANGE[family]) ?? []);
    return own.length === 0 ? [] : [printAddresses(own, family, ANY[family])];
  });
  return `${service} ${side === 'sources' ? 'from' : 'to'} ${families.join(', ')}`;
}

/** Whom nothing lets in that lets nearly everybody in, if that is so of all of it and nothing else lets them in. */
function blockedIn(kinds: readonly Kind[], own: ServerPackets): readonly Range[] {
  const wide = kinds.filter(({ peers }) => own.isWide(peers));
  const narrow = kinds.filter(({ peers }) => !own.isWide(peers));
  const holes = wide.map(({ peers }) => own.holes(peers));
  const [first = []] = holes;
  const isOthers = narrow.some(({ peers }) => peers.some((one) => first.some((hole) => overlap(one, hole))));
  return isOthers || holes.some((some) => keyOf(some) !== keyOf(first)) ? [] : first;
}

/** By the names that people have for them, then what is left. */
function servicesOf(kinds: readonly Kind[], from: (peers: readonly Range[]) => Sources): readonly ServiceIntent[] {
  return [...gathered(kinds, ({ peers }) => JSON.stringify(from(peers))).values()].flatMap((alike) => {
    const who = from(alike[0].peers);
    let rest: readonly Kind[] = alike;
    const named = [...SERVICES].flatMap(([name, { ports, administrative }]): ServiceIntent[] => {
      const ofKind = ({ protocol }: Kind) => ports.filter((port) => PROTOCOLS[port.protocol] === protocol);
      const isThere = ports.every((port) =>
        rest.some((kind) => ofKind(kind).includes(port) && kind.ports.some(({ first, last }) => first <= port.first && port.last <= last)),
      );
      if (!isThere || name === 'ssh' || name === 'licence-callback') return [];
      rest = rest.map((kind) => ({ ...kind, ports: apartFromPorts(kind.ports, ofKind(kind)) }));
      return [who === 'anywhere' && !administrative ? name : { service: name, from: who }];
    });
    return [...named, ...rest.flatMap((kind) => unnamed(kind, who))];
  });
}

function unnamed(kind: Kind, from: Sources): readonly ServiceIntent[] {
  const { protocol, ports } = kind;
  if (isIcmp(kind)) {
    const types = listed(ports).filter((type) => type !== ECHO[protocol]);
    return types.length === 0 ? [] : [{ protocol: protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6', types, from }];
  }
  const name = PORT_PROTOCOLS.find((one) => PROTOCOLS[one] === protocol);
  if (name === undefined) return [{ protocol: BARE[protocol] ?? protocol, from }];
  const some = apartFromPorts(ports, [0, ...LOCAL_PORTS_112]);
  return some.length === 0 ? [] : [{ ports: written(some), protocol: name, from }];
}

const BARE: Readonly<Record<number, 'gre' | 'esp' | 'ah'>> = { [PROTOCOL.gre]: 'gre', [PROTOCOL.esp]: 'esp', [PROTOCOL.ah]: 'ah' };

function outboundOf(
  { kinds, others }: ReturnType<typeof kindsOf>,
  own: ServerPackets,
): { readonly outbound: readonly OutboundIntent[] } & Pick<ServerDraft, 'left' | 'widened'> {
  const left: Left[] = others.map((row) => ({
    packets: `sent: ${printRow(row)}`,
    why: 'protocols of all sorts at once can not be listed.',
  }));
  // What is said of the network itself passes whatever is listed.
  const outbound = kinds
    .filter((kind) => !isIcmp(kind))
    .flatMap((kind): OutboundIntent[] => {
      const protocol = PORT_PROTOCOLS.find((name) => PROTOCOLS[name] === kind.protocol);
      const to = own.said(kind.peers, 'destinations');
      const ports = apartFromPorts(kind.ports, [0]);
      const sourcePorts = kind.sourcePorts === 'all' ? undefined : listed(kind.sourcePorts);
      const isListed = sourcePorts === undefined || countOf(kind.sourcePorts as readonly NumberRange[]) === sourcePorts.length;
      if (protocol !== undefined && ports.length > 0 && isListed && to.length <= MOST_PREFIXES)
        return [{ ports: written(ports), protocol, ...(to === 'anywhere' ? {} : { to }), ...(sourcePorts ? { sourcePorts } : {}) }];
      left.push({ packets: `sent: ${saidOf(kind, 'destinations')}`, why: 'it can not be listed.' });
      return [];
    });
  const widened = kinds
    .filter((kind) => !isIcmp(kind))
    .flatMap((kind) => own.widened(kind.peers, 'destinations').map((why) => ({ packets: `sent: ${saidOf(kind, 'destinations')}`, why })));
  return { outbound, left, widened };
}
