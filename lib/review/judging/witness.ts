import { CLIENTS, CLIENT_PORT } from '../../reachability/client';
import { Row } from '../../reachability/rows';
import { Address, FAMILY_RANGE, rangeOf } from '../../net/address';
import { NumberRange } from '../../net/device';
import { PROTOCOL, Packet } from '../../net/packet';
import { PacketSet } from '../../net/packet-map';
import { isPublic } from '../../net/private';
import { Range, contains, without } from '../../net/range';

/** One packet of a row, such as a client would send if there is one. A row is every combination of what it lists. */
export function witnessOf(row: Row<unknown>, packets: PacketSet): Packet {
  // Private ones are asked by who is near.
  const open = row.destinations.filter(({ first }) => isPublic(first));
  const destination = addressOf(open.length > 0 ? open : row.destinations, row.family);
  const protocol = among(row.protocols, [PROTOCOL.tcp, PROTOCOL.udp]);
  const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  const packet: Packet = {
    source: addressOf(row.sources, row.family, destination),
    destination,
    protocol,
    port: isIcmp ? among(row.ports, [8, 128]) : among(row.ports, [443, 80, 22]),
    sourcePort: isIcmp ? row.sourcePorts[0]!.first : among(row.sourcePorts, [CLIENT_PORT]),
  };
  return packets.at(packet) === undefined ? packets.sample()!.packet : packet;
}

function addressOf(ranges: readonly Range[], family: Row<unknown>['family'], other?: bigint): Address {
  const stranger = CLIENTS.find((address) => address !== other && ranges.some((range) => contains(range, address)));
  if (stranger !== undefined) return stranger;
  const [first] = ranges;
  return firstHost(ranges, family) ?? hostOf(first!, family);
}

/** Addresses that nobody can send to, or from. Source: RFC 6890, RFC 4291. */
const NOBODYS: Readonly<Record<Row<unknown>['family'], readonly Range[]>> = {
  ip: ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].map(rangeOf),
  ip6: ['::/127', 'fe80::/10', 'ff00::/8'].map(rangeOf),
};

/** The first that may be a host of some network. */
function firstHost(ranges: readonly Range[], family: Row<unknown>['family']): Address | undefined {
  for (const range of ranges) {
    for (const left of without([range], NOBODYS[family])) {
      const host = hostOf(left, family);
      if (family === 'ip6' || ![0n, 255n].includes(host & 255n)) return host;
    }
  }
  return undefined;
}

/** The first address of a network is no host, and 0.0.0.0 is nobody. */
function hostOf({ first, last }: Range, family: Row<unknown>['family']): Address {
  const isNetwork = last - first > 1n && (first === FAMILY_RANGE[family].first || (first & 3n) === 0n);
  return (isNetwork ? first + 1n : first) as Address;
}

function among(ranges: readonly NumberRange[], liked: readonly number[]): number {
  const found = liked.find((one) => ranges.some(({ first, last }) => first <= one && one <= last));
  const [{ first, last }] = [ranges[0]!];
  return found ?? (first === 0 && last > 0 ? 1 : first);
}
