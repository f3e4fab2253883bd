import { joinedNumbers } from '../../net/axes';
import { NumberRange } from '../../net/device';
import { Range, without } from '../../net/range';
import { rangesKey } from '../openings';

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
export function apart(peers: Peers, blocked: Peers): Peers {
  if (blocked === 'anywhere') return [];
  return peers === 'anywhere' ? peers : without(peers, blocked);
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
