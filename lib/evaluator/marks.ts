// Models the mark of a packet and of the connection bit by bit, with unknown bits, and applies the changes that rules
// make.
import { InternTable } from '../net/intern-tables';

export type MarkKind = 'mark' | 'ct mark';
/** The mask of a mark all of whose bits count. */
export const ALL_BITS = 0xffff_ffff;

/**
 * A rule's change of a mark, bit by bit: the bits that it keeps, XORed with the bits that it takes of the other mark
 * and with a number of its own (`xorMask`). The result of the bits of `unknownMask` is unknown.
 */
export interface MarkChange {
  readonly kind: MarkKind;
  readonly keepMask: number;
  readonly takeMask: number;
  readonly xorMask: number;
  readonly unknownMask: number;
}

export const createUnknownChange = (kind: MarkKind): MarkChange => ({
  kind,
  keepMask: 0,
  takeMask: 0,
  xorMask: 0,
  unknownMask: ALL_BITS,
});

/** A mark as far as it is known. Unknown bits are set in `unclear` and are 0 in `value`. */
interface MarkBits {
  readonly value: number;
  readonly unclear: number;
}

/** The marks of a packet and of its connection. Interned. */
export interface Marks extends Readonly<Record<MarkKind, MarkBits>> {
  readonly key: string;
}

const internedMarks = new InternTable<string, Marks>();

function createMarks(mark: MarkBits, ofConnection: MarkBits): Marks {
  const key = [mark, ofConnection].map(({ value, unclear }) => `${value}?${unclear}`).join(' ');
  return internedMarks.getOrCreate(key, () => ({ mark, 'ct mark': ofConnection, key }));
}

const NO_BITS: MarkBits = { value: 0, unclear: 0 };
const UNKNOWN_BITS: MarkBits = { value: 0, unclear: ALL_BITS };
export const UNMARKED = createMarks(NO_BITS, NO_BITS);
export const UNKNOWN_MARKS = createMarks(UNKNOWN_BITS, UNKNOWN_BITS);

/**
 * Returns the marks of a packet at its first rule. A process sets any mark. For a later packet, rules may have set any
 * mark of its connection.
 */
export const createInitialMarks = (isLocal: boolean, isLater: boolean, connectionMarks: boolean): Marks =>
  createMarks(isLocal ? UNKNOWN_BITS : NO_BITS, connectionMarks && isLater ? UNKNOWN_BITS : NO_BITS);

/** Returns the marks after a rule's change. The mark of a connection is set only if there is a connection. */
export function applyMarkChange(marks: Marks, change: MarkChange, hasConnection: 'yes' | 'no' | 'maybe'): Marks {
  const { kind } = change;
  if (kind === 'mark') return createMarks(applyBitChange(marks.mark, marks['ct mark'], change), marks['ct mark']);
  if (hasConnection === 'no') return marks;
  const after = createMarks(marks.mark, applyBitChange(marks['ct mark'], marks.mark, change));
  return hasConnection === 'yes' ? after : mergeMarks(marks, after);
}

function applyBitChange(
  bits: MarkBits,
  otherBits: MarkBits,
  { keepMask, takeMask, xorMask, unknownMask }: MarkChange,
): MarkBits {
  const unclear = ((bits.unclear & keepMask) | (otherBits.unclear & takeMask) | unknownMask) >>> 0;
  return { value: (((bits.value & keepMask) ^ (otherBits.value & takeMask) ^ xorMask) & ~unclear) >>> 0, unclear };
}

/** Returns what is known of the marks if either may hold. */
export function mergeMarks(a: Marks, b: Marks): Marks {
  if (a === b) return a;
  const mergeBits = (kind: MarkKind): MarkBits => {
    const unclear = (a[kind].unclear | b[kind].unclear | (a[kind].value ^ b[kind].value)) >>> 0;
    return { value: (a[kind].value & ~unclear) >>> 0, unclear };
  };
  return createMarks(mergeBits('mark'), mergeBits('ct mark'));
}

/** Returns what is known of the marks if rules may have made these changes or not, in any order. */
export const forgetMarks = (marks: Marks, changes: readonly MarkChange[]): Marks =>
  changes.reduce((blurred, { kind, keepMask, takeMask, xorMask, unknownMask }) => {
    const bits = ((~keepMask & ALL_BITS) | takeMask | xorMask | unknownMask) >>> 0;
    const blurredBits: MarkBits = {
      value: (blurred[kind].value & ~bits) >>> 0,
      unclear: (blurred[kind].unclear | bits) >>> 0,
    };
    return kind === 'mark' ? createMarks(blurredBits, blurred['ct mark']) : createMarks(blurred.mark, blurredBits);
  }, marks);

/** The most unknown bits of which values are listed. With more, the mark may be anything at all. */
const MAX_UNKNOWN_BITS = 8;

/** Returns the values that some bits of a mark may have; undefined: too many. */
export function listMarkValues({ value, unclear }: MarkBits, mask = ALL_BITS): readonly number[] | undefined {
  const bits = Array.from({ length: 32 }, (_, index) => (unclear & mask & (1 << index)) >>> 0).filter(
    (bit) => bit !== 0,
  );
  if (bits.length > MAX_UNKNOWN_BITS) return undefined;
  return bits.reduce<readonly number[]>(
    (values, bit) => [...values, ...values.map((maskedValue) => (maskedValue | bit) >>> 0)],
    [value],
  );
}
