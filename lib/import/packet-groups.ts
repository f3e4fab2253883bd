// Groups packets by their peers: all ports of one protocol that the same peers may reach become one group, and later
// one service of a profile. Also tells groups of pings and ICMP errors from others.

import { ReachabilityRow, isAllPorts, toRows } from '../reachability/reachability-rows';
import { mergeNumbers } from '../net/axis-nodes';
import { NumberRange, containsNumber, toNumberRanges } from '../net/device';
import { groupBy } from '../net/group-by';
import { PROTOCOL } from '../net/packet';
import { PacketSet } from '../net/packet-map';
import { Range, mergeRanges, subtractRanges } from '../net/range';
import { expandRange } from './format-ports';

/** Packets of one protocol that have the same peers, with all ports together. Peers may be of both families. */
export interface PacketGroup {
  readonly protocol: number;
  /** Destination ports, or types of ICMP. */
  readonly ports: readonly NumberRange[];
  /** Source ports, or codes of ICMP. */
  readonly sourcePorts: 'all' | readonly NumberRange[];
  /** Sources of arriving packets or destinations of sent ones, ascending and disjoint. */
  readonly peers: readonly Range[];
}

/** A row with more protocols stands for no services, except by the protocols that services have. */
const MAX_PROTOCOLS_PER_ROW = 8;
const SERVICE_PROTOCOLS: readonly number[] = Object.values(PROTOCOL).filter((protocol) => protocol !== PROTOCOL.igmp);

/** Returns the packets in groups, and the rows of the protocols that no service has. */
export function groupPackets(
  packets: PacketSet,
  side: 'sources' | 'destinations',
): { readonly kinds: readonly PacketGroup[]; readonly otherRows: readonly ReachabilityRow<unknown>[] } {
  const rows = toRows(packets).map((row) => {
    const protocols = row.protocols.flatMap(expandRange);
    const groupedProtocols =
      protocols.length <= MAX_PROTOCOLS_PER_ROW
        ? protocols
        : protocols.filter((protocolNumber) => SERVICE_PROTOCOLS.includes(protocolNumber));
    return {
      row,
      groupedProtocols,
      rest: protocols.filter((protocolNumber) => !groupedProtocols.includes(protocolNumber)),
    };
  });
  const protocolRows = rows.flatMap(({ row, groupedProtocols }) =>
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
    otherRows: rows.flatMap(({ row, rest: otherProtocols }) =>
      otherProtocols.length === 0 ? [] : [{ ...row, protocols: mergeNumbers(toNumberRanges(...otherProtocols)) }],
    ),
  };
}

/**
 * Groups the rows of one protocol by peers. The rows overlap and each family has its own, so the peers are collected
 * anew for each piece of ports and of source ports.
 */
function groupProtocolRows(
  protocol: number,
  rows: readonly ReachabilityRow<unknown>[],
  side: 'sources' | 'destinations',
): readonly PacketGroup[] {
  const sourcePieces = splitRanges(rows.flatMap(({ sourcePorts }) => sourcePorts));
  const pieces = splitRanges(rows.flatMap(({ ports }) => ports)).flatMap((port) => {
    const matchingRows = rows.filter(({ ports }) => hasPort(ports, port.first));
    const peersBySource = sourcePieces.map((sourcePiece) => ({
      sourcePiece,
      peers: mergeRanges(
        matchingRows.filter(({ sourcePorts }) => hasPort(sourcePorts, sourcePiece.first)).flatMap((row) => row[side]),
      ),
    }));
    // No peer is allowed from source ports in gaps between the pieces.
    const commonPeers = isAllPorts(mergeNumbers(sourcePieces))
      ? peersBySource.map(({ peers }) => peers).reduce(intersectRanges)
      : [];
    const remainingPieces = peersBySource.map(({ sourcePiece, peers }) => ({
      port,
      sourcePiece,
      peers: subtractRanges(peers, commonPeers),
    }));
    return [{ port, sourcePiece: undefined, peers: commonPeers }, ...remainingPieces].filter(
      ({ peers }) => peers.length > 0,
    );
  });
  return [...groupBy(pieces, ({ sourcePiece, peers }) => `${sourcePiece?.first} ${encodeRanges(peers)}`).values()].map(
    (samePeerPieces): PacketGroup => {
      const [{ sourcePiece, peers }] = samePeerPieces;
      return {
        protocol,
        ports: mergeNumbers(samePeerPieces.map(({ port }) => port)),
        sourcePorts: sourcePiece ? [sourcePiece] : 'all',
        peers,
      };
    },
  );
}

/** Splits ranges into pieces within which none of them begins or ends. */
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

/** Longer ranges aren't listed value by value. */
const MAX_LISTED_NUMBERS = 16;

/** Returns each number of the ranges, or undefined if a range is too long for that. */
export const listNumbers = (ranges: readonly NumberRange[]): readonly number[] | undefined =>
  ranges.some(({ first, last }) => last - first >= MAX_LISTED_NUMBERS) ? undefined : ranges.flatMap(expandRange);

export const hasPort = (ranges: readonly NumberRange[], port: number | undefined): boolean =>
  port !== undefined && containsNumber(ranges, port);

/** The type of an echo request, by protocol. */
export const ECHO_REQUEST_TYPES: Readonly<Record<number, number>> = { [PROTOCOL.icmp]: 8, [PROTOCOL.icmpv6]: 128 };
export const isIcmp = ({ protocol }: PacketGroup): boolean => ECHO_REQUEST_TYPES[protocol] !== undefined;
export const isPing = ({ protocol, ports }: PacketGroup): boolean => hasPort(ports, ECHO_REQUEST_TYPES[protocol]);
/** Types of ICMP errors, by protocol. No session begins with an error, and errors about a session pass with it. */
export const ICMP_ERROR_TYPES: Readonly<Record<number, readonly number[]>> = {
  [PROTOCOL.icmp]: [3, 11, 12],
  [PROTOCOL.icmpv6]: [1, 2, 3, 4],
};
