// Drops translation rules of pf that a kernel refuses as duplicates of earlier ones, or marks them uncertain if the
// kernel isn't known.

import { PacketMap } from '../../../net/packet-map';
import { listRanges, createUncertain } from '../range-bounds';
import { getPossiblePackets } from '../match-packets';
import { PfBinat, PfMatch, PfNat, PfRedirect, PfRules } from '../model';

/**
 * Drops translations that a kernel refuses. Newer kernels refuse a rule that differs from an earlier one of its list in
 * the target alone, and pfctl doesn't report it. If the kernel isn't known, the later rules are uncertain. Source:
 * FreeBSD pf_ioctl.c, pf_hash_rule.
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
    const earlier = firstByKey.get(rule.matchKey);
    if (!earlier) {
      firstByKey.set(rule.matchKey, rule);
      return [rule];
    }
    if (refuses === 'yes') return [];
    const reason = `whether the kernel keeps what differs from line ${earlier.line.number} in its target alone isn't known`;
    return [markUncertain(rule, reason)];
  });
}

/** Returns the rule as one that may be absent. `matchReason` says why a match that isn't a binat is uncertain then. */
export function markUncertain<R extends PfMatch | PfBinat>(rule: R, reason: string, matchReason = reason): R {
  if ('peers' in rule) return { ...rule, peers: createUncertain(listRanges(rule.peers), reason) };
  return { ...rule, packets: PacketMap.NONE, uncertain: { packets: getPossiblePackets(rule), reason: matchReason } };
}
