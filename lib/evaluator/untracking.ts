import { FAMILIES } from '../net/address';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Context } from './context';
import { BaseChain, TextFacts } from './model';
import { Settings } from './settings';

/** Where connection tracking stands in a hook. Source: linux/netfilter_ipv4.h. */
export const CONNTRACK = -200;

/** What `notrack` does where rules may have given the packet something to be tracked with. Source: nft_notrack_eval in nft_ct.c, xt_ct_target in xt_CT.c. */
export const untrackedBy = ({ templates }: TextFacts): 'untracked' | 'perhaps untracked' =>
  templates ? 'perhaps untracked' : 'untracked';

/** What has no entry may be taken out after connection tracking too: of strays later rules see it. Source: nft_notrack_eval in nft_ct.c. */
export const untracksLate = (bases: readonly BaseChain[], first: string, settings: Settings): boolean =>
  bases.some(
    (base) =>
      !(base.hook === first && base.priority < CONNTRACK) && settings.of(base).some((what) => typeof what !== 'object'),
  );

/** What connection tracking has made of a packet, by what rules before it have done. */
export function seenAs(ct: Context['ct'], phase: Context['phase'], late: boolean): Context['ct'] {
  if (ct === 'untracked') return ct;
  if (ct === 'leaving') return 'unclear';
  if (phase !== 'stray') return 'tracked';
  return late ? 'leaving' : 'none';
}

/** Packets of families that nothing makes the kernel track. */
export const neverTracked = ({ tracks }: TextFacts): PacketSet =>
  PacketMap.first(FAMILIES.filter((family) => !tracks.has(family)).map((family) => PacketMap.set({ family })));
