// Splits mappings (1:1 NAT) at their exclusions into parts that translate as a whole, orders the parts, and finds
// parts that overlap. Generators print a rule or entry for each part.

import { Address, Prefix, getFamily, FAMILY_RANGE, toRange, toPrefixes } from '../net/address';
import { Range, compareValues, covers, mergeRanges, intersectRanges, subtractRanges } from '../net/range';
import { Mapping } from '../policy/policy';

/**
 * The peers for which a part of a mapping translates. `except` is what is left of "anywhere" after exclusions. Ranges
 * are merged and of the family of the mapping's addresses.
 */
export type MappingPeers =
  | { readonly is: 'anywhere' }
  | { readonly is: 'among'; readonly ranges: readonly Range[] }
  | { readonly is: 'except'; readonly ranges: readonly Range[] };

/** A piece of a mapping that translates as a whole: both sides are prefixes of one length, and its exclusions are cut out. */
export interface MappingPart {
  readonly mapping: Mapping;
  readonly external: Prefix;
  readonly internal: Prefix;
  readonly peers: MappingPeers;
}

const ANY_PEERS: MappingPeers = { is: 'anywhere' };

/** Returns the parts of a mapping that translate. Empty for a disabled mapping, and if exclusions leave nothing. */
export function splitMapping(mapping: Mapping): readonly MappingPart[] {
  if (!mapping.enabled) return [];
  const family = FAMILY_RANGE[getFamily(mapping.external.first)];
  const selectFamily = (ranges: readonly Range[]): readonly Range[] =>
    mergeRanges(ranges.flatMap((range) => intersectRanges(range, family) ?? []));
  if (mapping.exclude.length === 0) {
    const peers = mapping.peers === 'anywhere' ? ANY_PEERS : subtractPeers(selectFamily(mapping.peers), []);
    return peers ? [{ mapping, external: mapping.external, internal: mapping.internal, peers }] : [];
  }
  return splitInternal(mapping).flatMap((segment) => {
    const excluding = mapping.exclude.filter(
      ({ internal }) => internal === 'all' || internal.some((range) => covers(range, segment)),
    );
    if (excluding.some(({ peers }) => peers === 'anywhere')) return [];
    const excluded = selectFamily(excluding.flatMap(({ peers }) => (peers === 'anywhere' ? [] : peers)));
    const peers = subtractPeers(mapping.peers === 'anywhere' ? 'anywhere' : selectFamily(mapping.peers), excluded);
    if (!peers) return [];
    // Outside and inside are aligned to the same length, so every prefix inside stands for a prefix outside.
    return toPrefixes(segment).map((internal) => ({
      mapping,
      internal,
      external: {
        first: (mapping.external.first + (internal.first - mapping.internal.first)) as Address,
        length: internal.length,
      },
      peers,
    }));
  });
}

function subtractPeers(peers: 'anywhere' | readonly Range[], excluded: readonly Range[]): MappingPeers | undefined {
  if (peers === 'anywhere') return excluded.length === 0 ? ANY_PEERS : { is: 'except', ranges: excluded };
  const ranges = subtractRanges(peers, excluded);
  return ranges.length === 0 ? undefined : { is: 'among', ranges };
}

/**
 * Returns the inside prefix, cut wherever an exclusion begins or ends: no exclusion applies to only a part of a
 * segment.
 */
function splitInternal(mapping: Mapping): readonly Range[] {
  const internalRange = toRange(mapping.internal);
  const starts = new Set<bigint>([internalRange.first]);
  for (const { internal } of mapping.exclude) {
    if (internal === 'all') continue;
    for (const { first, last } of internal) {
      for (const start of [first, last + 1n])
        if (start > internalRange.first && start <= internalRange.last) starts.add(start);
    }
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, index) => ({ first, last: (sorted[index + 1] ?? internalRange.last + 1n) - 1n }));
}

/** Returns a key that is equal for equal peers. */
export const toPeersKey = (peers: MappingPeers): string =>
  peers.is === 'anywhere'
    ? 'anywhere'
    : `${peers.is} ${peers.ranges.map(({ first, last }) => `${first}-${last}`).join(' ')}`;

/** Returns whether at least one peer is in both. */
export function hasCommonPeers(a: MappingPeers, b: MappingPeers): boolean {
  if (a.is === 'among' && b.is === 'among')
    return a.ranges.some((x) => b.ranges.some((y) => intersectRanges(x, y) !== undefined));
  if (a.is === 'among' && b.is === 'except') return subtractRanges(a.ranges, b.ranges).length > 0;
  if (a.is === 'except' && b.is === 'among') return subtractRanges(b.ranges, a.ranges).length > 0;
  // Neither is a list: two complements of lists are disjoint only if the lists cover the family between them.
  const family =
    FAMILY_RANGE[
      a.is === 'except' && a.ranges[0]
        ? getFamily(a.ranges[0].first)
        : b.is === 'except' && b.ranges[0]
          ? getFamily(b.ranges[0].first)
          : 'ip'
    ];
  return subtractRanges([family], [...listRanges(a), ...listRanges(b)]).length > 0;
}

const listRanges = (peers: MappingPeers): readonly Range[] => (peers.is === 'anywhere' ? [] : peers.ranges);

export type MappingSide = 'internal' | 'external';

/**
 * Calls `visit` for each part with the earlier parts whose side overlaps its own. Prefixes nest or are disjoint, so the
 * parts that still reach this one form one chain; comparing all pairs would be too slow. The order of the input doesn't
 * matter.
 */
export function walkOverlaps(
  parts: readonly MappingPart[],
  side: MappingSide,
  visit: (part: MappingPart, others: readonly MappingPart[]) => void,
): void {
  let chain: MappingPart[] = [];
  for (const part of [...parts].sort((a, b) => compareParts(a, b, side))) {
    const range = toRange(part[side]);
    chain = chain.filter((other) => intersectRanges(toRange(other[side]), range) !== undefined);
    if (chain.length > 0) visit(part, chain);
    chain.push(part);
  }
}

const compareParts = (a: MappingPart, b: MappingPart, side: MappingSide): number =>
  compareValues(a[side].first, b[side].first) ||
  a[side].length - b[side].length ||
  compareValues(a.mapping.name, b.mapping.name);

/** Sorts ascending by one side, then by the other, then by name, so that the order in the policy has no effect. */
export const sortParts = (parts: readonly MappingPart[], side: MappingSide): readonly MappingPart[] => {
  const other = side === 'internal' ? 'external' : 'internal';
  return [...parts].sort(
    (a, b) =>
      compareValues(a[side].first, b[side].first) ||
      compareValues(a[other].first, b[other].first) ||
      compareValues(a.mapping.name, b.mapping.name),
  );
};

/** Puts mappings with a destination restriction before those without, so the more specific mapping wins. */
export const orderByRestriction = <T>(items: readonly T[], getPart: (item: T) => MappingPart): readonly T[] => {
  const isRestricted = (item: T): boolean => getPart(item).mapping.peers !== 'anywhere';
  return [...items.filter(isRestricted), ...items.filter((item) => !isRestricted(item))];
};

/** Returns the interfaces on which packets to the mapping's public addresses are translated, sorted. */
export const listArrivalInterfaces = ({
  interface: outside,
  reflection: { mode, from },
}: Mapping): readonly string[] => (mode === 'disabled' ? [outside] : [...new Set([outside, ...from])].sort());

/** Returns whether both parts translate packets that arrive on one and the same interface. */
export function hasCommonArrival(a: MappingPart, b: MappingPart): boolean {
  const arrivalInterfaces = listArrivalInterfaces(b.mapping);
  return listArrivalInterfaces(a.mapping).some((name) => arrivalInterfaces.includes(name));
}
