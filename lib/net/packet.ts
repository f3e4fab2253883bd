// Types of packets and of blocks of packets (addresses, protocol, ports) and of moves of addresses by NAT, with IANA's
// protocol numbers.

import { Address, Family } from './address';
import { NumberRange } from './device';
import { Range } from './range';

/** IANA protocol numbers that this code names. */
export const PROTOCOL = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
} as const;

/** Protocols whose packets have ports. Source: nft(8), "th" expressions; IANA. */
export const PROTOCOLS_WITH_PORTS: readonly number[] = [
  PROTOCOL.tcp,
  PROTOCOL.udp,
  PROTOCOL.dccp,
  PROTOCOL.sctp,
  PROTOCOL.udplite,
];

export const ALL_PORTS: NumberRange = { first: 0, last: 65_535 };

/** The first packet of a connection. Both addresses are of one family. */
export interface Packet {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  /** Destination port, or the type of an ICMP packet; 0 where the protocol has neither. */
  readonly port: number;
  /** Source port, or the code of an ICMP packet. */
  readonly sourcePort: number;
  /** Destination before translation. Default: the destination. */
  readonly originalDestination?: Address;
  /** Port before translation. Default: the port. */
  readonly originalPort?: number;
}

/** Packets whose every named axis lies in one of its ranges. An axis that isn't named may have any value. */
export interface PacketBlock {
  readonly destination?: readonly Range[];
  readonly originalDestination?: readonly Range[];
  readonly source?: readonly Range[];
  readonly protocol?: readonly NumberRange[];
  readonly originalPort?: readonly NumberRange[];
  /** Ports or ICMP types; name the protocols, too. */
  readonly port?: readonly NumberRange[];
  readonly sourcePort?: readonly NumberRange[];
  /** Default: both families, or the family of its addresses. */
  readonly family?: Family;
}

/** A block without alternatives, and its value. All ranges are present. */
export interface PacketCell<V> {
  readonly family: Family;
  readonly destination: Range;
  readonly originalDestination: Range;
  readonly source: Range;
  readonly protocol: NumberRange;
  readonly originalPort: NumberRange;
  readonly port: NumberRange;
  readonly sourcePort: NumberRange;
  readonly value: V;
}

/** Returns the first packet of a cell, untranslated: its original destination is its destination. */
export const getFirstPacket = ({ source, destination, protocol, port, sourcePort }: PacketCell<unknown>): Packet => ({
  source: source.first as Address,
  destination: destination.first as Address,
  protocol: protocol.first,
  port: port.first,
  sourcePort: sourcePort.first,
});

/** A move of addresses: `from` and `to` have the same size, or `to` is a single address. */
export interface AddressMove {
  readonly from: Range;
  readonly to: Range;
}
