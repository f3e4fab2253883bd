// Models when the kernel tracks a packet's connection: the priority of conntrack, `notrack`, and packets that are
// never tracked.

import { FAMILIES } from '../net/address';
import { PacketMap, PacketSet } from '../net/packet-map';
import { PacketContext } from './packet-context';
import { BaseChain, RulesetFacts } from './ruleset-model';
import { PacketChanges } from './packet-changes';

/** Priority of connection tracking in a hook. Source: linux/netfilter_ipv4.h. */
export const CONNTRACK_PRIORITY = -200;

/**
 * Returns the change that `notrack` makes. It is uncertain if rules may have given the packet something to be tracked
 * with. Source: nft_notrack_eval in nft_ct.c, xt_ct_target in xt_CT.c.
 */
export const getNotrackChange = ({ hasTemplates }: RulesetFacts): 'untracked' | 'perhaps untracked' =>
  hasTemplates ? 'perhaps untracked' : 'untracked';

/**
 * Returns whether a packet without an entry may be taken out after connection tracking, too: later rules see that of
 * strays. Source: nft_notrack_eval in nft_ct.c.
 */
export const isUntrackedLate = (
  bases: readonly BaseChain[],
  firstHook: string,
  packetChanges: PacketChanges,
): boolean =>
  bases.some(
    (base) =>
      !(base.hook === firstHook && base.priority < CONNTRACK_PRIORITY) &&
      packetChanges.getChanges(base).some((change) => typeof change !== 'object'),
  );

/** Returns what connection tracking makes of a packet, by what earlier rules have done. */
export function getTracking(
  ct: PacketContext['ct'],
  phase: PacketContext['phase'],
  late: boolean,
): PacketContext['ct'] {
  if (ct === 'untracked') return ct;
  if (ct === 'leaving') return 'unclear';
  if (phase !== 'stray') return 'tracked';
  return late ? 'leaving' : 'none';
}

/** Returns the packets of families that nothing makes the kernel track. */
export const createUntrackedSet = ({ trackedFamilies }: RulesetFacts): PacketSet =>
  PacketMap.mergeFirst(
    FAMILIES.filter((family) => !trackedFamilies.has(family)).map((family) => PacketMap.createSet({ family })),
  );
