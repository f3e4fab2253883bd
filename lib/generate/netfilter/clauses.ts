import { FAMILY_RANGE, Family } from '../../net/address';
import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { Range, joined, overlap, sameRange } from '../../net/range';
import { Opening, Openings, ServerPolicy } from '../../policy/policy';
import { rangesKey } from '../openings';

/**
 * One thing that a host lets pass, or keeps out, before a language of netfilter says it in rules: the same in all of them. Which way it goes
 * the list says that it stands in; peers are at the other end.
 */
export type Clause =
  | { readonly is: 'loopback' }
  /** Packets of a session; `replies`: those alone that answer it. */
  | { readonly is: 'session'; readonly replies: boolean }
  /** Errors about a session. */
  | { readonly is: 'errors'; readonly family: Family; readonly types: readonly number[] }
  /** Without these an IPv6 host falls silent. Conntrack doesn't track them. */
  | { readonly is: 'neighbours'; readonly types: readonly number[] }
  | Service
  | { readonly is: 'inside' | 'blocked'; readonly peers: readonly Range[] }
  /** What the host sends to its own public addresses, on its way to the local ones. */
  | { readonly is: 'own public'; readonly pairs: ServerPolicy['ownPublic'] };

export interface Service {
  readonly is: 'service';
  readonly peers: 'anywhere' | readonly Range[];
  readonly protocol: number;
  /** Types of an ICMP. */
  readonly ports: 'all' | readonly NumberRange[];
  readonly sourcePorts: 'all' | readonly NumberRange[];
}

/**
 * What passes because of a session. With `cut` only replies do: packets in the session's own direction meet the rules each time,
 * and that is what ends it when its port closes.
 *
 * Of what is related nothing passes but errors: a helper may call any connection related.
 */
export const sessionClauses = (whenClosed: 'cut' | 'finish'): readonly Clause[] => [
  { is: 'session', replies: whenClosed === 'cut' },
  // Unreachable, time exceeded, parameter problem; of IPv6 packet too big, too.
  { is: 'errors', family: 'ip', types: [3, 11, 12] },
  { is: 'errors', family: 'ip6', types: [1, 2, 3, 4] },
];

/**
 * Neighbours' entries expire, and a switch that snoops forgets who listens. Queries, advertisements and solicitations come in; reports and
 * solicitations leave. Source: RFC 4890 section 4.4.1; RFC 3810.
 */
export const NEIGHBOURS_IN: Clause = { is: 'neighbours', types: [130, 134, 135, 136] };
export const NEIGHBOURS_OUT: Clause = { is: 'neighbours', types: [131, 132, 133, 135, 136, 143] };

/** What is opened to one destination, in the order in which it has to stand. `inside`: what isn't ours to close. */
export function openingClauses({ entries, blocked }: Openings, inside: readonly Clause[] = []): readonly Clause[] {
  const opened = (management: boolean): readonly Clause[] =>
    merged(entries.filter((entry) => entry.management === management)).map(({ protocol, ports, sources }) => ({
      ...({ is: 'service', sourcePorts: 'all' } as const),
      peers: sources,
      protocol,
      ports,
    }));
  return [
    ...opened(true),
    ...(blocked.length === 0 ? [] : [{ is: 'blocked', peers: blocked } as const]),
    ...inside,
    ...opened(false),
  ];
}

/** Entries that differ in their ports only become one. */
function merged(entries: readonly Opening[]): readonly Opening[] {
  const byRest = new Map<string, { readonly entry: Opening; all: boolean; readonly ports: NumberRange[] }>();
  for (const entry of entries) {
    const key = `${entry.protocol} ${entry.sources === 'anywhere' ? 'anywhere' : rangesKey(entry.sources)}`;
    const same = byRest.get(key) ?? { entry, all: false, ports: [] };
    byRest.set(key, same);
    if (entry.ports === 'all') same.all = true;
    else same.ports.push(...entry.ports);
  }
  return [...byRest.values()]
    .filter(({ all, ports }) => all || ports.length > 0)
    .map(({ entry, all, ports }) => ({ ...entry, ports: all ? 'all' : ports }));
}

/** Whom a clause is for. */
export type Peers = Pick<Service, 'peers'> & Partial<Pick<Service, 'protocol'>>;

/** Those of a family; undefined where nobody can be. */
export function peersIn(family: Family, { peers, protocol }: Peers): 'anywhere' | readonly Range[] | undefined {
  if (protocol === (family === 'ip' ? PROTOCOL.icmpv6 : PROTOCOL.icmp)) return undefined;
  if (peers === 'anywhere') return 'anywhere';
  const whole = FAMILY_RANGE[family];
  const ranges = joined(peers.flatMap((range) => overlap(range, whole) ?? []));
  if (ranges.length === 0) return undefined;
  return sameRange(ranges[0]!, whole) ? 'anywhere' : ranges;
}
