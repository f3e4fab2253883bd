// Expands a comparison under a bit mask (`ip saddr & 255.0.0.255 == 10.0.0.1`) to the ranges of values that match.
import { FAMILY_RANGE } from '../../net/address';
import { covers, mergeRanges, intersectRanges, Range } from '../../net/range';
import { PacketField } from '../../evaluator/packet-fields';
import { Members, Tuple, FieldValue } from '../../evaluator/ruleset-model';
import { parseValue } from './parse-values';

/**
 * Bits above the lowest that a mask keeps: each doubles the pieces. `tcp dport & 1 == 1` matches every other port and
 * isn't worth its time.
 */
const MAX_FREE_BITS = 8;
const MAX_SEARCH_STEPS = 2_048;

/**
 * Returns the values of a field from which a mask leaves one of the members. Undefined if they aren't understood, or
 * are too many pieces.
 */
export function expandMask(field: PacketField, mask: string, members: Members): Members | undefined {
  const value = parseValue(field, mask);
  const bits = value && toNumbers(field, value);
  if (!bits || bits.first !== bits.last) return undefined;
  const tuples: Tuple[] = [];
  for (const tuple of members.tuples) {
    const maskedRange = toNumbers(field, tuple.values[0]!);
    const pieces = maskedRange && expandMaskedRange(getFieldWidth(field), bits.first, maskedRange);
    if (!pieces) return undefined;
    for (const range of pieces) tuples.push({ ...tuple, values: [toValue(field, range)] });
  }
  return { ...members, tuples };
}

function expandMaskedRange(width: number, mask: bigint, maskedRange: Range): readonly Range[] | undefined {
  const bits = Array.from({ length: width }, (_, bit) => 1n << BigInt(bit));
  const lowest = bits.findIndex((bit) => (mask & bit) !== 0n);
  const free = bits.slice(lowest < 0 ? width : lowest).filter((bit) => (mask & bit) === 0n);
  if (free.length > MAX_FREE_BITS) return undefined;
  return maskedRange.first === maskedRange.last
    ? enumerateMatches(maskedRange.first, mask, free, lowest < 0 ? width : lowest)
    : searchMatches(width, mask, maskedRange);
}

/** Returns all values with the same bits under the mask, and any bits below its lowest bit. */
function enumerateMatches(
  maskedValue: bigint,
  mask: bigint,
  free: readonly bigint[],
  lowest: number,
): readonly Range[] {
  if ((maskedValue & ~mask) !== 0n) return [];
  const starts = free.reduce<readonly bigint[]>(
    (values, bit) => [...values, ...values.map((value) => value | bit)],
    [maskedValue],
  );
  return mergeRanges(starts.map((first) => ({ first, last: first + (1n << BigInt(lowest)) - 1n })));
}

/** Searches bit by bit, from the highest. A prefix is one piece if all of its values match, or none of them. */
function searchMatches(width: number, mask: bigint, maskedRange: Range): readonly Range[] | undefined {
  const matches: Range[] = [];
  let steps = 0;
  const visit = (bit: number, prefix: bigint): boolean => {
    if (++steps > MAX_SEARCH_STEPS) return false;
    const below = (1n << BigInt(bit)) - 1n;
    // The lowest and the highest masked value of this prefix.
    const maskedBounds = { first: prefix & mask, last: (prefix & mask) | (below & mask) };
    if (!intersectRanges(maskedBounds, maskedRange)) return true;
    if (covers(maskedRange, maskedBounds)) {
      matches.push({ first: prefix, last: prefix | below });
      return true;
    }
    return bit > 0 && visit(bit - 1, prefix) && visit(bit - 1, prefix | (1n << BigInt(bit - 1)));
  };
  return visit(width, 0n) ? mergeRanges(matches) : undefined;
}

const getFieldWidth = ({ looksAt, family }: PacketField): number =>
  looksAt.is === 'address' ? (family === 'ip6' ? 128 : 32) : looksAt.is === 'number' && isOneByte(looksAt) ? 8 : 16;
const isOneByte = ({ axis, words }: { readonly axis: string; readonly words: string }): boolean =>
  axis === 'protocol' || words.startsWith('icmp');

const getFamilyStart = ({ family }: PacketField): bigint => FAMILY_RANGE[family ?? 'ip'].first;

function toNumbers(field: PacketField, value: FieldValue): Range | undefined {
  if (value.is === 'numbers') return { first: BigInt(value.range.first), last: BigInt(value.range.last) };
  if (value.is !== 'addresses') return undefined;
  return { first: value.range.first - getFamilyStart(field), last: value.range.last - getFamilyStart(field) };
}

function toValue(field: PacketField, { first, last }: Range): FieldValue {
  if (field.looksAt.is === 'number') return { is: 'numbers', range: { first: Number(first), last: Number(last) } };
  return { is: 'addresses', range: { first: first + getFamilyStart(field), last: last + getFamilyStart(field) } };
}
