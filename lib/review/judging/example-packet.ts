// Picks the example packet of a row of a review, preferably one as a client sends it.

import { CLIENT_ADDRESSES, CLIENT_PORT } from '../../reachability/client-packet';
import { ReachabilityRow } from '../../reachability/reachability-rows';
import { Address, FAMILY_RANGE, parseRange } from '../../net/address';
import { NumberRange } from '../../net/device';
import { PROTOCOL, Packet } from '../../net/packet';
import { PacketSet } from '../../net/packet-map';
import { isPublic } from '../../net/private-networks';
import { Range, contains, subtractRanges } from '../../net/range';

/**
 * Returns one packet of a row, if possible one that a client would send. A row is every combination of the values that
 * it lists.
 */
export function pickExamplePacket(row: ReachabilityRow<unknown>, packets: PacketSet): Packet {
  // Only hosts nearby send to private addresses, so a public destination comes first.
  const publicRanges = row.destinations.filter(({ first }) => isPublic(first));
  const destination = pickAddress(publicRanges.length > 0 ? publicRanges : row.destinations, row.family);
  const protocol = pickNumber(row.protocols, [PROTOCOL.tcp, PROTOCOL.udp]);
  const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  const packet: Packet = {
    source: pickAddress(row.sources, row.family, destination),
    destination,
    protocol,
    port: isIcmp ? pickNumber(row.ports, [8, 128]) : pickNumber(row.ports, [443, 80, 22]),
    sourcePort: isIcmp ? row.sourcePorts[0]!.first : pickNumber(row.sourcePorts, [CLIENT_PORT]),
  };
  return packets.findValue(packet) === undefined ? packets.pickPacket()!.packet : packet;
}

function pickAddress(
  ranges: readonly Range[],
  family: ReachabilityRow<unknown>['family'],
  otherAddress?: bigint,
): Address {
  const clientAddress = CLIENT_ADDRESSES.find(
    (address) => address !== otherAddress && ranges.some((range) => contains(range, address)),
  );
  if (clientAddress !== undefined) return clientAddress;
  const [firstRange] = ranges;
  return findFirstHost(ranges, family) ?? toHost(firstRange!, family);
}

/** Addresses that no host can send to or from. Source: RFC 6890, RFC 4291. */
const UNUSABLE_RANGES: Readonly<Record<ReachabilityRow<unknown>['family'], readonly Range[]>> = {
  ip: ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].map(parseRange),
  ip6: ['::/127', 'fe80::/10', 'ff00::/8'].map(parseRange),
};

/** Returns the first address that may be a host of some network. */
function findFirstHost(ranges: readonly Range[], family: ReachabilityRow<unknown>['family']): Address | undefined {
  for (const range of ranges) {
    for (const usableRange of subtractRanges([range], UNUSABLE_RANGES[family])) {
      const host = toHost(usableRange, family);
      if (family === 'ip6' || ![0n, 255n].includes(host & 255n)) return host;
    }
  }
  return undefined;
}

/** Returns a host address: the first address of a network is no host, and neither is 0.0.0.0. */
function toHost({ first, last }: Range, family: ReachabilityRow<unknown>['family']): Address {
  const isNetwork = last - first > 1n && (first === FAMILY_RANGE[family].first || (first & 3n) === 0n);
  return (isNetwork ? first + 1n : first) as Address;
}

function pickNumber(ranges: readonly NumberRange[], preferredNumbers: readonly number[]): number {
  const preferredNumber = preferredNumbers.find((number) =>
    ranges.some(({ first, last }) => first <= number && number <= last),
  );
  const [{ first, last }] = [ranges[0]!];
  return preferredNumber ?? (first === 0 && last > 0 ? 1 : first);
}
