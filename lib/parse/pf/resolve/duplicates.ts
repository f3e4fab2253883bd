import { PacketMap } from '../../../net/packet-map';
import { listRanges, createUncertain } from '../range-bounds';
import { getPossiblePackets } from '../match-packets';
import { PfBinat, PfMatch, PfNat, PfRedirect, PfRules } from '../model';

/**
 * What a kernel keeps of a list of translations. Newer ones refuse a rule that differs from an earlier one of its list in the target
 * alone, and pfctl says nothing of it; where nobody knows which kernel it is, the later ones may be there or not.
 * Source: FreeBSD pf_ioctl.c, pf_hash_rule.
 */
export const dropRefusedDuplicates = (rules: PfRules, refuses: DuplicateRefusal): PfRules => ({
  ...rules,
  rdr: dropRefusedTranslations(rules.rdr, refuses),
  binat: dropRefusedTranslations(rules.binat, refuses),
  nat: dropRefusedTranslations(rules.nat, refuses),
});

type DuplicateRefusal = 'yes' | 'no' | 'unknown';

export function dropRefusedTranslations<R extends PfRedirect | PfBinat | PfNat>(
  list: readonly R[],
  refuses: DuplicateRefusal,
): readonly R[] {
  if (refuses === 'no') return list;
  const firstByKey = new Map<string, R>();
  return list.flatMap((rule) => {
    const earlier = firstByKey.get(rule.asks);
    if (!earlier) {
      firstByKey.set(rule.asks, rule);
      return [rule];
    }
    if (refuses === 'yes') return [];
    const reason = `whether the kernel keeps what differs from line ${earlier.line.number} in its target alone isn't known`;
    return [markUncertain(rule, reason)];
  });
}

/** As one that may be there or not, as a whole; `all`: why it matches what it matches, then. */
export function markUncertain<R extends PfMatch | PfBinat>(rule: R, reason: string, matchReason = reason): R {
  if ('peers' in rule) return { ...rule, peers: createUncertain(listRanges(rule.peers), reason) };
  return { ...rule, packets: PacketMap.NONE, perhaps: { packets: getPossiblePackets(rule), because: matchReason } };
}
