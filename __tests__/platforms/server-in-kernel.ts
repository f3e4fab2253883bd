// Loads the generated config of one server into a kernel in network namespaces, and sends packets to it and from it.

import { Address, getFamily, parseAddress, printAddress } from '../../lib/net/address';
import { Packet } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';
import { Arrived, KernelPlace, Message } from '../evaluator/kernel/place';
import { edgesOf, passes, Passing } from './truth';

/** A case's server: interfaces with addresses, as `10.0.0.10/24`. */
export interface Interfaces {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** All other hosts, at the other end of one of the server's interfaces: they send from any address. */
interface World {
  readonly of: string;
  readonly place: KernelPlace;
}

interface Asked {
  readonly from: string;
  readonly by: KernelPlace;
  readonly at: readonly KernelPlace[];
  readonly messages: readonly Message[];
}

/** A port that no case names. */
const UNNAMED = 5999;
const ELSEWHERE = ['192.0.2.5', '2001:db8:9::1'].map((text) => parseAddress(text)!);
/** Addresses that a sender can't have, or that are no destination. */
const NOBODY = [
  '0.0.0.0-0.255.255.255',
  '127.0.0.0-127.255.255.255',
  '224.0.0.0-255.255.255.255',
  '::-::ffff',
  'fe80::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
].map((text): Range => {
  const [first, last] = text.split('-').map((one) => parseAddress(one)!);
  return { first: first!, last: last! };
});
const isSomebody = (address: Address): boolean => !NOBODY.some((one) => contains(one, address));
/** The number of packets that are sent at once. */
const MANY = 500;

/** A server in a kernel, with the addresses of a case, and the other hosts. */
export class ServerInKernel {
  readonly place: KernelPlace;
  private readonly worlds: readonly World[];
  private readonly own: readonly Address[];

  constructor(name: string, interfaces: readonly Interfaces[]) {
    this.place = new KernelPlace(`${name}-srv`);
    this.own = interfaces.flatMap(({ addresses }) => addresses.map((one) => parseAddress(one.split('/')[0]!)!));
    this.worlds = interfaces.map((one, i) => {
      const place = new KernelPlace(`${name}-w${i}`);
      const [ours, theirs] = [`02:00:00:00:0${i}:01`, `02:00:00:00:0${i}:02`];
      this.place.joins(one.name, ours, place, 'up0', theirs);
      const lengths = one.addresses
        .map((text) => text.split('/')[0]!)
        .map((text) => `${text}/${text.includes(':') ? '128' : '32'}`);
      this.place.ip(lengths.map((text) => `addr add ${text} dev ${one.name}${text.includes(':') ? ' nodad' : ''}`));
      place.ip(wayBy('up0', '1', ours));
      place.watch('prerouting priority -450');
      return { of: one.name, place };
    });
    this.place.ip(wayBy(interfaces[0]!.name, '2', '02:00:00:00:00:02'));
  }

  /**
   * The differences between the kernel and the lines, for packets at the edges of all lines; and how many passed and
   * didn't.
   */
  async differing(
    truth: ReadonlyMap<string, readonly Passing[]>,
  ): Promise<{ wrong: readonly string[]; passed: number; stopped: number }> {
    const out = { wrong: [] as string[], passed: 0, stopped: 0 };
    this.place.watch('input priority 2000');
    // Sessions of earlier packets may be left.
    this.place.run(['conntrack', '-F']);
    const all = this.asked(truth);
    for (let i = 0; all.some(({ messages }) => i < messages.length); i += MANY) {
      const some = all.map((one) => ({ ...one, messages: one.messages.slice(i, i + MANY) }));
      await Promise.all(some.map(({ by, messages }) => by.send(messages)));
      const seen = new Map(
        [this.place, ...this.worlds.map(({ place }) => place)].map((place) => [place, place.seen()]),
      );
      for (const { from, at, messages } of some) {
        const arrived = new Set(at.flatMap((place) => seen.get(place)!).map(keyOfArrived));
        for (const message of messages) {
          const wanted = passes(truth.get(from) ?? [], packetOf(message));
          out[wanted ? 'passed' : 'stopped'] += 1;
          if (arrived.has(keyOf(message)) !== wanted)
            out.wrong.push(`from ${from}: ${keyOf(message)} ${wanted ? 'passes' : 'does not pass'}`);
        }
      }
    }
    return out;
  }

  /** The packets with their senders, and where each is to be seen; no two packets are the same. */
  private asked(truth: ReadonlyMap<string, readonly Passing[]>): readonly Asked[] {
    const others = (lines: readonly Passing[], of: 'sources' | 'destinations'): readonly Address[] =>
      [...new Set([...edgesOf(lines.flatMap((line) => line[of])), ...ELSEWHERE])].filter(
        (one) => isSomebody(one) && !this.own.includes(one),
      );
    const inbound = this.worlds.map(({ of, place }, i): Asked => {
      const from = `the internet by ${of}`;
      const lines = truth.get(from) ?? [];
      const sources = others(lines, 'sources');
      place.setOwnAddresses(sources.map(printAddress));
      return { from, by: place, at: [this.place], messages: messagesFor(sources, this.own, lines, 20_000 + i) };
    });
    const sent = truth.get('the device itself') ?? [];
    const itself = [...this.own, ...['127.0.0.1', '::1'].map((text) => parseAddress(text)!)];
    return [
      ...inbound,
      {
        from: 'the device itself',
        by: this.place,
        at: this.worlds.map(({ place }) => place),
        messages: messagesFor(this.own, others(sent, 'destinations'), sent, 30_000),
      },
      {
        from: 'localhost',
        by: this.place,
        at: [this.place],
        messages: messagesFor(itself, itself, truth.get('localhost') ?? [], 40_000),
      },
    ];
  }

  remove(): void {
    for (const { place } of this.worlds) place.remove();
    this.place.remove();
  }
}

/** All packets leave by that interface to the other end, whatever their address. */
const wayBy = (name: string, end: string, mac: string): readonly string[] =>
  [`169.254.1.${end}`, `fe80::${end}`].flatMap((address) => [
    `neigh replace ${address} lladdr ${mac} dev ${name} nud permanent`,
    `route add default via ${address} dev ${name} onlink`,
  ]);

/**
 * Packets from all hosts by every port that the lines name and the ports beside it; from an own source port if none is
 * named.
 */
function messagesFor(
  sources: readonly Address[],
  destinations: readonly Address[],
  lines: readonly Passing[],
  ownPort: number,
): readonly Message[] {
  const edges = (of: 'ports' | 'sourcePorts'): readonly number[] =>
    lines
      .flatMap((line) => (line[of] === 'all' || (of === 'ports' && !isPorted(line)) ? [] : line[of]))
      .flatMap(({ first, last }) => [first - 1, first, last, last + 1])
      .filter((port) => 0 < port && port < 65_536);
  const [ports, sourcePorts] = [[...new Set([...edges('ports'), UNNAMED])], [...new Set(edges('sourcePorts'))]];
  const pairs = sources.flatMap((from) =>
    destinations.filter((to) => getFamily(to) === getFamily(from)).map((to) => ({ from, to })),
  );
  const some = pairs.map(({ from, to }) => ({ from: printAddress(from), to: printAddress(to), size: 8 }));
  return [
    ...some.flatMap((pair) =>
      [6, 17].flatMap((protocol) =>
        ports.flatMap((port) =>
          [ownPort, ...sourcePorts].map((sourcePort) => ({ ...pair, protocol, port, sourcePort })),
        ),
      ),
    ),
    // The sender sends no fragments of IPv6.
    ...some
      .filter(({ to }) => !to.includes(':'))
      .flatMap((pair) => [8, 13].map((port) => ({ ...pair, protocol: 1, port, sourcePort: 0 }))),
  ];
}

const isPorted = ({ protocols }: Passing): boolean =>
  protocols === 'all' || protocols.some((one) => one === 6 || one === 17);

const packetOf = ({ from, to, protocol, port, sourcePort }: Message): Packet => ({
  source: parseAddress(from)!,
  destination: parseAddress(to)!,
  protocol,
  port,
  sourcePort,
});

const keyOf = ({ from, to, protocol, port, sourcePort }: Message): string =>
  `${from}${protocol === 1 ? '' : ` port ${sourcePort}`} > ${to} protocol ${protocol} ${port}`;

const keyOfArrived = ({ source, destination, protocol, mark, port }: Arrived): string =>
  keyOf({ from: source, to: destination, protocol, port, sourcePort: mark, size: 0 });
