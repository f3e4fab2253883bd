import { PacketMap } from '../../../net/packet-map';
import { allOf, possibly } from '../known';
import { widestOf } from '../matched';
import { PfBinat, PfMatch, PfNat, PfRedirect, PfRules } from '../model';

/**
 * What a kernel keeps of a list of translations. Newer ones refuse a rule that differs from an earlier one of its list in the target
 * alone, and pfctl says nothing of it; where nobody knows which kernel it is, the later ones may be there or not.
 * Source: FreeBSD pf_ioctl.c, pf_hash_rule.
 */
export const asLoaded = (rules: PfRules, refuses: Refuses): PfRules => ({
  ...rules,
  rdr: loadedTranslations(rules.rdr, refuses),
  binat: loadedTranslations(rules.binat, refuses),
  nat: loadedTranslations(rules.nat, refuses),
});

type Refuses = 'yes' | 'no' | 'unknown';

export function loadedTranslations<R extends PfRedirect | PfBinat | PfNat>(
  list: readonly R[],
  refuses: Refuses,
): readonly R[] {
  if (refuses === 'no') return list;
  const first = new Map<string, R>();
  return list.flatMap((rule) => {
    const earlier = first.get(rule.asks);
    if (!earlier) {
      first.set(rule.asks, rule);
      return [rule];
    }
    if (refuses === 'yes') return [];
    const because = `whether the kernel keeps what differs from line ${earlier.line.number} in its target alone isn't known`;
    return [doubtful(rule, because)];
  });
}

/** As one that may be there or not, as a whole; `all`: why it matches what it matches, then. */
export function doubtful<R extends PfMatch | PfBinat>(rule: R, because: string, all = because): R {
  if ('peers' in rule) return { ...rule, peers: possibly(allOf(rule.peers), because) };
  return { ...rule, packets: PacketMap.NONE, perhaps: { packets: widestOf(rule), because: all } };
}
