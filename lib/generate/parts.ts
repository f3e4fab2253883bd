import { Address, Prefix, familyOf, FAMILY_RANGE, prefixRange, prefixesOf } from '../net/address';
import { Range, compared, covers, joined, overlap, without } from '../net/range';
import { Mapping } from '../policy/policy';

/**
 * With whom a part of a mapping translates. `except` is what is left of "anywhere" after exclusions. Ranges are joined
 * and of the family of the mapping's addresses.
 */
export type Peers =
  | { readonly is: 'anywhere' }
  | { readonly is: 'among'; readonly ranges: readonly Range[] }
  | { readonly is: 'except'; readonly ranges: readonly Range[] };

/** A piece of a mapping that translates as a whole: both sides are prefixes of one length, and its exclusions are cut out. */
export interface Part {
  readonly mapping: Mapping;
  readonly outside: Prefix;
  readonly inside: Prefix;
  readonly peers: Peers;
}

const ANYWHERE: Peers = { is: 'anywhere' };

/** What of a mapping translates. Empty for a disabled one, and where exclusions leave nothing. */
export function partsOf(mapping: Mapping): readonly Part[] {
  if (!mapping.enabled) return [];
  const family = FAMILY_RANGE[familyOf(mapping.outside.first)];
  const ours = (ranges: readonly Range[]): readonly Range[] =>
    joined(ranges.flatMap((range) => overlap(range, family) ?? []));
  if (mapping.exclude.length === 0) {
    const peers = mapping.peers === 'anywhere' ? ANYWHERE : left(ours(mapping.peers), []);
    return peers ? [{ mapping, outside: mapping.outside, inside: mapping.inside, peers }] : [];
  }
  return segments(mapping).flatMap((segment) => {
    const excluding = mapping.exclude.filter(
      ({ inside }) => inside === 'all' || inside.some((range) => covers(range, segment)),
    );
    if (excluding.some(({ peers }) => peers === 'anywhere')) return [];
    const excluded = ours(excluding.flatMap(({ peers }) => (peers === 'anywhere' ? [] : peers)));
    const peers = left(mapping.peers === 'anywhere' ? 'anywhere' : ours(mapping.peers), excluded);
    if (!peers) return [];
    // Outside and inside are aligned to the same length, so every prefix inside stands for a prefix outside.
    return prefixesOf(segment).map((inside) => ({
      mapping,
      inside,
      outside: {
        first: (mapping.outside.first + (inside.first - mapping.inside.first)) as Address,
        length: inside.length,
      },
      peers,
    }));
  });
}

function left(peers: 'anywhere' | readonly Range[], excluded: readonly Range[]): Peers | undefined {
  if (peers === 'anywhere') return excluded.length === 0 ? ANYWHERE : { is: 'except', ranges: excluded };
  const ranges = without(peers, excluded);
  return ranges.length === 0 ? undefined : { is: 'among', ranges };
}

/** The inside prefix, cut wherever an exclusion begins or ends: no exclusion holds for a part of a segment only. */
function segments(mapping: Mapping): readonly Range[] {
  const whole = prefixRange(mapping.inside);
  const starts = new Set<bigint>([whole.first]);
  for (const { inside } of mapping.exclude) {
    if (inside === 'all') continue;
    for (const { first, last } of inside) {
      for (const start of [first, last + 1n]) if (start > whole.first && start <= whole.last) starts.add(start);
    }
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, index) => ({ first, last: (sorted[index + 1] ?? whole.last + 1n) - 1n }));
}

/** One text per meaning: equal peers have equal keys. */
export const peersKey = (peers: Peers): string =>
  peers.is === 'anywhere'
    ? 'anywhere'
    : `${peers.is} ${peers.ranges.map(({ first, last }) => `${first}-${last}`).join(' ')}`;

/** Whether some peer is among both. */
export function peersMeet(a: Peers, b: Peers): boolean {
  if (a.is === 'among' && b.is === 'among')
    return a.ranges.some((x) => b.ranges.some((y) => overlap(x, y) !== undefined));
  if (a.is === 'among' && b.is === 'except') return without(a.ranges, b.ranges).length > 0;
  if (a.is === 'except' && b.is === 'among') return without(b.ranges, a.ranges).length > 0;
  // Neither is a list: two complements of lists are never disjoint unless the lists cover the family between them.
  const family =
    FAMILY_RANGE[
      a.is === 'except' && a.ranges[0]
        ? familyOf(a.ranges[0].first)
        : b.is === 'except' && b.ranges[0]
          ? familyOf(b.ranges[0].first)
          : 'ip'
    ];
  return without([family], [...listed(a), ...listed(b)]).length > 0;
}

const listed = (peers: Peers): readonly Range[] => (peers.is === 'anywhere' ? [] : peers.ranges);

export type Side = 'inside' | 'outside';

/**
 * Each part with those before it whose side overlaps its own. Prefixes nest or are disjoint, so those that still reach here form one chain:
 * all pairs would be too many. The order of the parts changes nothing.
 */
export function chains(parts: readonly Part[], side: Side, meet: (part: Part, others: readonly Part[]) => void): void {
  let chain: Part[] = [];
  for (const part of [...parts].sort((a, b) => inOrder(a, b, side))) {
    const range = prefixRange(part[side]);
    chain = chain.filter((other) => overlap(prefixRange(other[side]), range) !== undefined);
    if (chain.length > 0) meet(part, chain);
    chain.push(part);
  }
}

const inOrder = (a: Part, b: Part, side: Side): number =>
  compared(a[side].first, b[side].first) || a[side].length - b[side].length || compared(a.mapping.name, b.mapping.name);

/** Ascending by one side; what shares that side by the other, then by name, so that the order in the policy doesn't show. */
export const sortedBy = (parts: readonly Part[], side: Side): readonly Part[] => {
  const other = side === 'inside' ? 'outside' : 'inside';
  return [...parts].sort(
    (a, b) =>
      compared(a[side].first, b[side].first) ||
      compared(a[other].first, b[other].first) ||
      compared(a.mapping.name, b.mapping.name),
  );
};

/** Mappings with a destination restriction come before those without, so the nearer wish wins. */
export const nearestFirst = <T>(all: readonly T[], partOf: (one: T) => Part): readonly T[] => {
  const isRestricted = (one: T): boolean => partOf(one).mapping.peers !== 'anywhere';
  return [...all.filter(isRestricted), ...all.filter((one) => !isRestricted(one))];
};

/** By which interfaces packets to the mapping's public addresses are translated, sorted. */
export const arrivals = ({ interface: outside, reflection: { mode, from } }: Mapping): readonly string[] =>
  mode === 'disabled' ? [outside] : [...new Set([outside, ...from])].sort();

/** Whether by some interface both are translated to what is inside. */
export function arriveTogether(a: Part, b: Part): boolean {
  const by = arrivals(b.mapping);
  return arrivals(a.mapping).some((name) => by.includes(name));
}
