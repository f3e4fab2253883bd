// Chooses probes (test packets) for a text of iptables rules as a real device has them: addresses and ports at the
// edges of those that the rules name.

import { Address, parsePrefix, toRange, printAddress } from '../../../lib/net/address';
import { Place, Probe, Seen } from './namespaces';
import { placeOf } from './probes';

/** A port that no text names. */
const UNNAMED = 5999;

/** The first source port of probes whose source port no text names. */
const FIRST = 20_000;

/** Addresses that no host has, or that no router forwards. */
const NOBODY = /^(0|127|22[4-9]|2[345]\d)\.|^(::1?$|fe|ff)/;

/** The first and last addresses of those in the text, and their neighbours. */
function edges(written: readonly string[]): readonly string[] {
  const ranges = written
    .flatMap((list) => list.split(','))
    .flatMap((one) => parsePrefix(one) ?? [])
    .map(toRange);
  const at = new Set(
    ranges.flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]).filter((one) => one >= 0n),
  );
  const outside = [...at].map((one) => one as Address).filter((one) => placeOf(one) === 'out');
  return outside.map(printAddress).filter((one) => !NOBODY.test(one) && !NEAR.includes(one));
}

const NEAR = ['198.51.100.7', '2001:db8:1::7', '192.0.2.5', '2001:db8:9::1'];
const found = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, one]) => one!);

/** Addresses that a text names as a source. */
export const sourcesIn = (text: string): readonly string[] => edges(found(text, /(?:-s|^add \S+) (\S+)/gm));

/** Addresses that it names as a destination alone. */
function destinationsIn(text: string): readonly string[] {
  const sources = sourcesIn(text);
  return edges(found(text, /-d (\S+)/g)).filter((one) => !sources.includes(one));
}

/** The first and last ports of those in the text, and their neighbours. */
function portsIn(text: string): readonly number[] {
  const written = found(text, /--(?:d|destination-)ports? ([\d:,]+)/g).flatMap((list) =>
    list.split(/[:,]/).map(Number),
  );
  return [
    ...new Set([...written.flatMap((at) => [at - 1, at, at + 1]).filter((at) => at > 0 && at < 65_536), UNNAMED]),
  ];
}

/**
 * Packets from all addresses that a text names to the gateway, to others and to itself, by every port that it names.
 */
export function wildProbes(text: string): readonly Probe[] {
  const [sources, destinations, ports] = [sourcesIn(text), destinationsIn(text), portsIn(text)];
  const gateway = ['198.51.100.2', '2001:db8:1::2'];
  const ways: readonly (readonly [Place, readonly string[], readonly string[]])[] = [
    ['out', [...NEAR, ...sources], gateway],
    ['out', NEAR, ['10.0.0.10', '2001:db8:2::10', ...destinations]],
    ['in', ['10.0.0.10', '2001:db8:2::10'], ['10.0.0.1', '2001:db8:2::1', ...NEAR, ...sources, ...destinations]],
    ['gw', gateway, [...gateway, ...NEAR, ...sources, ...destinations]],
  ];
  const wanted = ways.flatMap(([place, from, to]) =>
    from.flatMap((source) =>
      to
        .filter((destination) => source.includes(':') === destination.includes(':'))
        .flatMap((destination) =>
          [6, 17].flatMap((protocol) =>
            ports.map((port) => ({ place, from: source, to: destination, protocol, port })),
          ),
        ),
    ),
  );
  return [...wanted.map((one, at) => ({ ...one, sourcePort: FIRST + at, size: 8 })), ...bySourcePort(text), ...PINGS];
}

/** Each has its own size, which identifies it. */
const PINGS: readonly Probe[] = (
  [
    ['out', NEAR[0]!, '198.51.100.2'],
    ['out', NEAR[0]!, '10.0.0.10'],
    ['in', '10.0.0.10', NEAR[0]!],
    ['gw', '198.51.100.2', NEAR[0]!],
  ] as const
).map(([place, from, to], at) => ({ place, from, to, protocol: 1, port: 8, sourcePort: 0, size: 100 + at }));

/** Packets by the source ports that a text names, each once: the source port identifies a packet. */
function bySourcePort(text: string): readonly Probe[] {
  const asked = new Map(
    [...text.matchAll(/--sports? (\d+)\S*(?: --dport (\d+))?/g)].map(([, from, to]) => [
      Number(from),
      Number(to ?? 22),
    ]),
  );
  asked.delete(0);
  return [...asked].flatMap(([sourcePort, port]) =>
    [6, 17].map(
      (protocol) =>
        ({ place: 'out', from: NEAR[0]!, to: '198.51.100.2', protocol, port, sourcePort, size: 8 }) as const,
    ),
  );
}

/** A host's reply to a probe comes from a port that other probes use. */
export const isAnswer = ({ mark, port }: Seen): boolean => mark < FIRST && port >= FIRST;
