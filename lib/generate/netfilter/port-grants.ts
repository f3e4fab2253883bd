// Converts a server's allow rules to port grants: ports and the peers that may use them. The generators of csf and APF
// need them, because these programs have one list of ports for all peers, and a line for each named peer.

import { Family } from '../../net/address';
import { mergeNumbers, subtractNumbers } from '../../net/axis-nodes';
import { NumberRange } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { Range, subtractRanges } from '../../net/range';
import { AllowRule, ServerPolicy } from '../../policy/policy';
import { toRangesKey } from '../allow-rule-keys';
import { selectPeers } from './clauses';

export type GrantPeers = 'anywhere' | readonly Range[];

/** Ports and the peers that may use them. */
export interface PortGrant {
  readonly ports: readonly NumberRange[];
  readonly peers: GrantPeers;
  /**
   * True if the grant also has lines for ports that are open to all. Lines are evaluated before bans; lists of ports
   * after them.
   */
  readonly whole: boolean;
}

/** Removes blocked sources from the peers, because lines are evaluated first. A grant for all peers has no line. */
function subtractBlocked(peers: GrantPeers, blocked: GrantPeers): GrantPeers {
  if (blocked === 'anywhere') return [];
  return peers === 'anywhere' ? peers : subtractRanges(peers, blocked);
}

/** A requested service and the peers that may use it. */
interface RequestedGrant extends Pick<AllowRule, 'protocol' | 'ports'>, Pick<PortGrant, 'peers' | 'whole'> {}

/**
 * Returns the grants for incoming packets: from blocked sources only management. `unmanagedProtocols`: protocols that
 * are fully open to trusted networks.
 */
export function listInboundGrants(
  { allowRules, trustedNetworks }: ServerPolicy,
  family: Family,
  unmanagedProtocols: readonly number[],
): readonly RequestedGrant[] {
  const blocked = selectPeers(family, { peers: allowRules.blocked }) ?? [];
  const allowed = allowRules.entries.map((entry) => ({ ...entry, whole: entry.management }));
  const unmanaged = unmanagedProtocols.map(
    (protocol) => ({ protocol, ports: 'all', sources: trustedNetworks, management: false, whole: true }) as const,
  );
  return [...allowed, ...unmanaged].flatMap(({ management, sources, whole, protocol, ports }) => {
    const peers = selectPeers(family, { peers: sources, protocol });
    return peers === undefined
      ? []
      : [{ protocol, ports, whole, peers: management ? peers : subtractBlocked(peers, blocked) }];
  });
}

const SUPPORTED_PROTOCOLS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp, PROTOCOL.icmpv6];

/** Returns the protocols that no line can express. Those with ports are refused because of their ports. */
export const listUnsupportedProtocols = (
  entries: readonly Pick<AllowRule, 'protocol' | 'ports'>[],
): readonly number[] =>
  [...new Set(entries.filter(({ ports }) => ports === 'all').map(({ protocol }) => protocol))].filter(
    (protocol) => !SUPPORTED_PROTOCOLS.includes(protocol),
  );

/** Returns the ports of TCP and UDP in the words of the files; undefined for protocols without ports. */
export const toPortEntry = ({ protocol, ports }: Pick<AllowRule, 'protocol' | 'ports'>) =>
  protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp
    ? ({ protocol: protocol === PROTOCOL.tcp ? 'tcp' : 'udp', ports: ports === 'all' ? [ALL_PORTS] : ports } as const)
    : undefined;

/** Returns a function that returns all ports of the grants with a key, merged. */
const createPortLookup =
  <One extends PortGrant>(grants: readonly One[], getKey: (grant: One) => string) =>
  (key: string): readonly NumberRange[] =>
    mergeNumbers(grants.filter((grant) => getKey(grant) === key).flatMap(({ ports }) => ports));

/** Returns a function that removes the ports that other grants with the same key have. */
export const createPortSubtraction =
  <One extends PortGrant>(subtracted: readonly One[], getKey: (grant: One) => string) =>
  (grant: One): One => ({
    ...grant,
    ports: subtractNumbers(grant.ports, createPortLookup(subtracted, getKey)(getKey(grant))),
  });

/**
 * Returns the ports that are open to all, by key, and the grants that need lines. A port that is open to all gets a
 * line only if its grant is whole.
 */
export function splitPublicPorts<One extends PortGrant>(grants: readonly One[], getKey: (grant: One) => string) {
  const publicGrants = grants.filter(({ peers }) => peers === 'anywhere');
  const remaining = grants.map((grant) => (grant.whole ? grant : createPortSubtraction(publicGrants, getKey)(grant)));
  return { open: createPortLookup(publicGrants, getKey), listed: mergeGrants(remaining, getKey) };
}

/** Merges grants with listed peers that have one key and differ only in their ports. */
export function mergeGrants<One extends PortGrant>(
  grants: readonly One[],
  getKey: (grant: One) => string,
): readonly One[] {
  const groups = new Map<string, One>();
  for (const grant of grants) {
    if (grant.peers === 'anywhere') continue;
    const key = `${getKey(grant)} ${toRangesKey(grant.peers)}`;
    groups.set(key, { ...grant, ports: mergeNumbers([...(groups.get(key)?.ports ?? []), ...grant.ports]) });
  }
  return [...groups.values()];
}
