import { Family } from '../../net/address';
import { joinedNumbers, numbersWithout } from '../../net/axes';
import { NumberRange } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { Range, without } from '../../net/range';
import { Opening, ServerPolicy } from '../../policy/policy';
import { rangesKey } from '../openings';
import { peersIn } from './clauses';

// For programs that have one list of ports for everybody, and lines for whoever is named.

export type Peers = 'anywhere' | readonly Range[];

/** What may pass with whom. */
export interface Grant {
  readonly ports: readonly NumberRange[];
  readonly peers: Peers;
  /** It has lines for ports that everybody reaches, too: lines are asked before who is banned, and lists of ports behind. */
  readonly whole: boolean;
}

/** Lines are asked first, so who is blocked is cut out of them. What everybody gets has no line. */
function apart(peers: Peers, blocked: Peers): Peers {
  if (blocked === 'anywhere') return [];
  return peers === 'anywhere' ? peers : without(peers, blocked);
}

/** A wish, and who may have it. */
interface Asked extends Pick<Opening, 'protocol' | 'ports'>, Pick<Grant, 'peers' | 'whole'> {}

/** What may come in: from whoever is blocked nothing but management. `kept`: protocols of which all that comes from inside does. */
export function comingIn(
  { openings, inside }: ServerPolicy,
  family: Family,
  kept: readonly number[],
): readonly Asked[] {
  const blocked = peersIn(family, { peers: openings.blocked }) ?? [];
  const opened = openings.entries.map((entry) => ({ ...entry, whole: entry.management }));
  const unmanaged = kept.map(
    (protocol) => ({ protocol, ports: 'all', sources: inside, management: false, whole: true }) as const,
  );
  return [...opened, ...unmanaged].flatMap(({ management, sources, whole, protocol, ports }) => {
    const peers = peersIn(family, { peers: sources, protocol });
    return peers === undefined ? [] : [{ protocol, ports, whole, peers: management ? peers : apart(peers, blocked) }];
  });
}

const SAYABLE: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp, PROTOCOL.icmpv6];

/** Protocols that no line has. Those with ports are refused because of their ports. */
export const unsayable = (entries: readonly Pick<Opening, 'protocol' | 'ports'>[]): readonly number[] =>
  [...new Set(entries.filter(({ ports }) => ports === 'all').map(({ protocol }) => protocol))].filter(
    (protocol) => !SAYABLE.includes(protocol),
  );

/** Of TCP and UDP, as files call them; undefined for what has no ports. */
export const ofPorts = ({ protocol, ports }: Pick<Opening, 'protocol' | 'ports'>) =>
  protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp
    ? ({ protocol: protocol === PROTOCOL.tcp ? 'tcp' : 'udp', ports: ports === 'all' ? [ALL_PORTS] : ports } as const)
    : undefined;

/** All ports of those that have a key, joined. */
const portsBy =
  <One extends Grant>(grants: readonly One[], keyOf: (grant: One) => string) =>
  (key: string): readonly NumberRange[] =>
    joinedNumbers(grants.filter((one) => keyOf(one) === key).flatMap(({ ports }) => ports));

/** Without the ports that others have by the same key. */
export const withoutPorts =
  <One extends Grant>(others: readonly One[], keyOf: (grant: One) => string) =>
  (grant: One): One => ({ ...grant, ports: numbersWithout(grant.ports, portsBy(others, keyOf)(keyOf(grant))) });

/** What everybody gets, by key, and those with lines: of what everybody gets only where they are whole. */
export function apartFromAll<One extends Grant>(grants: readonly One[], keyOf: (grant: One) => string) {
  const toAll = grants.filter(({ peers }) => peers === 'anywhere');
  const besides = grants.map((one) => (one.whole ? one : withoutPorts(toAll, keyOf)(one)));
  return { open: portsBy(toAll, keyOf), listed: merged(besides, keyOf) };
}

/** Those with listed peers that have one key and differ in their ports only, as one. */
export function merged<One extends Grant>(grants: readonly One[], keyOf: (grant: One) => string): readonly One[] {
  const byRest = new Map<string, One>();
  for (const grant of grants) {
    if (grant.peers === 'anywhere') continue;
    const key = `${keyOf(grant)} ${rangesKey(grant.peers)}`;
    byRest.set(key, { ...grant, ports: joinedNumbers([...(byRest.get(key)?.ports ?? []), ...grant.ports]) });
  }
  return [...byRest.values()];
}
