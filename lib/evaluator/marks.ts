import { Interned } from '../net/interned';

export type Mark = 'mark' | 'ct mark';
/** Of a mark all of whose bits are meant. */
export const EVERY_BIT = 0xffff_ffff;

/**
 * What a rule makes of a mark, bit by bit: what it keeps of it, turned by what it takes of the other mark and by a number of its own. Of
 * `unclear` bits nobody knows what it makes.
 */
export interface MarkChange {
  readonly of: Mark;
  readonly keeps: number;
  readonly takes: number;
  readonly turns: number;
  readonly unclear: number;
}

export const anyOf = (of: Mark): MarkChange => ({ of, keeps: 0, takes: 0, turns: 0, unclear: EVERY_BIT });

/** A mark as far as it is known: the bits that aren't are none in `value`. */
interface Bits {
  readonly value: number;
  readonly unclear: number;
}

/** The marks of a packet and of its connection. Interned. */
export interface Marks extends Readonly<Record<Mark, Bits>> {
  readonly key: string;
}

const interned = new Interned<string, Marks>();

function marksOf(mark: Bits, ofConnection: Bits): Marks {
  const key = [mark, ofConnection].map(({ value, unclear }) => `${value}?${unclear}`).join(' ');
  return interned.of(key, () => ({ mark, 'ct mark': ofConnection, key }));
}

const NONE: Bits = { value: 0, unclear: 0 };
const ANY: Bits = { value: 0, unclear: EVERY_BIT };
export const UNMARKED = marksOf(NONE, NONE);
export const UNKNOWN_MARKS = marksOf(ANY, ANY);

/** As a packet comes to its first rule. A process sets what it wants, and of a later packet's connection rules may have set any. */
export const marksAtFirst = (own: boolean, isLater: boolean, connectionMarks: boolean): Marks =>
  marksOf(own ? ANY : NONE, connectionMarks && isLater ? ANY : NONE);

/** What a rule makes of them. The mark of a connection is set where there is one. */
export function changed(marks: Marks, change: MarkChange, hasConnection: 'yes' | 'no' | 'maybe'): Marks {
  const { of } = change;
  if (of === 'mark') return marksOf(changedBits(marks.mark, marks['ct mark'], change), marks['ct mark']);
  if (hasConnection === 'no') return marks;
  const after = marksOf(marks.mark, changedBits(marks['ct mark'], marks.mark, change));
  return hasConnection === 'yes' ? after : eitherMarks(marks, after);
}

function changedBits(own: Bits, other: Bits, { keeps, takes, turns, unclear: lost }: MarkChange): Bits {
  const unclear = ((own.unclear & keeps) | (other.unclear & takes) | lost) >>> 0;
  return { value: (((own.value & keeps) ^ (other.value & takes) ^ turns) & ~unclear) >>> 0, unclear };
}

/** What is known where either may be the case. */
export function eitherMarks(a: Marks, b: Marks): Marks {
  if (a === b) return a;
  const both = (of: Mark): Bits => {
    const unclear = (a[of].unclear | b[of].unclear | (a[of].value ^ b[of].value)) >>> 0;
    return { value: (a[of].value & ~unclear) >>> 0, unclear };
  };
  return marksOf(both('mark'), both('ct mark'));
}

/** What is known where rules may have done that, or not, in any order. */
export const perhapsMarked = (marks: Marks, changes: readonly MarkChange[]): Marks =>
  changes.reduce((all, { of, keeps, takes, turns, unclear }) => {
    const bits = ((~keeps & EVERY_BIT) | takes | turns | unclear) >>> 0;
    const own: Bits = { value: (all[of].value & ~bits) >>> 0, unclear: (all[of].unclear | bits) >>> 0 };
    return of === 'mark' ? marksOf(own, all['ct mark']) : marksOf(all.mark, own);
  }, marks);

/** More bits than these may be anything at all. */
const MOST_BITS = 8;

/** The values that some bits of a mark may have; undefined: too many. */
export function valuesOf({ value, unclear }: Bits, of = EVERY_BIT): readonly number[] | undefined {
  const bits = Array.from({ length: 32 }, (_, at) => (unclear & of & (1 << at)) >>> 0).filter((bit) => bit !== 0);
  if (bits.length > MOST_BITS) return undefined;
  return bits.reduce<readonly number[]>((all, bit) => [...all, ...all.map((one) => (one | bit) >>> 0)], [value]);
}
