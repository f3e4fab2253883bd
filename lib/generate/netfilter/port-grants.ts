import { Family } from '../../net/address';
import { mergeNumbers, subtractNumbers } from '../../net/axis-nodes';
import { NumberRange } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { Range, subtractRanges } from '../../net/range';
import { AllowRule, ServerPolicy } from '../../policy/policy';
import { toRangesKey } from '../allow-rule-keys';
import { selectPeers } from './clauses';

// For programs that have one list of ports for everybody, and lines for whoever is named.

export type GrantPeers = 'anywhere' | readonly Range[];

/** What may pass with whom. */
export interface PortGrant {
  readonly ports: readonly NumberRange[];
  readonly peers: GrantPeers;
  /** It has lines for ports that everybody reaches, too: lines are asked before who is banned, and lists of ports behind. */
  readonly whole: boolean;
}

/** Lines are asked first, so who is blocked is cut out of them. What everybody gets has no line. */
function subtractBlocked(peers: GrantPeers, blocked: GrantPeers): GrantPeers {
  if (blocked === 'anywhere') return [];
  return peers === 'anywhere' ? peers : subtractRanges(peers, blocked);
}

/** A wish, and who may have it. */
interface RequestedGrant extends Pick<AllowRule, 'protocol' | 'ports'>, Pick<PortGrant, 'peers' | 'whole'> {}

/** What may come in: from whoever is blocked nothing but management. `kept`: protocols of which all that comes from inside does. */
export function listInboundGrants(
  { openings, inside }: ServerPolicy,
  family: Family,
  unmanagedProtocols: readonly number[],
): readonly RequestedGrant[] {
  const blocked = selectPeers(family, { peers: openings.blocked }) ?? [];
  const allowed = openings.entries.map((entry) => ({ ...entry, whole: entry.management }));
  const unmanaged = unmanagedProtocols.map(
    (protocol) => ({ protocol, ports: 'all', sources: inside, management: false, whole: true }) as const,
  );
  return [...allowed, ...unmanaged].flatMap(({ management, sources, whole, protocol, ports }) => {
    const peers = selectPeers(family, { peers: sources, protocol });
    return peers === undefined
      ? []
      : [{ protocol, ports, whole, peers: management ? peers : subtractBlocked(peers, blocked) }];
  });
}

const SUPPORTED_PROTOCOLS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp, PROTOCOL.icmpv6];

/** Protocols that no line has. Those with ports are refused because of their ports. */
export const listUnsupportedProtocols = (
  entries: readonly Pick<AllowRule, 'protocol' | 'ports'>[],
): readonly number[] =>
  [...new Set(entries.filter(({ ports }) => ports === 'all').map(({ protocol }) => protocol))].filter(
    (protocol) => !SUPPORTED_PROTOCOLS.includes(protocol),
  );

/** Of TCP and UDP, as files call them; undefined for what has no ports. */
export const toPortEntry = ({ protocol, ports }: Pick<AllowRule, 'protocol' | 'ports'>) =>
  protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp
    ? ({ protocol: protocol === PROTOCOL.tcp ? 'tcp' : 'udp', ports: ports === 'all' ? [ALL_PORTS] : ports } as const)
    : undefined;

/** All ports of those that have a key, joined. */
const createPortLookup =
  <One extends PortGrant>(grants: readonly One[], getKey: (grant: One) => string) =>
  (key: string): readonly NumberRange[] =>
    mergeNumbers(grants.filter((grant) => getKey(grant) === key).flatMap(({ ports }) => ports));

/** Without the ports that others have by the same key. */
export const createPortSubtraction =
  <One extends PortGrant>(subtracted: readonly One[], getKey: (grant: One) => string) =>
  (grant: One): One => ({
    ...grant,
    ports: subtractNumbers(grant.ports, createPortLookup(subtracted, getKey)(getKey(grant))),
  });

/** What everybody gets, by key, and those with lines: of what everybody gets only where they are whole. */
export function splitPublicPorts<One extends PortGrant>(grants: readonly One[], getKey: (grant: One) => string) {
  const publicGrants = grants.filter(({ peers }) => peers === 'anywhere');
  const remaining = grants.map((grant) => (grant.whole ? grant : createPortSubtraction(publicGrants, getKey)(grant)));
  return { open: createPortLookup(publicGrants, getKey), listed: mergeGrants(remaining, getKey) };
}

/** Those with listed peers that have one key and differ in their ports only, as one. */
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
