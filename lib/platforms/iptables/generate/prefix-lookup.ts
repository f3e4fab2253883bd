// Creates iptables chains that find the rules for an address among thousands of prefixes by few comparisons, as a
// tree.

import { Address, Prefix } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { IptablesMatch, IptablesRule } from './iptables-table';

/** Rules about the addresses of one prefix. */
export interface PrefixRules {
  readonly prefix: Prefix;
  /** Returns the rules, each with a match for the prefix or for one within it. */
  readonly rules: (within: Prefix) => readonly IptablesRule[];
}

/** A prefix with its own rules and those of the prefixes around it, in order. */
interface ResolvedPrefix {
  readonly prefix: Prefix;
  readonly rules: readonly IptablesRule[];
}

/** Above this, a few lookup steps by leading bits are faster than rules one after the other. */
const MAX_LINEAR_RULES = 100;
const BITS_PER_STEP = 7;
const ALL_IPV4: Prefix = { first: 0n as Address, length: 0 };

/**
 * How rules for IPv4 prefixes are looked up, however many there are.
 * @param chain adds a chain and returns its name
 */
export interface PrefixLookup {
  readonly way: 'jump' | 'go to';
  readonly by: (prefix: Prefix) => IptablesMatch;
  readonly chain: (rules: readonly IptablesRule[]) => string;
  /** The rules for packets that match no prefix. */
  readonly rest: readonly IptablesRule[];
}

/**
 * Returns rules that evaluate, for each address, the rules of all prefixes around it, in the order of `prefixRules`.
 */
export function createLookupRules(lookup: PrefixLookup, prefixRules: readonly PrefixRules[]): readonly IptablesRule[] {
  const byPrefix = groupBy(prefixRules, ({ prefix }) => toPrefixKey(prefix));
  const order = new Map(prefixRules.map((entry, index) => [entry, index]));
  const lengths = [...new Set(prefixRules.map(({ prefix }) => prefix.length))];
  const resolved = [...byPrefix.values()].map(([{ prefix }]): ResolvedPrefix => {
    const coveringRules = lengths.flatMap((length) =>
      length <= prefix.length ? (byPrefix.get(toPrefixKey(shortenPrefix(prefix, length))) ?? []) : [],
    );
    coveringRules.sort((a, b) => order.get(a)! - order.get(b)!);
    return { prefix, rules: coveringRules.flatMap(({ rules }) => rules(prefix)) };
  });
  resolved.sort((a, b) => b.prefix.length - a.prefix.length || (a.prefix.first < b.prefix.first ? -1 : 1));
  let finalRules: readonly IptablesRule[] | undefined;
  // A packet that went to another chain by `go to` reaches these rules there.
  const getFinalRules = (): readonly IptablesRule[] =>
    (finalRules ??=
      lookup.rest.length < 2
        ? lookup.rest
        : [{ matches: [], target: { is: 'go to', chain: lookup.chain(lookup.rest) } }]);
  return [...createSteps(lookup, resolved, ALL_IPV4, getFinalRules), ...(finalRules ?? lookup.rest)];
}

/**
 * Returns the steps for `resolved`, which has the longest prefixes first. Prefixes around `bounds` concern every packet
 * that comes here.
 */
function createSteps(
  lookup: PrefixLookup,
  resolved: readonly ResolvedPrefix[],
  bounds: Prefix,
  getFinalRules: () => readonly IptablesRule[],
): readonly IptablesRule[] {
  const inner = resolved.filter(({ prefix }) => prefix.length > bounds.length);
  if (inner.length <= MAX_LINEAR_RULES) return resolved.flatMap(({ rules }) => rules);
  const length = Math.min(32, findCommonPrefix(inner).length + BITS_PER_STEP);
  const longer = groupBy(
    inner.filter(({ prefix }) => prefix.length >= length),
    ({ prefix }) => shortenPrefix(prefix, length).first,
  );
  const shorter = resolved.filter(({ prefix }) => prefix.length < length);
  const steps = [...longer.values()].flatMap((group): readonly IptablesRule[] => {
    if (group.length === 1) return group[0].rules;
    const step = shortenPrefix(group[0].prefix, length);
    // A packet that goes there doesn't come back.
    const coveringPrefixes =
      lookup.way === 'jump'
        ? []
        : shorter.filter(({ prefix }) => shortenPrefix(step, prefix.length).first === prefix.first);
    const inner = createSteps(lookup, [...group, ...coveringPrefixes], step, getFinalRules);
    const chain = lookup.chain(lookup.way === 'jump' ? inner : [...inner, ...getFinalRules()]);
    return [{ matches: [lookup.by(step)], target: { is: lookup.way, chain } }];
  });
  return [...steps, ...shorter.flatMap(({ rules }) => rules)];
}

const toPrefixKey = ({ first, length }: Prefix): string => `${first}/${length}`;

const shortenPrefix = ({ first }: Prefix, length: number): Prefix => ({
  first: ((first >> BigInt(32 - length)) << BigInt(32 - length)) as Address,
  length,
});

/** Returns the longest prefix that contains all of them. */
function findCommonPrefix(prefixes: readonly ResolvedPrefix[]): Prefix {
  const [first, ...remaining] = prefixes.map(({ prefix }) => prefix);
  return remaining.reduce((shared, prefix) => {
    let length = Math.min(shared.length, prefix.length);
    while (shortenPrefix(shared, length).first !== shortenPrefix(prefix, length).first) length -= 1;
    return shortenPrefix(shared, length);
  }, first!);
}
