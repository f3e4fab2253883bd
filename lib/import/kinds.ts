import { Row, isAllPorts, rowsOf } from '../reachability/rows';
import { joinedNumbers } from '../net/axes';
import { NumberRange, holdsNumber, points } from '../net/device';
import { groupBy } from '../net/group-by';
import { PROTOCOL } from '../net/packet';
import { PacketSet } from '../net/packet-map';
import { Range, joined, without } from '../net/range';
import { each } from './written';

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

/** More protocols at once are no services, but for those that services have. */
const MOST_PROTOCOLS = 8;
const OF_SERVICES: readonly number[] = Object.values(PROTOCOL).filter((one) => one !== PROTOCOL.igmp);

/** What packets there are, by kind; and the rows of all the protocols that no service has. */
export function kindsOf(
  packets: PacketSet,
  side: 'sources' | 'destinations',
): { readonly kinds: readonly Kind[]; readonly others: readonly Row<unknown>[] } {
  const rows = rowsOf(packets).map((row) => {
    const protocols = row.protocols.flatMap(each);
    const own = protocols.length <= MOST_PROTOCOLS ? protocols : protocols.filter((one) => OF_SERVICES.includes(one));
    return { row, own, rest: protocols.filter((one) => !own.includes(one)) };
  });
  const single = rows.flatMap(({ row, own }) => own.map((protocol) => ({ protocol, row })));
  const kinds = [...groupBy(single, ({ protocol }) => protocol).values()].flatMap((some) =>
    kindsOfProtocol(
      some[0].protocol,
      some.map(({ row }) => row),
      side,
    ),
  );
  return {
    kinds,
    others: rows.flatMap(({ row, rest }) =>
      rest.length === 0 ? [] : [{ ...row, protocols: joinedNumbers(points(...rest)) }],
    ),
  };
}

/** Rows overlap, and each family has its own: who may at each port, and from each, is put together anew. */
function kindsOfProtocol(
  protocol: number,
  rows: readonly Row<unknown>[],
  side: 'sources' | 'destinations',
): readonly Kind[] {
  const from = piecesOf(rows.flatMap(({ sourcePorts }) => sourcePorts));
  const parts = piecesOf(rows.flatMap(({ ports }) => ports)).flatMap((port) => {
    const at = rows.filter(({ ports }) => hasPort(ports, port.first));
    const each = from.map((one) => ({
      one,
      peers: joined(at.filter(({ sourcePorts }) => hasPort(sourcePorts, one.first)).flatMap((row) => row[side])),
    }));
    // From gaps between the pieces nobody may.
    const always = isAllPorts(joinedNumbers(from)) ? each.map(({ peers }) => peers).reduce(common) : [];
    const some = each.map(({ one, peers }) => ({ port, one, peers: without(peers, always) }));
    return [{ port, one: undefined, peers: always }, ...some].filter(({ peers }) => peers.length > 0);
  });
  return [...groupBy(parts, ({ one, peers }) => `${one?.first} ${keyOf(peers)}`).values()].map((alike): Kind => {
    const [{ one, peers }] = alike;
    return { protocol, ports: joinedNumbers(alike.map(({ port }) => port)), sourcePorts: one ? [one] : 'all', peers };
  });
}

/** Stretches within which none of the ranges begins or ends. */
function piecesOf(ranges: readonly NumberRange[]): readonly NumberRange[] {
  const starts = [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
  return starts
    .slice(0, -1)
    .map((first, i) => ({ first, last: starts[i + 1]! - 1 }))
    .filter(({ first }) => hasPort(ranges, first));
}

const common = (a: readonly Range[], b: readonly Range[]): readonly Range[] => without(a, without(a, b));

const keyOf = (ranges: readonly Range[]): string => ranges.map(({ first, last }) => `${first}-${last}`).join();

/** More values at once aren't listed one by one. */
const MOST_LISTED = 16;

/** Each number; undefined where a range of them is too long for that. */
export const listed = (ranges: readonly NumberRange[]): readonly number[] | undefined =>
  ranges.some(({ first, last }) => last - first >= MOST_LISTED) ? undefined : ranges.flatMap(each);

export const hasPort = (ranges: readonly NumberRange[], port: number | undefined): boolean =>
  port !== undefined && holdsNumber(ranges, port);

/** The type of an echo request. */
export const ECHO: Readonly<Record<number, number>> = { [PROTOCOL.icmp]: 8, [PROTOCOL.icmpv6]: 128 };
export const isIcmp = ({ protocol }: Kind): boolean => ECHO[protocol] !== undefined;
export const isPing = ({ protocol, ports }: Kind): boolean => hasPort(ports, ECHO[protocol]);
/** Errors, by their types: no session begins with one, and with a session they pass. */
export const ERRORS: Readonly<Record<number, readonly number[]>> = {
  [PROTOCOL.icmp]: [3, 11, 12],
  [PROTOCOL.icmpv6]: [1, 2, 3, 4],
};
