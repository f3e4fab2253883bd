// Computes from the verified reachability of the lab's gateway and server where packets arrive, in the form of the
// lab's observations, so that both can be compared.
import { Reachability, Rewrite } from '../lib/reachability/reachability';
import { parseAddress, printAddress } from '../lib/net/address';
import { Device, StartLocation } from '../lib/net/device';
import { Packet } from '../lib/net/packet';
import { PacketMap } from '../lib/net/packet-map';
import { toSingleRange } from '../lib/net/range';
import { Verification } from '../lib/verifier/verify-policy';
import { SERVER_UDP, STRANGER_UDP } from './probed-ports';
import { Flow, Protocol } from './probe/observe';
import { ICMPV6 } from './probe/send-raw-packets';
import { Target } from './probe/target';
import { EVERY_PORT, printPorts } from './probe/ports';
import { NODES, Segment } from './topology';

/** The place where one packet ends. `nobody`: it is dropped, or it leaves the lab's devices. */
type End = 'web1' | 'edge1' | 'outside' | 'nobody' | 'unknown';

/**
 * Packets that differ only in their port, from `port` to `lastPort`. `mixed`: the proof has different results for them.
 */
interface Packets extends Packet {
  readonly lastPort: number;
}

/** The addresses of a packet where it ends. */
interface Left {
  source?: Packet['source'];
  destination?: Packet['destination'];
}

/** The proof's result for a target, in the form of an observation. */
export interface Proven extends Flow {
  readonly elsewhere: string;
  readonly unknown: string;
}

/** The gateway's interface on each segment. */
const GATEWAY_INTERFACE: Readonly<Record<Segment, string>> = {
  wan: 'wan0',
  far: 'wan0',
  lan: 'lan0',
  office: 'lan1',
  mgmt: 'mgmt0',
};

const NUMBER: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, icmp: 1, gre: 47, sctp: 132 };

/**
 * Traces packets through the proofs of the gateway and of the server, one by one. It doesn't use the library's
 * composition of the two, so that a mistake there can't count as the truth here.
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

  /** Returns the proof's result for a target. `tcpPorts` are the TCP ports that are asked. */
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

  /** Returns the hosts that answer on these TCP ports with the address that each sees, without duplicates. */
  answers(target: Target, ports: readonly number[]): readonly string[] {
    const said = ports.map((port) => {
      const left: Left = {};
      const end = this.end(target.from, packet(target, 'tcp', port), left);
      if (end !== 'web1' || left.source === undefined || left.destination === undefined) return end;
      return `web1 as ${printAddress(left.destination)}, asked by ${printAddress(left.source)}`;
    });
    return [...new Set(said)].sort();
  }

  /**
   * Returns the ends of a range of ports. It halves mixed ranges, because asking each of 65,535 ports takes seconds.
   */
  private ends(target: Target, first: number, last: number): readonly (End | 'mixed')[] {
    const end = this.end(target.from, { ...packet(target, 'tcp', first), lastPort: last });
    if (end !== 'mixed') return Array.from({ length: last - first + 1 }, () => end);
    const half = Math.floor((first + last) / 2);
    return [...this.ends(target, first, half), ...this.ends(target, half + 1, last)];
  }

  /**
   * Returns the ports of a list that the server may connect to from a source port, and the address that is seen of it.
   */
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
      const through = step(this.server.evaluated.reachability, { kind: 'self' }, at);
      if (typeof through === 'string') return through === 'denied' ? 'nobody' : through;
      Object.assign(left, { source: through.source, destination: through.destination });
      if (isLocal(this.server.device, through.destination)) return this.arrive({ kind: 'localhost' }, through);
      at = through;
    } else if (sameWire(from, at.destination) && isLocal(this.server.device, at.destination)) {
      return this.cross(at);
    }
    const through = step(
      this.gateway.evaluated.reachability,
      { kind: 'interface', name: GATEWAY_INTERFACE[segmentOf(from)] },
      at,
    );
    if (typeof through === 'string') return through === 'denied' ? 'nobody' : through;
    Object.assign(left, { source: through.source, destination: through.destination });
    if (isLocal(this.gateway.device, through.destination)) return 'edge1';
    // The gateway routes, and doesn't know which hosts exist: it forwards a packet that the host may refuse.
    return isLocal(this.server.device, through.destination) ? this.cross(through) : 'outside';
  }

  /**
   * Traces a packet over the server's wire. Hosts there don't answer GRE or SCTP, so the observation is that the packet
   * arrives.
   */
  private cross(at: Packets): End | 'mixed' {
    const raw = at.protocol === NUMBER.gre || at.protocol === NUMBER.sctp;
    return raw ? 'web1' : this.arrive({ kind: 'interface', name: 'eth0' }, at);
  }

  private arrive(vantage: StartLocation, at: Packets): End | 'mixed' {
    const through = step(this.server.evaluated.reachability, vantage, at);
    return typeof through !== 'string' ? 'web1' : through === 'denied' ? 'nobody' : through;
  }
}

function step(exposure: Reachability, vantage: StartLocation, at: Packets): Packets | 'denied' | 'unknown' | 'mixed' {
  const view = exposure.views.find((each) => isAt(each.startLocation, vantage));
  const verdict = view && saidOf(view.dispositions, at);
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

/** Returns the value of a map for all of these packets. No value counts as a value. */
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

/** Interfaces of the default routes of the lab's devices. */
const DEFAULT_ROUTES = ['wan0', 'eth0'];

/**
 * Returns whether two start locations are the same. A proof may name one of several ways out; the lab's devices have
 * one.
 */
function isAt(viewed: StartLocation, wanted: StartLocation): boolean {
  const way = viewed.kind === 'localhost' ? undefined : viewed.uplink;
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
      return (from + rewrite.distance) as Packet['source'];
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

/**
 * Returns the source address of a packet: that of the first link with the destination's family. The node's routes
 * choose it for addresses off its own wires.
 */
function sourceOf(name: string, to: string): string {
  const found = linksOf(name)
    .flatMap(({ addresses }) => addresses)
    .find((each) => each.includes(':') === to.includes(':'));
  if (!found) throw new Error(`${name} has no address to reach ${to} from.`);
  return found.split('/')[0] ?? '';
}

const segmentOf = (name: string): Segment => linksOf(name)[0]?.segment ?? 'wan';

/** The server's own addresses with their wires, parsed once: each question needs them 65,535 times. */
const SERVER = linksOf('web1').flatMap(({ segment, addresses }) =>
  addresses.map((each) => ({ segment, address: address(each.split('/')[0] ?? '') })),
);

/** Returns whether the asker and the server's own address are on one wire, without a gateway between them. */
const sameWire = (from: string, to: bigint): boolean =>
  SERVER.some((each) => each.address === to && each.segment === segmentOf(from));

const isLocal = (device: Device, to: bigint): boolean =>
  device.localAddresses.some((each) => each === to) ||
  device.interfaces.some(({ addresses }) => addresses.some((each) => each.address === to));
