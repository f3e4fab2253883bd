import { PROTOCOL } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Fact } from './fields';
import { TextFacts } from './ruleset';

/** What is known of a packet in one hook besides its header. `undefined` interfaces are unclear, '' is none. */
export interface Context {
  readonly hook: string;
  readonly iif: string | undefined;
  readonly oif: string | undefined;
  /** Whether connection tracking has seen it: not yet, as a new connection, or told not to. */
  readonly ct: 'none' | 'new' | 'untracked' | 'unclear';
  readonly dnat: boolean;
  readonly snat: boolean | 'unclear';
  /** It was made on the device, whose processes may set marks. */
  readonly own: boolean;
}

/**
 * Neighbour discovery and multicast listeners of IPv6: connection tracking leaves them alone, so they are neither new
 * nor translated. Source: noct_valid_new in nf_conntrack_proto_icmpv6.c. ICMP errors and answers to nothing, which it
 * calls invalid, start no connection: what is said here of their protocol is said of its requests.
 */
export const UNTRACKED_ICMPV6 = [130, 131, 132, 133, 134, 135, 136, 143];

export const LEFT_ALONE: PacketSet = PacketMap.set({
  family: 'ip6',
  protocol: [{ first: PROTOCOL.icmpv6, last: PROTOCOL.icmpv6 }],
  port: UNTRACKED_ICMPV6.map((type) => ({ first: type, last: type })),
});
export const TRACKED = PacketMap.ALL.apartFrom(LEFT_ALONE);

export const STATE = { invalid: 1, related: 4, new: 8, untracked: 64 } as const;

/** The values that a fact may have for a packet that starts a connection. */
export function valuesOfFact(fact: Exclude<Fact, 'state'>, context: Context, facts: TextFacts): readonly number[] | undefined {
  switch (fact) {
    case 'status': {
      const known = (context.dnat ? 32 : 0) | (context.snat === true ? 16 : 0);
      const seen = [known, known | 256, known | 128 | 256];
      return context.snat === 'unclear' ? [...seen, ...seen.map((bits) => bits | 16)] : seen;
    }
    case 'direction':
      return [0];
    case 'mark':
      return facts.marks || context.own ? undefined : [0];
    case 'ct mark':
      return facts.marks ? undefined : [0];
    case 'tcp flags':
      // A first segment is SYN, with or without the bits that offer congestion notification.
      return [0x02, 0xc2];
    case 'fragment':
      return [0, 0x4000];
    case 'packet type':
      return context.own ? undefined : [0];
    case 'absent':
      return [0];
  }
}
