// Types of clauses: what a host accepts or drops, in a form between policy and native rule that the generators of
// nftables, iptables and firewalld share. Creates those of sessions, neighbours and allow rules.

import { FAMILY_RANGE, Family } from '../../net/address';
import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { Range, mergeRanges, intersectRanges, isSameRange } from '../../net/range';
import { AllowRule, AllowRules, ServerPolicy } from '../../policy/policy';
import { toRangesKey } from '../allow-rule-keys';

/**
 * One thing that a host lets pass or drops, in a form that all languages of netfilter share. The list that a clause
 * stands in tells its direction; peers are at the other end.
 */
export type Clause =
  | { readonly is: 'loopback' }
  /** Packets of a session; `replies`: only those that answer it. */
  | { readonly is: 'session'; readonly replies: boolean }
  /** ICMP errors about a session. */
  | { readonly is: 'errors'; readonly family: Family; readonly types: readonly number[] }
  /** Neighbour discovery: an IPv6 host falls silent without it. Conntrack doesn't track it. */
  | { readonly is: 'neighbours'; readonly types: readonly number[] }
  | ServiceClause
  | { readonly is: 'inside' | 'blocked'; readonly peers: readonly Range[] }
  /** Packets from the host to its own public addresses, translated to the local ones. */
  | { readonly is: 'own public'; readonly pairs: ServerPolicy['ownPublic'] };

export interface ServiceClause {
  readonly is: 'service';
  readonly peers: 'anywhere' | readonly Range[];
  readonly protocol: number;
  /** Ports; for ICMP, types. */
  readonly ports: 'all' | readonly NumberRange[];
  readonly sourcePorts: 'all' | readonly NumberRange[];
}

/**
 * Returns the clauses for packets that pass because of a session. With `cut` only replies pass: packets in the
 * session's own direction meet the rules each time, so a session ends when its port closes.
 *
 * Of related packets only errors pass: a helper may call any connection related.
 */
export const createSessionClauses = (establishedSessions: 'terminate' | 'keep'): readonly Clause[] => [
  { is: 'session', replies: establishedSessions === 'terminate' },
  // Unreachable, time exceeded, parameter problem; for IPv6 also packet too big.
  { is: 'errors', family: 'ip', types: [3, 11, 12] },
  { is: 'errors', family: 'ip6', types: [1, 2, 3, 4] },
];

/**
 * Neighbour messages that come in, and those that leave. Neighbours' entries expire, and a switch that snoops forgets
 * who listens. Queries, advertisements and solicitations come in; reports and solicitations leave. Source: RFC 4890
 * section 4.4.1; RFC 3810.
 */
export const NEIGHBOURS_IN: Clause = { is: 'neighbours', types: [130, 134, 135, 136] };
export const NEIGHBOURS_OUT: Clause = { is: 'neighbours', types: [131, 132, 133, 135, 136, 143] };

/**
 * Returns the clauses of the allow rules for one destination, in the order in which they have to stand. `inside`:
 * clauses of trusted networks.
 */
export function createAllowClauses(
  { entries, blocked }: AllowRules,
  inside: readonly Clause[] = [],
): readonly Clause[] {
  const createServiceClauses = (management: boolean): readonly Clause[] =>
    mergePorts(entries.filter((entry) => entry.management === management)).map(({ protocol, ports, sources }) => ({
      ...({ is: 'service', sourcePorts: 'all' } as const),
      peers: sources,
      protocol,
      ports,
    }));
  return [
    ...createServiceClauses(true),
    ...(blocked.length === 0 ? [] : [{ is: 'blocked', peers: blocked } as const]),
    ...inside,
    ...createServiceClauses(false),
  ];
}

/** Merges entries that differ only in their ports. */
function mergePorts(entries: readonly AllowRule[]): readonly AllowRule[] {
  const groups = new Map<string, { readonly entry: AllowRule; all: boolean; readonly ports: NumberRange[] }>();
  for (const entry of entries) {
    const key = `${entry.protocol} ${entry.sources === 'anywhere' ? 'anywhere' : toRangesKey(entry.sources)}`;
    const group = groups.get(key) ?? { entry, all: false, ports: [] };
    groups.set(key, group);
    if (entry.ports === 'all') group.all = true;
    else group.ports.push(...entry.ports);
  }
  return [...groups.values()]
    .filter(({ all: isAll, ports }) => isAll || ports.length > 0)
    .map(({ entry, all: isAll, ports }) => ({ ...entry, ports: isAll ? 'all' : ports }));
}

/** The peers that a clause applies to. */
export type ClausePeers = Pick<ServiceClause, 'peers'> & Partial<Pick<ServiceClause, 'protocol'>>;

/** Returns the peers of one address family; undefined if there are none. */
export function selectPeers(
  family: Family,
  { peers, protocol }: ClausePeers,
): 'anywhere' | readonly Range[] | undefined {
  if (protocol === (family === 'ip' ? PROTOCOL.icmpv6 : PROTOCOL.icmp)) return undefined;
  if (peers === 'anywhere') return 'anywhere';
  const familyRange = FAMILY_RANGE[family];
  const ranges = mergeRanges(peers.flatMap((range) => intersectRanges(range, familyRange) ?? []));
  if (ranges.length === 0) return undefined;
  return isSameRange(ranges[0]!, familyRange) ? 'anywhere' : ranges;
}
