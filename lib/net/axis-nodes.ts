// Builds decision-diagram nodes for ranges of addresses and numbers, and defines the axes of a packet (destination,
// source, protocol, port and others) with their order.

import { FAMILY_RANGE, Family } from './address';
import { NumberRange } from './device';
import { uniteAll } from './node-operations';
import { EMPTY_NODE, DiagramNode, NodeBuilder } from './diagram-node';
import { Range, findFirstEnding, mergeRanges, intersectRanges, covers } from './range';

/**
 * The order of the axes. An address takes four words of 32 bits, so that every number is a plain one; IPv4 uses the
 * first word only. The destination comes first: hosts with equal rules share everything below it.
 */
export const AXIS = {
  family: 0,
  destination: 1,
  originalDestination: 5,
  source: 9,
  protocol: 13,
  originalPort: 14,
  port: 15,
  sourcePort: 16,
} as const;

/** Returns the first axis behind all words of an axis. */
export const getAxisEnd = (axis: keyof typeof AXIS): number =>
  AXIS[axis] + (axis === 'destination' || axis === 'originalDestination' || axis === 'source' ? 4 : 1);

export type AddressAxis = 'destination' | 'originalDestination' | 'source';
type NumberAxis = 'protocol' | 'originalPort' | 'port' | 'sourcePort';

const WORD_COUNT: Readonly<Record<Family, number>> = { ip: 1, ip6: 4 };
export const FAMILY_NUMBER: Readonly<Record<Family, number>> = { ip: 4, ip6: 6 };
const MAX_WORD = 0xffff_ffff;

export const getAxisMax = (axis: number): number =>
  axis === AXIS.family ? 7 : axis < AXIS.protocol ? MAX_WORD : axis === AXIS.protocol ? 255 : 65_535;

/** Returns a node over `child` for numbers on one axis, in any order. */
export function createNumberNode(axis: NumberAxis, ranges: readonly NumberRange[], child: DiagramNode): DiagramNode {
  const builder = new NodeBuilder(AXIS[axis], getAxisMax(AXIS[axis]));
  for (const { first, last } of mergeNumbers(ranges)) builder.add(first, last, child);
  return builder.finish();
}

/** Returns the ranges ascending, disjoint, neighbours joined. */
export function mergeNumbers(ranges: readonly NumberRange[]): readonly NumberRange[] {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

/** Returns `ranges` without `holes`, in the order of `ranges`. */
export const subtractNumbers = (
  ranges: readonly NumberRange[],
  holes: readonly NumberRange[],
): readonly NumberRange[] =>
  holes.reduce<readonly NumberRange[]>(
    (remaining, hole) =>
      remaining.flatMap(({ first, last }) =>
        [
          { first, last: Math.min(last, hole.first - 1) },
          { first: Math.max(first, hole.last + 1), last },
        ].filter((range) => range.first <= range.last),
      ),
    ranges,
  );

/** Returns a node over `child` for addresses of one family on one axis. */
export function createAddressNode(
  axis: AddressAxis,
  family: Family,
  ranges: readonly Range[],
  child: DiagramNode,
): DiagramNode {
  const familyRange = FAMILY_RANGE[family];
  const merged = mergeRanges(
    ranges.flatMap((range) => (covers(familyRange, range) ? range : (intersectRanges(range, familyRange) ?? []))),
  );
  const relative =
    family === 'ip'
      ? merged
      : merged.map((range) => ({ first: range.first - familyRange.first, last: range.last - familyRange.first }));
  return createWordNode(AXIS[axis], WORD_COUNT[family] - 1, relative, child);
}

/** `ranges` are ascending and disjoint, and have `lowerWords` + 1 words. */
function createWordNode(axis: number, lowerWords: number, ranges: readonly Range[], child: DiagramNode): DiagramNode {
  const builder = new NodeBuilder(axis, MAX_WORD);
  if (lowerWords === 0) {
    for (const { first, last } of ranges) builder.add(Number(first), Number(last), child);
    return builder.finish();
  }
  const bits = BigInt(32 * lowerWords);
  const top = (1n << bits) - 1n;
  let partial: { word: bigint; ranges: Range[] } | undefined;
  const flush = (): void => {
    if (partial)
      builder.add(
        Number(partial.word),
        Number(partial.word),
        createWordNode(axis + 1, lowerWords - 1, partial.ranges, child),
      );
    partial = undefined;
  };
  const addToWord = (word: bigint, range: Range): void => {
    if (partial?.word !== word) flush();
    partial ??= { word, ranges: [] };
    partial.ranges.push(range);
  };
  for (const { first, last } of ranges) {
    const [low, high] = [first >> bits, last >> bits];
    const [start, end] = [first & top, last & top];
    if (low === high && (start !== 0n || end !== top)) {
      addToWord(low, { first: start, last: end });
      continue;
    }
    const fullFrom = start === 0n ? low : low + 1n;
    const fullTo = end === top ? high : high - 1n;
    if (fullFrom !== low) addToWord(low, { first: start, last: top });
    if (fullFrom <= fullTo) {
      flush();
      builder.add(Number(fullFrom), Number(fullTo), child);
    }
    if (fullTo !== high) addToWord(high, { first: 0n, last: end });
  }
  flush();
  return builder.finish();
}

export interface AddressBranch {
  readonly range: Range;
  readonly below: DiagramNode;
}

/**
 * Returns what stands below a node along one address axis, by ranges of whole addresses in ascending order. The node
 * looks at no axis before that one. Ranges with nothing below are left out.
 */
export function listAddressBranches(axis: AddressAxis, family: Family, node: DiagramNode): readonly AddressBranch[] {
  // Cached, because ten thousand translations look at one map of ten thousand hosts, each for its own host.
  const key = `${axis} ${family}`;
  let byKey = branchCache.get(node);
  if (!byKey) branchCache.set(node, (byKey = new Map()));
  let branches = byKey.get(key);
  if (!branches) byKey.set(key, (branches = computeAddressBranches(axis, family, node)));
  return branches;
}

const branchCache = new WeakMap<DiagramNode, Map<string, readonly AddressBranch[]>>();

function computeAddressBranches(axis: AddressAxis, family: Family, node: DiagramNode): readonly AddressBranch[] {
  if (node.axis < AXIS[axis])
    throw new RangeError(`what looks at axis ${node.axis} can't be listed along ${axis}: group by that one first`);
  const branches: AddressBranch[] = [];
  const end = AXIS[axis] + WORD_COUNT[family];
  // A range that goes on in the next word is one branch.
  const add = (range: Range, below: DiagramNode): void => {
    const previous = branches.at(-1);
    if (previous?.below === below && previous.range.last + 1n === range.first)
      branches[branches.length - 1] = { range: { first: previous.range.first, last: range.last }, below };
    else branches.push({ range, below });
  };
  const walk = (current: DiagramNode, level: number, base: bigint): void => {
    if (current === EMPTY_NODE) return;
    const bits = BigInt(32 * (WORD_COUNT[family] - 1 - (level - AXIS[axis])));
    if (current.axis >= end) {
      add({ first: base, last: base + (1n << (bits + 32n)) - 1n }, current);
      return;
    }
    if (current.axis > level) return refuseSkippedWord(current, level, base);
    for (let i = 0; i < current.firsts.length; i++) {
      const [first, last, child] = [current.firsts[i]!, current.lasts[i]!, current.children[i]!];
      if (child.axis >= end) {
        add({ first: base + (BigInt(first) << bits), last: base + (BigInt(last + 1) << bits) - 1n }, child);
      } else for (let word = first; word <= last; word++) walk(child, level + 1, base + (BigInt(word) << bits));
    }
  };
  // A word that doesn't matter above one that does occurs only in sets that no range of addresses makes.
  const refuseSkippedWord = (current: DiagramNode, level: number, base: bigint): void => {
    throw new RangeError(`addresses that match on bits ${level}-${current.axis} from ${base} can't be listed`);
  };
  walk(node, AXIS[axis], FAMILY_RANGE[family].first);
  return branches;
}

/** Joins ascending, disjoint branches into one node: the opposite of listAddressBranches. */
export function joinAddressBranches(
  axis: AddressAxis,
  family: Family,
  branches: readonly AddressBranch[],
): DiagramNode {
  if (family === 'ip') {
    const builder = new NodeBuilder(AXIS[axis], MAX_WORD);
    for (const { range, below } of branches) builder.add(Number(range.first), Number(range.last), below);
    return builder.finish();
  }
  return uniteAll(
    branches.map(({ range, below }) => createAddressNode(axis, family, [range], below)),
    getAxisMax,
  );
}

/** Returns the branches that overlap a range, cut to it. */
export function intersectBranches(branches: readonly AddressBranch[], range: Range): readonly AddressBranch[] {
  const result: AddressBranch[] = [];
  for (
    let i = findFirstEnding(branches, range.first, (branch) => branch.range.last);
    i < branches.length && branches[i]!.range.first <= range.last;
    i++
  ) {
    const common = intersectRanges(branches[i]!.range, range);
    if (common) result.push({ range: common, below: branches[i]!.below });
  }
  return result;
}
