import { Row, rowsOf } from '../exposure/rows';
import { joinedNumbers } from '../net/axes';
import { NumberRange } from '../net/device';
import { gathered } from '../net/gathered';
import { ALL_PORTS } from '../net/packet';
import { PacketSet } from '../net/packet-map';
import { Range, joined } from '../net/range';

/** Packets of one protocol that have the same peers, of both families: the ports of all of them together. */
export interface Kind {
  readonly protocol: number;
  /** Or types of ICMP. */
  readonly ports: readonly NumberRange[];
  /** Or codes of ICMP. */
  readonly sourcePorts: 'all' | readonly NumberRange[];
  /** Ascending, disjoint: sources of what comes, destinations of what is sent. */
  readonly peers: readonly Range[];
}

/** More protocols at once are no services. */
const MOST_PROTOCOLS = 8;

/** What packets there are, by kind; and the rows that are of no protocol in particular. */
export function kindsOf(
  packets: PacketSet,
  side: 'sources' | 'destinations',
): { readonly kinds: readonly Kind[]; readonly others: readonly Row<unknown>[] } {
  const rows = rowsOf(packets);
  const isOne = ({ protocols }: Row<unknown>): boolean =>
    protocols.reduce((sum, { first, last }) => sum + last - first + 1, 0) <= MOST_PROTOCOLS;
  const single = rows.filter(isOne).flatMap((row) =>
    row.protocols.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, n) => ({
        protocol: first + n,
        row,
        from: isAll(row.sourcePorts) ? 'all' : JSON.stringify(row.sourcePorts),
      })),
    ),
  );
  const kinds = [...gathered(single, ({ protocol, from }) => `${protocol} ${from}`).values()].flatMap((some) => {
    const [{ protocol, row }] = some;
    const { sourcePorts } = row;
    // Rows overlap, and each family has its own: who may at each port is put together anew.
    const edges = new Set(some.flatMap(({ row: { ports } }) => ports.flatMap(({ first, last }) => [first, last + 1])));
    const starts = [...edges].sort((a, b) => a - b);
    const parts = starts.slice(0, -1).flatMap((first, i) => {
      const peers = joined(
        some.flatMap(({ row: one }) => (one.ports.some((range) => range.first <= first && first <= range.last) ? one[side] : [])),
      );
      return peers.length === 0 ? [] : [{ first, last: starts[i + 1]! - 1, peers }];
    });
    return [...gathered(parts, ({ peers }) => keyOf(peers)).values()].map((alike): Kind => ({
      protocol,
      ports: joinedNumbers(alike),
      sourcePorts: isAll(sourcePorts) ? 'all' : sourcePorts,
      peers: alike[0].peers,
    }));
  });
  return { kinds, others: rows.filter((row) => !isOne(row)) };
}

export const keyOf = (ranges: readonly Range[]): string => ranges.map(({ first, last }) => `${first}-${last}`).join();

const isAll = ([only, ...more]: readonly NumberRange[]): boolean => only!.first === 0 && only!.last === ALL_PORTS.last && more.length === 0;

/** Whether a row is of every protocol and port. */
export const isEverything = ({ protocols: [only], ports, sourcePorts }: Row<unknown>): boolean =>
  only!.first === 0 && only!.last === 255 && isAll(ports) && isAll(sourcePorts);

/** More values at once aren't listed one by one. */
const MOST_LISTED = 16;

/** Each number of those ranges that are short. */
export const listed = (ranges: readonly NumberRange[]): readonly number[] =>
  ranges.flatMap(({ first, last }) => (last - first < MOST_LISTED ? Array.from({ length: last - first + 1 }, (_, n) => first + n) : []));

/** As an intent writes ports: `443`, or `[443, '8000-8010']`. */
export function written(ranges: readonly NumberRange[]): number | (number | string)[] {
  const list = ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
  const [only] = list;
  return list.length === 1 && typeof only === 'number' ? only : list;
}

export const hasPort = (ranges: readonly NumberRange[], port: number | undefined): boolean =>
  port !== undefined && ranges.some(({ first, last }) => first <= port && port <= last);

export const apartFromPorts = (ranges: readonly NumberRange[], holes: readonly (number | NumberRange)[]): readonly NumberRange[] =>
  holes.reduce<readonly NumberRange[]>((left, hole) => {
    const { first: from, last: to } = typeof hole === 'number' ? { first: hole, last: hole } : hole;
    return left.flatMap(({ first, last }) =>
      [
        { first, last: Math.min(last, from - 1) },
        { first: Math.max(first, to + 1), last },
      ].filter((one) => one.first <= one.last),
    );
  }, ranges);
