import { FAMILIES } from '../net/address';
import { PacketMap, PacketSet } from '../net/packet-map';
import { PacketContext } from './packet-context';
import { BaseChain, RulesetFacts } from './ruleset-model';
import { PacketChanges } from './packet-changes';

/** Where connection tracking stands in a hook. Source: linux/netfilter_ipv4.h. */
export const CONNTRACK_PRIORITY = -200;

/** What `notrack` does where rules may have given the packet something to be tracked with. Source: nft_notrack_eval in nft_ct.c, xt_ct_target in xt_CT.c. */
export const getNotrackChange = ({ templates }: RulesetFacts): 'untracked' | 'perhaps untracked' =>
  templates ? 'perhaps untracked' : 'untracked';

/** What has no entry may be taken out after connection tracking too: of strays later rules see it. Source: nft_notrack_eval in nft_ct.c. */
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

/** What connection tracking has made of a packet, by what rules before it have done. */
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

/** Packets of families that nothing makes the kernel track. */
export const createUntrackedSet = ({ tracks }: RulesetFacts): PacketSet =>
  PacketMap.mergeFirst(
    FAMILIES.filter((family) => !tracks.has(family)).map((family) => PacketMap.createSet({ family })),
  );
