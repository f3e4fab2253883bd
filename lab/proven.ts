import { Reachability, Rewrite } from '../lib/reachability/reachability';
import { parseAddress, printAddress } from '../lib/net/address';
import { Device, StartLocation } from '../lib/net/device';
import { Packet } from '../lib/net/packet';
import { PacketMap } from '../lib/net/packet-map';
import { toSingleRange } from '../lib/net/range';
import { Verification } from '../lib/verifier/verify-policy';
import { SERVER_UDP, STRANGER_UDP } from './port-table';
import { Flow, Protocol } from './probe/observe';
import { ICMPV6 } from './probe/raw';
import { Target } from './probe/target';
import { EVERY_PORT, printPorts } from './probe/ports';
import { NODES, Segment } from './topology';

/** Where the walk of one packet ends. `nobody`: it is dropped, or leaves the lab's devices for somebody else. */
type End = 'web1' | 'edge1' | 'outside' | 'nobody' | 'unknown';

/** Packets that differ in their port alone: from `port` to `lastPort`. `mixed`: the proof says different things about them. */
interface Packets extends Packet {
  readonly lastPort: number;
}

/** The addresses that a packet has where it ends. */
interface Left {
  source?: Packet['source'];
  destination?: Packet['destination'];
}

/** What the proof says about a target, in the shape of what is observed. */
export interface Proven extends Flow {
  readonly elsewhere: string;
  readonly unknown: string;
}

/** By which interface of the gateway the nodes of a segment reach it. */
const GATEWAY_INTERFACE: Readonly<Record<Segment, string>> = {
  wan: 'wan0',
  far: 'wan0',
  lan: 'lan0',
  office: 'lan1',
  mgmt: 'mgmt0',
};

const NUMBER: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, icmp: 1, gre: 47, sctp: 132 };

/**
 * Walks packets through what was proven of the gateway and of the server, one by one. Written without the library's own
 * composition of the two, so that a mistake there doesn't pass for the truth here.
 */
export class ProvenLab {
  private readonly gateway: Verification;
  private readonly server: Verification;

  constructor(proofs: readonly Verification[]) {
    const of = (device: string): Verification => {
      const found = proofs.filter(({ policy }) => policy.device === device);
      if (found.length !== 1)
        throw new Error(`The plan has ${found.length} releases for ${device}; the lab needs one.`);
      return found[0]!;
    };
    [this.gateway, this.server] = [of('edge1'), of('web1')];
  }

  /** `tcpPorts`: those that are asked by TCP. */
  flow(target: Target, protocol: Protocol, tcpPorts: readonly number[] = EVERY_PORT): Proven {
    const asked = protocol === 'tcp' ? tcpPorts : protocol === 'udp' ? [...SERVER_UDP, ...STRANGER_UDP] : [0];
    const every = protocol === 'tcp' ? this.ends(target, 1, 65_535) : undefined;
    const ends = asked.map((port) => every?.[port - 1] ?? this.end(target.from, packet(target, protocol, port)));
    const are = (wanted: End): string => {
      const ports = asked.filter((_, at) => ends[at] === wanted);
      return protocol === 'tcp' || protocol === 'udp' ? printPorts(ports) : ports.length > 0 ? 'all' : 'none';
    };
    const { from, to } = target;
    return { from, to, protocol, ports: are('web1'), elsewhere: are('edge1'), unknown: are('unknown') };
  }

  /** Who answers on these TCP ports and as what it sees the asker, each once. */
  answers(target: Target, ports: readonly number[]): readonly string[] {
    const said = ports.map((port) => {
      const left: Left = {};
      const end = this.end(target.from, packet(target, 'tcp', port), left);
      if (end !== 'web1' || left.source === undefined || left.destination === undefined) return end;
      return `web1 as ${printAddress(left.destination)}, asked by ${printAddress(left.source)}`;
    });
    return [...new Set(said)].sort();
  }

  /** Halves what isn't of one kind, as asking 65,535 times one by one takes seconds. */
  private ends(target: Target, first: number, last: number): readonly (End | 'mixed')[] {
    const end = this.end(target.from, { ...packet(target, 'tcp', first), lastPort: last });
    if (end !== 'mixed') return Array.from({ length: last - first + 1 }, () => end);
    const half = Math.floor((first + last) / 2);
    return [...this.ends(target, first, half), ...this.ends(target, half + 1, last)];
  }

  /** Destination ports out of these that the server may connect to from a source port, and as what it is seen. */
  outbound(
    to: string,
    protocol: 'tcp' | 'udp',
    ports: readonly number[],
    sourcePort = 40_000,
  ): { readonly ports: string; readonly seenAs: readonly string[] } {
    const seenAs = new Set<string>();
    const allowed = ports.filter((port) => {
      const left: Left = {};
      const end = this.end('web1', { ...packet({ from: 'web1', to }, protocol, port), sourcePort }, left);
      if (end === 'outside' && left.source !== undefined) seenAs.add(String(left.source));
      return end === 'outside';
    });
    return { ports: printPorts(allowed), seenAs: [...seenAs] };
  }

  private end(from: string, sent: Packets, left: Left = {}): End | 'mixed' {
    let at = sent;
    Object.assign(left, { source: at.source, destination: at.destination });
    if (from === 'web1') {
      const through = step(this.server.reading.exposure, { kind: 'self' }, at);
      if (typeof through === 'string') return through === 'denied' ? 'nobody' : through;
      Object.assign(left, { source: through.source, destination: through.destination });
      if (isLocal(this.server.device, through.destination)) return this.arrive({ kind: 'localhost' }, through);
      at = through;
    } else if (sameWire(from, at.destination) && isLocal(this.server.device, at.destination)) {
      return this.cross(at);
    }
    const through = step(
      this.gateway.reading.exposure,
      { kind: 'interface', name: GATEWAY_INTERFACE[segmentOf(from)] },
      at,
    );
    if (typeof through === 'string') return through === 'denied' ? 'nobody' : through;
    Object.assign(left, { source: through.source, destination: through.destination });
    if (isLocal(this.gateway.device, through.destination)) return 'edge1';
    // The gateway routes, it doesn't know who exists: what it lets through to an address that the host may refuse is the host's.
    return isLocal(this.server.device, through.destination) ? this.cross(through) : 'outside';
  }

  /** Over the server's wire. Nobody answers GRE or SCTP there, so what is observed of them is that they came out of it. */
  private cross(at: Packets): End | 'mixed' {
    const raw = at.protocol === NUMBER.gre || at.protocol === NUMBER.sctp;
    return raw ? 'web1' : this.arrive({ kind: 'interface', name: 'eth0' }, at);
  }

  private arrive(vantage: StartLocation, at: Packets): End | 'mixed' {
    const through = step(this.server.reading.exposure, vantage, at);
    return typeof through !== 'string' ? 'web1' : through === 'denied' ? 'nobody' : through;
  }
}

function step(exposure: Reachability, vantage: StartLocation, at: Packets): Packets | 'denied' | 'unknown' | 'mixed' {
  const view = exposure.views.find((each) => isAt(each.vantage, vantage));
  const verdict = view && saidOf(view.verdicts, at);
  const translation = view && saidOf(view.translations, at);
  if (verdict === 'mixed' || translation === 'mixed') return 'mixed';
  if (!verdict || !translation) return 'denied';
  const [source, destination] = [
    rewritten(translation.source, at.source),
    rewritten(translation.destination, at.destination),
  ];
  if (verdict.is === 'unknown' || source === undefined || destination === undefined) return 'unknown';
  const port = translation.port === 'kept' ? {} : { port: translation.port, lastPort: translation.port };
  return { ...at, source, destination, ...port };
}

/** What a map says about all of them; that it says nothing counts. */
function saidOf<Value>(map: PacketMap<Value>, at: Packets): Value | undefined | 'mixed' {
  if (at.port === at.lastPort) return map.findValue(at);
  const ports = [{ first: at.port, last: at.lastPort }];
  const number = (value: number) => [{ first: value, last: value }];
  const all = PacketMap.createSet({
    source: [toSingleRange(at.source)],
    destination: [toSingleRange(at.destination)],
    originalDestination: [toSingleRange(at.destination)],
    protocol: number(at.protocol),
    port: ports,
    originalPort: ports,
    sourcePort: number(at.sourcePort),
  });
  const said = map.intersect(all);
  if (said.isEmpty) return undefined;
  return said.values.length === 1 && said.domain.equals(all) ? said.values[0] : 'mixed';
}

/** By which interface the lab's devices reach everything that no other interface has. */
const DEFAULT_ROUTES = ['wan0', 'eth0'];

/** The proof tells ways out apart where a device has several; the lab's devices take one. */
function isAt(viewed: StartLocation, wanted: StartLocation): boolean {
  const way = viewed.kind === 'localhost' ? undefined : viewed.leaving;
  if (way !== undefined && !DEFAULT_ROUTES.includes(way)) return false;
  return viewed.kind === 'interface' && wanted.kind === 'interface'
    ? viewed.name === wanted.name
    : viewed.kind === wanted.kind;
}

function rewritten(rewrite: Rewrite, from: Packet['source']): Packet['source'] | undefined {
  switch (rewrite.is) {
    case 'kept':
      return from;
    case 'moved':
      return (from + rewrite.by) as Packet['source'];
    case 'set':
      return rewrite.to;
    case 'unclear':
      return undefined;
  }
}

function packet(target: Target, protocol: Protocol, port: number): Packets {
  const one = onePacket(target, protocol, port);
  return { ...one, lastPort: one.port };
}

function onePacket({ from, to, source: given }: Target, protocol: Protocol, port: number): Packet {
  const source = address(given ?? sourceOf(from, to));
  const common = { source, destination: address(to), protocol: NUMBER[protocol] };
  // An echo request, by its type.
  if (protocol === 'icmp')
    return { ...common, ...(to.includes(':') ? { protocol: ICMPV6, port: 128 } : { port: 8 }), sourcePort: 0 };
  return protocol === 'gre'
    ? { ...common, port: 0, sourcePort: 0 }
    : { ...common, port: protocol === 'sctp' ? 2087 : port, sourcePort: 40_000 };
}

function address(text: string): Packet['source'] {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address.`);
  return parsed;
}

const linksOf = (name: string) => NODES.find((node) => node.name === name)?.links ?? [];

/** The first link's address of the destination's family: which one the node's routes choose for what is not on its own wires. */
function sourceOf(name: string, to: string): string {
  const found = linksOf(name)
    .flatMap(({ addresses }) => addresses)
    .find((each) => each.includes(':') === to.includes(':'));
  if (!found) throw new Error(`${name} has no address to reach ${to} from.`);
  return found.split('/')[0] ?? '';
}

const segmentOf = (name: string): Segment => linksOf(name)[0]?.segment ?? 'wan';

/** The server's own addresses with their wires: parsed once, since they are asked for 65,535 times per question. */
const SERVER = linksOf('web1').flatMap(({ segment, addresses }) =>
  addresses.map((each) => ({ segment, address: address(each.split('/')[0] ?? '') })),
);

/** Whether the server is asked by its own address by somebody on its wire, where no gateway is in between. */
const sameWire = (from: string, to: bigint): boolean =>
  SERVER.some((each) => each.address === to && each.segment === segmentOf(from));

const isLocal = (device: Device, to: bigint): boolean =>
  device.localAddresses.some((each) => each === to) ||
  device.interfaces.some(({ addresses }) => addresses.some((each) => each.address === to));
