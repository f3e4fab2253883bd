import { keyText } from '../../../../net/interned';
import { widestOf } from '../../../../parse/pf/matched';
import { PfBinat, PfFilterRule, PfMatch, PfNat, PfPlaced, PfRedirect, PfRules } from '../../../../parse/pf/model';
import { doubtful } from '../../../../parse/pf/resolve/duplicates';

/**
 * One set of rules for several releases that a box may have: what all of them have at the same place is certain, everything else may be
 * there. A rule that stands elsewhere in another release may be at both places.
 */
export function agreed(all: readonly PfRules[], because: string): PfRules {
  const [first, ...others] = all;
  return others.reduce((so, next): PfRules => {
    const unloadable = so.unloadable ?? next.unloadable;
    return {
      skipped: so.skipped,
      rdr: joinedLists<PfRedirect>(so.rdr, next.rdr, because),
      binat: joinedLists<PfBinat>(so.binat, next.binat, because),
      nat: joinedLists<PfNat>(so.nat, next.nat, because),
      filter: joinedLists<PfFilterRule>(so.filter, next.filter, because),
      ...(unloadable ? { unloadable } : {}),
    };
  }, first!);
}

/** All of a rule but its packets, which are compared apart. */
const shape = (rule: PfPlaced): string => keyText({ ...rule, packets: undefined, perhaps: undefined, asks: undefined });

/** The n-th of its shape. */
function keyed(list: readonly PfPlaced[]): readonly string[] {
  const counts = new Map<string, number>();
  return list.map((rule) => {
    const text = shape(rule);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return `${count} ${text}`;
  });
}

function joinedLists<R extends PfMatch | PfBinat>(
  left: readonly R[],
  right: readonly R[],
  because: string,
): readonly R[] {
  const [leftKeys, rightKeys] = [keyed(left), keyed(right)];
  const places = new Map(rightKeys.map((key, at) => [key, at]));
  const kept = longestAscending(leftKeys.map((key) => places.get(key) ?? -1));
  const out: R[] = [];
  let next = 0;
  left.forEach((rule, at) => {
    const partner = kept.has(at) ? places.get(leftKeys[at]!)! : undefined;
    if (partner === undefined) {
      out.push(perhaps(rule, because));
      return;
    }
    for (; next < partner; next++) out.push(perhaps(right[next]!, because));
    out.push(both(rule, right[partner]!, because));
    next = partner + 1;
  });
  for (; next < right.length; next++) out.push(perhaps(right[next]!, because));
  return out;
}

/** Indices of a longest ascending subsequence; negative ones are in none. */
function longestAscending(places: readonly number[]): ReadonlySet<number> {
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
  const kept = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) kept.add(at);
  return kept;
}

/** What may be there as a whole. */
const perhaps = <R extends PfMatch | PfBinat>(rule: R, because: string): R =>
  doubtful(rule, because, 'peers' in rule ? because : reasoned(because, rule.perhaps?.because));

function both<R extends PfMatch | PfBinat>(rule: R, other: R, because: string): R {
  // Of 1:1 rules the shape is all there is.
  if ('peers' in rule || 'peers' in other) return rule;
  if (rule.packets.equals(other.packets) && samePerhaps(rule, other)) return rule;
  const certain = rule.packets.within(other.packets);
  const all = widestOf(rule).or(widestOf(other));
  return {
    ...rule,
    packets: certain,
    perhaps: { packets: all.apartFrom(certain), because: reasoned(because, rule.perhaps?.because) },
  };
}

const samePerhaps = (rule: PfMatch, other: PfMatch): boolean =>
  rule.perhaps && other.perhaps ? rule.perhaps.packets.equals(other.perhaps.packets) : rule.perhaps === other.perhaps;

const reasoned = (because: string, more: string | undefined): string =>
  more === undefined ? because : `${because}; ${more}`;
