import { Family } from '../../../net/address';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../../net/packet';

type NumberWords = 'protocol' | 'port' | 'icmp' | 'icmpv6' | 'icmp code' | 'icmpv6 code' | 'none';

/** What a field of a rule looks at, and what has to hold for it to be there at all. */
export interface Field {
  readonly name: string;
  readonly looksAt:
    | { readonly is: 'address'; readonly axis: 'source' | 'destination' | 'originalDestination' }
    | {
        readonly is: 'number';
        readonly axis: 'protocol' | 'port' | 'sourcePort' | 'originalPort';
        readonly words: NumberWords;
      }
    | { readonly is: 'family'; readonly words: 'family' | 'ethertype' }
    | { readonly is: 'interface'; readonly side: 'in' | 'out' }
    /** One number out of few, by what is known of a first packet. */
    | { readonly is: 'fact'; readonly fact: Fact; readonly words: string }
    | { readonly is: 'routed'; readonly axis: 'source' | 'destination' }
    | { readonly is: 'returns' }
    | { readonly is: 'unmodelled' };
  readonly family?: Family;
  /** Only packets of these protocols have it. */
  readonly protocols?: readonly number[];
  /** Packets of other protocols have something else in its place, so that it may match. */
  readonly blind?: boolean;
  /** Only packets that the connection tracking knows have it. */
  readonly tracked?: boolean;
}

export type Fact = 'state' | 'status' | 'direction' | 'mark' | 'ct mark' | 'set mark' | 'tcp flags' | 'fragment' | 'packet type' | 'absent';

const known = new Map<string, Field>();
const add = (name: string, looksAt: Field['looksAt'], rest: Partial<Field> = {}): void => void known.set(name, { name, looksAt, ...rest });
const number = (axis: 'protocol' | 'port' | 'sourcePort' | 'originalPort', words: NumberWords) => ({ is: 'number', axis, words }) as const;
const fact = (name: Fact, words: string) => ({ is: 'fact', fact: name, words }) as const;

for (const [head, family] of [
  ['ip', 'ip'],
  ['ip6', 'ip6'],
] as const) {
  add(`${head} saddr`, { is: 'address', axis: 'source' }, { family });
  add(`${head} daddr`, { is: 'address', axis: 'destination' }, { family });
  add(`ct original ${head} daddr`, { is: 'address', axis: 'originalDestination' }, { family, tracked: true });
}
for (const [head, protocol] of Object.entries({
  tcp: PROTOCOL.tcp,
  udp: PROTOCOL.udp,
  sctp: PROTOCOL.sctp,
  dccp: PROTOCOL.dccp,
  udplite: PROTOCOL.udplite,
})) {
  add(`${head} dport`, number('port', 'port'), { protocols: [protocol] });
  add(`${head} sport`, number('sourcePort', 'port'), { protocols: [protocol] });
}
add('th dport', number('port', 'port'), { protocols: PROTOCOLS_WITH_PORTS, blind: true });
add('th sport', number('sourcePort', 'port'), { protocols: PROTOCOLS_WITH_PORTS, blind: true });
add('icmp type', number('port', 'icmp'), { family: 'ip', protocols: [PROTOCOL.icmp] });
add('icmp code', number('sourcePort', 'icmp code'), { family: 'ip', protocols: [PROTOCOL.icmp] });
add('icmpv6 type', number('port', 'icmpv6'), { family: 'ip6', protocols: [PROTOCOL.icmpv6] });
add('icmpv6 code', number('sourcePort', 'icmpv6 code'), { family: 'ip6', protocols: [PROTOCOL.icmpv6] });
add('meta l4proto', number('protocol', 'protocol'));
add('ip protocol', number('protocol', 'protocol'), { family: 'ip' });
add('meta nfproto', { is: 'family', words: 'family' });
add('meta protocol', { is: 'family', words: 'ethertype' });
add('ct l3proto', { is: 'family', words: 'family' }, { tracked: true });
for (const [name, side] of [
  ['iif', 'in'],
  ['iifname', 'in'],
  ['oif', 'out'],
  ['oifname', 'out'],
] as const)
  add(`meta ${name}`, { is: 'interface', side });
add('ct state', fact('state', 'state'));
add('ct status', fact('status', 'status'), { tracked: true });
add('ct direction', fact('direction', 'direction'), { tracked: true });
add('ct mark', fact('ct mark', 'none'), { tracked: true });
add('ct original proto-dst', number('originalPort', 'port'), { tracked: true, protocols: PROTOCOLS_WITH_PORTS, blind: true });
add('ct protocol', number('protocol', 'protocol'), { tracked: true });
add('ct original protocol', number('protocol', 'protocol'), { tracked: true });
add('meta mark', fact('mark', 'none'));
add('meta pkttype', fact('packet type', 'packet'));
add('tcp flags', fact('tcp flags', 'tcp'), { protocols: [PROTOCOL.tcp] });
add('ip frag-off', fact('fragment', 'none'), { family: 'ip' });
add('exthdr frag', fact('absent', 'presence'), { family: 'ip6' });
add('fib daddr type', { is: 'routed', axis: 'destination' });
add('fib saddr type', { is: 'routed', axis: 'source' });
add('fib saddr.iif oif', { is: 'returns' });
add('fib saddr.mark.iif oif', { is: 'returns' });
add('fib saddr.iif oifname', { is: 'returns' });

/** The field of that name; `table` gives `ct original daddr` of old texts its family. */
export function fieldNamed(name: string, table: string): Field {
  const old = /^ct original daddr$/.test(name) && (table === 'ip' || table === 'ip6') ? `ct original ${table} daddr` : name;
  return (
    known.get(old) ?? {
      name,
      looksAt: { is: 'unmodelled' },
      ...(/^ip6 /.test(name) ? { family: 'ip6' } : /^ip /.test(name) ? { family: 'ip' } : {}),
    }
  );
}

/** Of fields whose values nobody here knows: whether packets of their family have them at all. */
export const isSurelyThere = ({ name, looksAt }: Field): boolean =>
  looksAt.is !== 'unmodelled' ||
  /^ip6? [a-z-]+$/.test(name) ||
  /^meta (mark|priority|length|protocol|nftrace|cpu|random|time|day|hour)$/.test(name);
