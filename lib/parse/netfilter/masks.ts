import { FAMILY_RANGE } from '../../net/address';
import { covers, joined, overlap, Range } from '../../net/range';
import { Field } from '../../evaluator/fields';
import { Members, Tuple, Value } from '../../evaluator/model';
import { valueOf } from './values';

/** Bits above the lowest that a mask keeps: each doubles the pieces. `tcp dport & 1 == 1` is every other port, and not worth its time. */
const MOST_FREE = 6;
const MOST_STEPS = 2_048;

/** The values of a field of which a mask leaves a wanted one. Undefined where they aren't understood, or are too many pieces. */
export function unmasked(field: Field, mask: string, members: Members): Members | undefined {
  const value = valueOf(field, mask);
  const bits = value && numbersOf(field, value);
  if (!bits || bits.first !== bits.last) return undefined;
  const tuples: Tuple[] = [];
  for (const { values, fleeting } of members.tuples) {
    const wanted = numbersOf(field, values[0]!);
    const pieces = wanted && piecesOf(widthOf(field), bits.first, wanted);
    if (!pieces) return undefined;
    for (const range of pieces) tuples.push({ values: [valueFrom(field, range)], fleeting });
  }
  return { tuples, learned: members.learned };
}

function piecesOf(width: number, mask: bigint, wanted: Range): readonly Range[] | undefined {
  const bits = Array.from({ length: width }, (_, bit) => 1n << BigInt(bit));
  const lowest = bits.findIndex((bit) => (mask & bit) !== 0n);
  const free = bits.slice(lowest < 0 ? width : lowest).filter((bit) => (mask & bit) === 0n);
  if (free.length > MOST_FREE) return undefined;
  return wanted.first === wanted.last
    ? alike(wanted.first, mask, free, lowest < 0 ? width : lowest)
    : searched(width, mask, wanted);
}

/** All with the same bits under the mask; below its lowest bit any. */
function alike(wanted: bigint, mask: bigint, free: readonly bigint[], lowest: number): readonly Range[] {
  if ((wanted & ~mask) !== 0n) return [];
  const starts = free.reduce<readonly bigint[]>((all, bit) => [...all, ...all.map((one) => one | bit)], [wanted]);
  return joined(starts.map((first) => ({ first, last: first + (1n << BigInt(lowest)) - 1n })));
}

/** Bit by bit, from the highest: what is wanted of all that begins alike, or of none of it, is one piece. */
function searched(width: number, mask: bigint, wanted: Range): readonly Range[] | undefined {
  const found: Range[] = [];
  let steps = 0;
  const visit = (bit: number, prefix: bigint): boolean => {
    if (++steps > MOST_STEPS) return false;
    const below = (1n << BigInt(bit)) - 1n;
    // The least and the greatest that the mask leaves of what begins so.
    const left = { first: prefix & mask, last: (prefix & mask) | (below & mask) };
    if (!overlap(left, wanted)) return true;
    if (covers(wanted, left)) {
      found.push({ first: prefix, last: prefix | below });
      return true;
    }
    return bit > 0 && visit(bit - 1, prefix) && visit(bit - 1, prefix | (1n << BigInt(bit - 1)));
  };
  return visit(width, 0n) ? joined(found) : undefined;
}

const widthOf = ({ looksAt, family }: Field): number =>
  looksAt.is === 'address' ? (family === 'ip6' ? 128 : 32) : looksAt.is === 'number' && isShort(looksAt) ? 8 : 16;
const isShort = ({ axis, words }: { readonly axis: string; readonly words: string }): boolean =>
  axis === 'protocol' || words.startsWith('icmp');

const startOf = ({ family }: Field): bigint => FAMILY_RANGE[family ?? 'ip'].first;

function numbersOf(field: Field, value: Value): Range | undefined {
  if (value.is === 'numbers') return { first: BigInt(value.range.first), last: BigInt(value.range.last) };
  if (value.is !== 'addresses') return undefined;
  return { first: value.range.first - startOf(field), last: value.range.last - startOf(field) };
}

function valueFrom(field: Field, { first, last }: Range): Value {
  if (field.looksAt.is === 'number') return { is: 'numbers', range: { first: Number(first), last: Number(last) } };
  return { is: 'addresses', range: { first: first + startOf(field), last: last + startOf(field) } };
}
