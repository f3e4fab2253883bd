import { FAMILY_RANGE, Family } from './address';
import { NumberRange } from './device';
import { firstOf } from './diagram';
import { NOTHING, Node, NodeBuilder } from './node';
import { Range, firstEnding, joined, overlap, covers } from './range';

/**
 * The order of the axes. An address takes four words of 32 bits, so that every number is a plain one; IPv4 uses the
 * first word only. Destination comes first: hosts that are treated alike share everything below it.
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

/** The first axis behind all words of one. */
export const afterAxis = (axis: keyof typeof AXIS): number =>
  AXIS[axis] + (axis === 'destination' || axis === 'originalDestination' || axis === 'source' ? 4 : 1);

export type AddressAxis = 'destination' | 'originalDestination' | 'source';
type NumberAxis = 'protocol' | 'originalPort' | 'port' | 'sourcePort';

const WORDS: Readonly<Record<Family, number>> = { ip: 1, ip6: 4 };
export const FAMILY_NUMBER: Readonly<Record<Family, number>> = { ip: 4, ip6: 6 };
const WORD = 0xffff_ffff;

export const greatest = (axis: number): number =>
  axis === AXIS.family ? 7 : axis < AXIS.protocol ? WORD : axis === AXIS.protocol ? 255 : 65_535;

/** Numbers on one axis, in any order, to a node over `child`. */
export function numbers(axis: NumberAxis, ranges: readonly NumberRange[], child: Node): Node {
  const out = new NodeBuilder(AXIS[axis], greatest(AXIS[axis]));
  for (const { first, last } of joinedNumbers(ranges)) out.add(first, last, child);
  return out.finish();
}

/** Ascending, disjoint, neighbours joined. */
export function joinedNumbers(ranges: readonly NumberRange[]): readonly NumberRange[] {
  const out: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const previous = out.at(-1);
    if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else out.push({ first, last });
  }
  return out;
}

/** `ranges` without `holes`, in their order. */
export const numbersWithout = (ranges: readonly NumberRange[], holes: readonly NumberRange[]): readonly NumberRange[] =>
  holes.reduce<readonly NumberRange[]>(
    (left, hole) =>
      left.flatMap(({ first, last }) =>
        [
          { first, last: Math.min(last, hole.first - 1) },
          { first: Math.max(first, hole.last + 1), last },
        ].filter((one) => one.first <= one.last),
      ),
    ranges,
  );

/** Addresses of one family on one axis to a node over `child`. */
export function addresses(axis: AddressAxis, family: Family, ranges: readonly Range[], child: Node): Node {
  const whole = FAMILY_RANGE[family];
  const mine = joined(ranges.flatMap((range) => (covers(whole, range) ? range : (overlap(range, whole) ?? []))));
  const relative =
    family === 'ip'
      ? mine
      : mine.map((range) => ({ first: range.first - whole.first, last: range.last - whole.first }));
  return words(AXIS[axis], WORDS[family] - 1, relative, child);
}

/** `ranges` are ascending and disjoint, and have `more` + 1 words. */
function words(axis: number, more: number, ranges: readonly Range[], child: Node): Node {
  const out = new NodeBuilder(axis, WORD);
  if (more === 0) {
    for (const { first, last } of ranges) out.add(Number(first), Number(last), child);
    return out.finish();
  }
  const bits = BigInt(32 * more);
  const top = (1n << bits) - 1n;
  let partial: { word: bigint; ranges: Range[] } | undefined;
  const flush = (): void => {
    if (partial) out.add(Number(partial.word), Number(partial.word), words(axis + 1, more - 1, partial.ranges, child));
    partial = undefined;
  };
  const inWord = (word: bigint, range: Range): void => {
    if (partial?.word !== word) flush();
    partial ??= { word, ranges: [] };
    partial.ranges.push(range);
  };
  for (const { first, last } of ranges) {
    const [low, high] = [first >> bits, last >> bits];
    const [start, end] = [first & top, last & top];
    if (low === high && (start !== 0n || end !== top)) {
      inWord(low, { first: start, last: end });
      continue;
    }
    const fullFrom = start === 0n ? low : low + 1n;
    const fullTo = end === top ? high : high - 1n;
    if (fullFrom !== low) inWord(low, { first: start, last: top });
    if (fullFrom <= fullTo) {
      flush();
      out.add(Number(fullFrom), Number(fullTo), child);
    }
    if (fullTo !== high) inWord(high, { first: 0n, last: end });
  }
  flush();
  return out.finish();
}

export interface Stretch {
  readonly range: Range;
  readonly below: Node;
}

/**
 * What a node says along one address axis, as ranges of whole addresses in ascending order. The node looks at no axis
 * before that one. Stretches with nothing below are left out.
 */
export function alongAddresses(axis: AddressAxis, family: Family, node: Node): readonly Stretch[] {
  // Ten thousand translations look at one map of ten thousand hosts, each for its own host.
  const place = `${axis} ${family}`;
  let places = listed.get(node);
  if (!places) listed.set(node, (places = new Map()));
  let stretches = places.get(place);
  if (!stretches) places.set(place, (stretches = listAddresses(axis, family, node)));
  return stretches;
}

const listed = new WeakMap<Node, Map<string, readonly Stretch[]>>();

function listAddresses(axis: AddressAxis, family: Family, node: Node): readonly Stretch[] {
  if (node.axis < AXIS[axis])
    throw new RangeError(`what looks at axis ${node.axis} can't be listed along ${axis}: group by that one first`);
  const out: Stretch[] = [];
  const end = AXIS[axis] + WORDS[family];
  // What goes on in the next word is one stretch.
  const add = (range: Range, below: Node): void => {
    const before = out.at(-1);
    if (before?.below === below && before.range.last + 1n === range.first)
      out[out.length - 1] = { range: { first: before.range.first, last: range.last }, below };
    else out.push({ range, below });
  };
  const walk = (at: Node, level: number, base: bigint): void => {
    if (at === NOTHING) return;
    const bits = BigInt(32 * (WORDS[family] - 1 - (level - AXIS[axis])));
    if (at.axis >= end) {
      add({ first: base, last: base + (1n << (bits + 32n)) - 1n }, at);
      return;
    }
    if (at.axis > level) return stepDown(at, level, base);
    for (let i = 0; i < at.firsts.length; i++) {
      const [first, last, child] = [at.firsts[i]!, at.lasts[i]!, at.children[i]!];
      if (child.axis >= end) {
        add({ first: base + (BigInt(first) << bits), last: base + (BigInt(last + 1) << bits) - 1n }, child);
      } else for (let word = first; word <= last; word++) walk(child, level + 1, base + (BigInt(word) << bits));
    }
  };
  // A word that doesn't matter above one that does: only sets that no range of addresses makes have it.
  const stepDown = (at: Node, level: number, base: bigint): void => {
    throw new RangeError(`addresses that match on bits ${level}-${at.axis} from ${base} can't be listed`);
  };
  walk(node, AXIS[axis], FAMILY_RANGE[family].first);
  return out;
}

/** The opposite of `alongAddresses`: ascending, disjoint stretches to one node. */
export function fromAddresses(axis: AddressAxis, family: Family, stretches: readonly Stretch[]): Node {
  if (family === 'ip') {
    const out = new NodeBuilder(AXIS[axis], WORD);
    for (const { range, below } of stretches) out.add(Number(range.first), Number(range.last), below);
    return out.finish();
  }
  return firstOf(
    stretches.map(({ range, below }) => addresses(axis, family, [range], below)),
    greatest,
  );
}

/** Stretches that overlap a range, cut to it. */
export function stretchesIn(stretches: readonly Stretch[], range: Range): readonly Stretch[] {
  const out: Stretch[] = [];
  for (
    let i = firstEnding(stretches, range.first, (one) => one.range.last);
    i < stretches.length && stretches[i]!.range.first <= range.last;
    i++
  ) {
    const common = overlap(stretches[i]!.range, range);
    if (common) out.push({ range: common, below: stretches[i]!.below });
  }
  return out;
}
