// Merges the pf rules that several possible releases of pfSense make of one config.xml: rules that only some make are
// uncertain.

import { toKey } from '../../../../net/intern-tables';
import { getPossiblePackets } from '../../../../parse/pf/match-packets';
import { PfBinat, PfFilterRule, PfMatch, PfNat, PfRuleScope, PfRedirect, PfRules } from '../../../../parse/pf/model';
import { markUncertain } from '../../../../parse/pf/resolve/duplicates';

/**
 * Merges the rules of several releases that a box may have. A rule that all have at the same position is certain; every
 * other rule may be there. A rule at another position in another release may be at both.
 */
export function mergeReleases(releases: readonly PfRules[], reason: string): PfRules {
  const [first, ...moreReleases] = releases;
  return moreReleases.reduce((merged, next): PfRules => {
    const unloadable = merged.unloadable ?? next.unloadable;
    return {
      skipped: merged.skipped,
      rdr: mergeRules<PfRedirect>(merged.rdr, next.rdr, reason),
      binat: mergeRules<PfBinat>(merged.binat, next.binat, reason),
      nat: mergeRules<PfNat>(merged.nat, next.nat, reason),
      filter: mergeRules<PfFilterRule>(merged.filter, next.filter, reason),
      ...(unloadable ? { unloadable } : {}),
    };
  }, first!);
}

/** Returns the key of everything in a rule except its packets, which are compared separately. */
const getShapeKey = (rule: PfRuleScope): string =>
  toKey({ ...rule, packets: undefined, uncertain: undefined, matchKey: undefined });

/** Returns a key per rule: its shape, and its number among rules of that shape. */
function numberShapes(list: readonly PfRuleScope[]): readonly string[] {
  const counts = new Map<string, number>();
  return list.map((rule) => {
    const text = getShapeKey(rule);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return `${count} ${text}`;
  });
}

function mergeRules<R extends PfMatch | PfBinat>(
  left: readonly R[],
  right: readonly R[],
  reason: string,
): readonly R[] {
  const [leftKeys, rightKeys] = [numberShapes(left), numberShapes(right)];
  const places = new Map(rightKeys.map((key, at) => [key, at]));
  const matched = findLongestAscending(leftKeys.map((key) => places.get(key) ?? -1));
  const rules: R[] = [];
  let next = 0;
  left.forEach((rule, at) => {
    const partner = matched.has(at) ? places.get(leftKeys[at]!)! : undefined;
    if (partner === undefined) {
      rules.push(makeUncertain(rule, reason));
      return;
    }
    for (; next < partner; next++) rules.push(makeUncertain(right[next]!, reason));
    rules.push(mergeRule(rule, right[partner]!, reason));
    next = partner + 1;
  });
  for (; next < right.length; next++) rules.push(makeUncertain(right[next]!, reason));
  return rules;
}

/** Returns the indices of a longest ascending subsequence, without negative entries. */
function findLongestAscending(places: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  places.forEach((place, at) => {
    if (place < 0) return;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[ends[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    before.set(at, low === 0 ? undefined : ends[low - 1]);
    ends[low] = at;
  });
  const indices = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) indices.add(at);
  return indices;
}

/** Returns the rule with every match uncertain. */
const makeUncertain = <R extends PfMatch | PfBinat>(rule: R, reason: string): R =>
  markUncertain(rule, reason, 'peers' in rule ? reason : joinReasons(reason, rule.uncertain?.reason));

function mergeRule<R extends PfMatch | PfBinat>(rule: R, other: R, reason: string): R {
  // A 1:1 rule consists of its shape alone.
  if ('peers' in rule || 'peers' in other) return rule;
  if (rule.packets.equals(other.packets) && hasSameUncertain(rule, other)) return rule;
  const certain = rule.packets.intersect(other.packets);
  const widest = getPossiblePackets(rule).unite(getPossiblePackets(other));
  return {
    ...rule,
    packets: certain,
    uncertain: { packets: widest.subtract(certain), reason: joinReasons(reason, rule.uncertain?.reason) },
  };
}

const hasSameUncertain = (rule: PfMatch, other: PfMatch): boolean =>
  rule.uncertain && other.uncertain
    ? rule.uncertain.packets.equals(other.uncertain.packets)
    : rule.uncertain === other.uncertain;

const joinReasons = (reason: string, more: string | undefined): string =>
  more === undefined ? reason : `${reason}; ${more}`;
