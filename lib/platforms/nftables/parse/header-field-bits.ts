// Finds the header bits that a comparison of an nftables rule looks at. `join-adjacent-tests.ts` joins comparisons of
// neighbouring bits, as nft 1.0.6 does.

import { NftTest } from './syntax-tree';
import { parseAddressRange } from '../../../parse/netfilter/parse-values';

/** The place of a comparison: bits from the start of a header in that layer. */
export interface HeaderField {
  readonly layer: string;
  readonly from: number;
  readonly length: number;
}

/** Fields of whole bytes, each with its first bit and its number of bits. Source: `nft describe`, 1.0.6. */
const HEADER_LAYOUTS: Readonly<Record<string, readonly [layer: string, fields: string]>> = {
  ether: ['ll', 'daddr 0 48, saddr 48 48, type 96 16'],
  ip: [
    'nh',
    'length 16 16, id 32 16, frag-off 48 16, ttl 64 8, protocol 72 8, checksum 80 16, saddr 96 32, daddr 128 32',
  ],
  ip6: ['nh', 'length 32 16, nexthdr 48 8, hoplimit 56 8, saddr 64 128, daddr 192 128'],
  th: ['th', 'sport 0 16, dport 16 16'],
  tcp: [
    'th',
    'sport 0 16, dport 16 16, sequence 32 32, ackseq 64 32, flags 104 8, window 112 16, checksum 128 16, urgptr 144 16',
  ],
  udp: ['th', 'sport 0 16, dport 16 16, length 32 16, checksum 48 16'],
  udplite: ['th', 'sport 0 16, dport 16 16, csumcov 32 16, checksum 48 16'],
  sctp: ['th', 'sport 0 16, dport 16 16, vtag 32 32'],
  dccp: ['th', 'sport 0 16, dport 16 16'],
  icmp: ['th', 'type 0 8, code 8 8, checksum 16 16, id 32 16, sequence 48 16, gateway 32 32, mtu 48 16'],
  icmpv6: ['th', 'type 0 8, code 8 8, checksum 16 16, id 32 16, sequence 48 16, mtu 32 32, max-delay 32 16'],
  igmp: ['th', 'type 0 8, mrt 8 8, checksum 16 16, group 32 32'],
  comp: ['th', 'nexthdr 0 8, flags 8 8, cpi 16 16'],
  ah: ['th', 'nexthdr 0 8, hdrlength 8 8, reserved 16 16, spi 32 32'],
};

const HEADER_FIELDS: ReadonlyMap<string, HeaderField> = new Map(
  Object.entries(HEADER_LAYOUTS).flatMap(([head, [layer, fields]]) =>
    fields.split(', ').map((field): [string, HeaderField] => {
      const [name, firstBit, bitCount] = field.split(' ');
      return [`${head} ${name}`, { layer, from: Number(firstBit), length: Number(bitCount) }];
    }),
  ),
);

/**
 * Returns the compared bits of a header. Returns undefined unless they are whole bytes. For a network of whole bytes
 * only those are compared.
 */
export function findHeaderField({ fields: [name = ''] }: NftTest, value: string): HeaderField | undefined {
  const [, layer, firstBit, bitCount] = /^@(ll|nh|th),(\d+),(\d+)$/.exec(name) ?? [];
  if (layer !== undefined) return { layer, from: Number(firstBit), length: Number(bitCount) };
  const headerField = HEADER_FIELDS.get(name);
  const comparedBits =
    / [sd]addr$/.test(name) && parseAddressRange(value)
      ? Number(value.split('/')[1] ?? headerField?.length)
      : headerField?.length;
  return headerField && comparedBits !== undefined && comparedBits % 8 === 0
    ? { ...headerField, length: comparedBits }
    : undefined;
}
