import { PacketMap, PacketSet } from '../../net/packet-map';
import { Context } from './context';
import { BaseChain, TextFacts, UnderstoodChain, chainsOf } from './model';

/** Where connection tracking stands in a hook. Source: linux/netfilter_ipv4.h. */
export const CONNTRACK = -200;

export type Unjudged = Omit<BaseChain, 'untracks'>;

/** The base chains, with what their rules do about connection tracking. */
export function judged(bases: readonly Unjudged[]): readonly BaseChain[] {
  const known = new Map<UnderstoodChain, BaseChain['untracks']>();
  const of = (chain: UnderstoodChain): BaseChain['untracks'] => {
    if (known.has(chain)) return known.get(chain);
    const deeper = chain.rules.some(({ end }) => chainsOf(end).some((next) => of(next) !== undefined));
    const found = deeper ? 'deeper' : chain.rules.some(({ notrackAfter }) => notrackAfter !== undefined) ? 'itself' : undefined;
    known.set(chain, found);
    return found;
  };
  return bases.map((base) => ({ ...base, untracks: of(base.chain) }));
}

/** Within a chain the rules know their order, unless another one has a part in it. */
export const isOrdered = (alike: readonly BaseChain[]): boolean => alike.length === 1 && alike[0]!.untracks === 'itself';

/** What has no entry may be taken out after connection tracking too: of strays later rules see it. Source: nft_notrack_eval in nft_ct.c. */
export const untracksLate = (bases: readonly BaseChain[], first: string): boolean =>
  bases.some(({ untracks, hook, priority }) => untracks !== undefined && !(hook === first && priority < CONNTRACK));

/** What connection tracking has made of a packet, by what rules before it have done. */
export function seenAs(ct: Context['ct'], phase: Context['phase'], late: boolean): Context['ct'] {
  if (ct === 'untracked') return ct;
  if (ct === 'leaving') return 'unclear';
  if (phase !== 'stray') return 'tracked';
  return late ? 'leaving' : 'none';
}

/** Packets of families that nothing makes the kernel track. */
export const neverTracked = ({ tracks }: TextFacts): PacketSet =>
  PacketMap.first((['ip', 'ip6'] as const).filter((family) => !tracks.has(family)).map((family) => PacketMap.set({ family })));
