import { ReachabilityRow, isAllPorts, toRows } from '../reachability/reachability-rows';
import { mergeNumbers } from '../net/axis-nodes';
import { NumberRange, containsNumber, toNumberRanges } from '../net/device';
import { groupBy } from '../net/group-by';
import { PROTOCOL } from '../net/packet';
import { PacketSet } from '../net/packet-map';
import { Range, mergeRanges, subtractRanges } from '../net/range';
import { expandRange } from './format-ports';

/** Packets of one protocol that have the same peers, of both families: the ports of all of them together. */
export interface PacketGroup {
  readonly protocol: number;
  /** Or types of ICMP. */
  readonly ports: readonly NumberRange[];
  /** Or codes of ICMP. */
  readonly sourcePorts: 'all' | readonly NumberRange[];
  /** Ascending, disjoint: sources of what comes, destinations of what is sent. */
  readonly peers: readonly Range[];
}

/** More protocols at once are no services, but for those that services have. */
const MAX_PROTOCOLS_PER_ROW = 8;
const SERVICE_PROTOCOLS: readonly number[] = Object.values(PROTOCOL).filter((protocol) => protocol !== PROTOCOL.igmp);

/** What packets there are, by kind; and the rows of all the protocols that no service has. */
export function groupPackets(
  packets: PacketSet,
  side: 'sources' | 'destinations',
): { readonly kinds: readonly PacketGroup[]; readonly others: readonly ReachabilityRow<unknown>[] } {
  const rows = toRows(packets).map((row) => {
    const protocols = row.protocols.flatMap(expandRange);
    const groupedProtocols =
      protocols.length <= MAX_PROTOCOLS_PER_ROW
        ? protocols
        : protocols.filter((protocolNumber) => SERVICE_PROTOCOLS.includes(protocolNumber));
    return {
      row,
      own: groupedProtocols,
      rest: protocols.filter((protocolNumber) => !groupedProtocols.includes(protocolNumber)),
    };
  });
  const protocolRows = rows.flatMap(({ row, own: groupedProtocols }) =>
    groupedProtocols.map((protocol) => ({ protocol, row })),
  );
  const groups = [...groupBy(protocolRows, ({ protocol }) => protocol).values()].flatMap((sameProtocolRows) =>
    groupProtocolRows(
      sameProtocolRows[0].protocol,
      sameProtocolRows.map(({ row }) => row),
      side,
    ),
  );
  return {
    kinds: groups,
    others: rows.flatMap(({ row, rest: otherProtocols }) =>
      otherProtocols.length === 0 ? [] : [{ ...row, protocols: mergeNumbers(toNumberRanges(...otherProtocols)) }],
    ),
  };
}

/** Rows overlap, and each family has its own: who may at each port, and from each, is put together anew. */
function groupProtocolRows(
  protocol: number,
  rows: readonly ReachabilityRow<unknown>[],
  side: 'sources' | 'destinations',
): readonly PacketGroup[] {
  const sourcePieces = splitRanges(rows.flatMap(({ sourcePorts }) => sourcePorts));
  const pieces = splitRanges(rows.flatMap(({ ports }) => ports)).flatMap((port) => {
    const matchingRows = rows.filter(({ ports }) => hasPort(ports, port.first));
    const peersBySource = sourcePieces.map((sourcePiece) => ({
      one: sourcePiece,
      peers: mergeRanges(
        matchingRows.filter(({ sourcePorts }) => hasPort(sourcePorts, sourcePiece.first)).flatMap((row) => row[side]),
      ),
    }));
    // From gaps between the pieces nobody may.
    const commonPeers = isAllPorts(mergeNumbers(sourcePieces))
      ? peersBySource.map(({ peers }) => peers).reduce(intersectRanges)
      : [];
    const remainingPieces = peersBySource.map(({ one: sourcePiece, peers }) => ({
      port,
      one: sourcePiece,
      peers: subtractRanges(peers, commonPeers),
    }));
    return [{ port, one: undefined, peers: commonPeers }, ...remainingPieces].filter(({ peers }) => peers.length > 0);
  });
  return [
    ...groupBy(pieces, ({ one: sourcePiece, peers }) => `${sourcePiece?.first} ${encodeRanges(peers)}`).values(),
  ].map((samePeerPieces): PacketGroup => {
    const [{ one: sourcePiece, peers }] = samePeerPieces;
    return {
      protocol,
      ports: mergeNumbers(samePeerPieces.map(({ port }) => port)),
      sourcePorts: sourcePiece ? [sourcePiece] : 'all',
      peers,
    };
  });
}

/** Stretches within which none of the ranges begins or ends. */
function splitRanges(ranges: readonly NumberRange[]): readonly NumberRange[] {
  const starts = [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
  return starts
    .slice(0, -1)
    .map((first, i) => ({ first, last: starts[i + 1]! - 1 }))
    .filter(({ first }) => hasPort(ranges, first));
}

const intersectRanges = (a: readonly Range[], b: readonly Range[]): readonly Range[] =>
  subtractRanges(a, subtractRanges(a, b));

const encodeRanges = (ranges: readonly Range[]): string => ranges.map(({ first, last }) => `${first}-${last}`).join();

/** More values at once aren't listed one by one. */
const MAX_LISTED_NUMBERS = 16;

/** Each number; undefined where a range of them is too long for that. */
export const listNumbers = (ranges: readonly NumberRange[]): readonly number[] | undefined =>
  ranges.some(({ first, last }) => last - first >= MAX_LISTED_NUMBERS) ? undefined : ranges.flatMap(expandRange);

export const hasPort = (ranges: readonly NumberRange[], port: number | undefined): boolean =>
  port !== undefined && containsNumber(ranges, port);

/** The type of an echo request. */
export const ECHO_REQUEST_TYPES: Readonly<Record<number, number>> = { [PROTOCOL.icmp]: 8, [PROTOCOL.icmpv6]: 128 };
export const isIcmp = ({ protocol }: PacketGroup): boolean => ECHO_REQUEST_TYPES[protocol] !== undefined;
export const isPing = ({ protocol, ports }: PacketGroup): boolean => hasPort(ports, ECHO_REQUEST_TYPES[protocol]);
/** Errors, by their types: no session begins with one, and with a session they pass. */
export const ICMP_ERROR_TYPES: Readonly<Record<number, readonly number[]>> = {
  [PROTOCOL.icmp]: [3, 11, 12],
  [PROTOCOL.icmpv6]: [1, 2, 3, 4],
};
