import { edits } from '../problems/nearest';
import { Problem } from '../problems/problem';
import { takenBy } from './keys';
import * as say from './problems/shape';

/** Where a value was written, and where its problems go. Spelled only when there is a problem: most values have none. */
export class Place {
  constructor(
    private readonly from: string | Place,
    readonly problems: Problem[],
    private readonly separator: '' | ' ' | '.' | '[' = '',
    private readonly key: string | number = '',
  ) {}

  get where(): string {
    if (typeof this.from === 'string') return this.from;
    return `${this.from.where}${this.separator}${this.key}${this.separator === '[' ? ']' : ''}`;
  }

  /** An entry of a list, or a field of the part itself. */
  at(key: string | number): Place {
    return new Place(this, this.problems, typeof key === 'number' ? '[' : ' ', key);
  }

  /** Within a value that is itself a field: `open[2].from`. */
  in(key: string): Place {
    return new Place(this, this.problems, '.', key);
  }

  add(problem: Problem): undefined {
    this.problems.push(problem);
    return undefined;
  }
}

/** Control and format characters, halves of surrogate pairs, private and unassigned ones, line and paragraph breaks. */
const CONTROL = /[\p{C}\p{Zl}\p{Zp}]/u;

const MOST_CHARACTERS = 300;
const MOST_ENTRIES = 10_000;
/** More than the largest configuration that people have. */
const MOST_OF_A_FILE = 16 * 1024 * 1024;

/** cdktf writes tokens as text (`${`), in lists (`#{`), in keys of maps (`&{`) and as numbers near -1e298. */
export const isToken = (value: unknown): boolean =>
  (typeof value === 'string' && /[$#&%]\{/.test(value)) ||
  (typeof value === 'number' && value < -1e280) ||
  (typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as { resolve?: unknown }).resolve === 'function');

/** Text on one line that is not a token. `wanted` completes "instead". */
export function textOf(value: unknown, place: Place, wanted: string, most = MOST_CHARACTERS): string | undefined {
  if (isToken(value)) return place.add(say.unknownAtSynth(place.where));
  if (typeof value !== 'string') return place.add(say.wrongType(place.where, value, wanted));
  if (value === '') return place.add(say.emptyText(place.where));
  if (say.UNSET.test(value)) return place.add(say.unsetInText(place.where, value, wanted));
  if (value.length > most) return place.add(say.tooLongText(place.where, value.length, most));
  if (!CONTROL.test(value)) return value;
  const isLastBreak = !CONTROL.test(value.replace(/\r?\n$/, ''));
  return place.add(isLastBreak ? say.lineBreakAtEnd(place.where, value) : say.controlCharacters(place.where, value));
}

/** A file's content. */
export function longTextOf(value: unknown, place: Place): string | undefined {
  // Only what cdktf itself writes: a configuration may hold braces of all kinds.
  if (typeof value === 'string' ? /[$#&]\{TfToken\[/.test(value) : isToken(value))
    return place.add(say.unknownAtSynth(place.where));
  if (typeof value !== 'string') return place.add(say.wrongType(place.where, value, 'the content of a file, as text'));
  if (value === '') return place.add(say.emptyText(place.where));
  return value.length > MOST_OF_A_FILE ? place.add(say.tooLongText(place.where, value.length, MOST_OF_A_FILE)) : value;
}

export function wholeOf(value: unknown, place: Place, first: number, last: number): number | undefined {
  if (isToken(value)) return place.add(say.unknownAtSynth(place.where));
  if (typeof value !== 'number')
    return place.add(say.wrongType(place.where, value, `A number from ${first} to ${last}`));
  if (!Number.isInteger(value) || value < first || value > last)
    return place.add(say.notWhole(place.where, value, first, last));
  return value;
}

/** A list with at least one entry. `empty` says what to write instead of an empty one. */
export function listOf(
  value: unknown,
  place: Place,
  wanted: string,
  empty: string,
  most = MOST_ENTRIES,
): readonly unknown[] | undefined {
  if (isToken(value)) return place.add(say.unknownAtSynth(place.where));
  if (!Array.isArray(value)) return place.add(say.wrongType(place.where, value, say.listed(value, wanted)));
  if (value.length === 0) return place.add(say.emptyList(place.where, empty));
  if (value.length > most) return place.add(say.tooLong(place.where, 'entries', value.length, most));
  // A copy without holes: an entry that isn't there is one that isn't set.
  return Array.from(value as readonly unknown[]);
}

/** What the entries of a list say, as far as they can be read. None where it is no list. */
export const entriesOf = <T>(
  value: unknown,
  place: Place,
  wanted: string,
  empty: string,
  read: (entry: unknown, at: Place) => T | readonly T[] | undefined,
  most?: number,
): readonly T[] =>
  (listOf(value, place, wanted, empty, most) ?? []).flatMap((entry, index) => read(entry, place.at(index)) ?? []);

/** A plain object whose own keys are all known. */
export function recordOf(value: unknown, place: Place, wanted: string): Readonly<Record<string, unknown>> | undefined {
  if (isToken(value)) return place.add(say.unknownAtSynth(place.where));
  if (typeof value !== 'object' || value === null || Array.isArray(value) || say.isPromise(value)) {
    return place.add(say.wrongType(place.where, value, wanted));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Also true for plain objects of another realm.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return place.add(say.notPlain(place.where));
  return value as Readonly<Record<string, unknown>>;
}

/** The fields of one record that a person wrote. Each is read once; what is wrong is recorded and comes back undefined. */
export class Fields {
  private constructor(
    private readonly record: Readonly<Record<string, unknown>>,
    private readonly place: Place,
    private readonly nested: boolean,
    private readonly others: Readonly<Record<string, string>> = {},
  ) {}

  /** `refused`: keys that the caller refuses itself, in words of its own. `nested`: whether it is a field of another record. */
  static of(
    value: unknown,
    place: Place,
    wanted: string,
    known: readonly string[],
    nested = true,
    refused: readonly string[] = [],
    elsewhere: readonly string[] = [],
  ): Fields | undefined {
    const record = recordOf(value, place, wanted);
    if (!record) return undefined;
    for (const key of Object.keys(record)) {
      if (isToken(key)) place.add(say.unknownAtSynth(place.where));
      else if (!known.includes(key) && !refused.includes(key)) {
        const all = [...known, ...elsewhere];
        place.add(say.unknownKey(place.where, key, { near: nearest(key, all), elsewhere: takenBy(key), known: all }));
      }
    }
    return new Fields(record, place, nested);
  }

  /** The same, where some were written elsewhere: there their problems belong. */
  writtenAt(others: Readonly<Record<string, string>>): Fields {
    return new Fields(this.record, this.place, this.nested, others);
  }

  at(key: string): Place {
    const other = this.others[key];
    if (other !== undefined) return new Place(other, this.place.problems);
    return this.nested ? this.place.in(key) : this.place.at(key);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.record, key) && this.record[key] !== undefined;
  }

  /** Whether it was to be written elsewhere, where something else was: refused there, it is no mistake here. */
  isRefusedElsewhere(key: string): boolean {
    return this.others[key] !== undefined && !this.has(key);
  }

  raw(key: string): unknown {
    return Object.hasOwn(this.record, key) ? this.record[key] : undefined;
  }

  /** False, and the problem recorded, when the field is not set. */
  required(key: string, wanted: string): boolean {
    if (this.has(key)) return true;
    if (!this.isRefusedElsewhere(key)) this.place.add(say.missing(this.place.where, key, wanted));
    return false;
  }

  /** What `of` reads in a field that must be set. */
  needed<T>(key: string, wanted: string, of: (value: unknown, place: Place) => T): T | undefined {
    return this.required(key, wanted) ? of(this.raw(key), this.at(key)) : undefined;
  }

  /** What `of` reads in a field that may be left out. */
  given<T, O>(key: string, of: (value: unknown, place: Place) => T, otherwise: O): T | O {
    return this.has(key) ? of(this.raw(key), this.at(key)) : otherwise;
  }

  text(key: string, wanted: string, most?: number): string | undefined {
    return this.needed(key, wanted, (value, at) => textOf(value, at, wanted, most));
  }

  optionalText(key: string, wanted: string, most?: number): string | undefined {
    return this.given(key, (value, at) => textOf(value, at, wanted, most), undefined);
  }

  name(key: string): string | undefined {
    return this.needed(key, 'a name such as "web-1"', nameOf);
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const own = this.raw(key);
    const chosen = choices.find((choice) => choice === own);
    if (chosen !== undefined) return chosen;
    const text = this.text(key, choices.map((choice) => `"${choice}"`).join(' or '));
    return text === undefined ? undefined : this.place.add(say.unknownChoice(this.at(key).where, text, choices));
  }

  choiceOr<T extends string>(key: string, choices: readonly T[], otherwise: T): T | undefined {
    return this.has(key) ? this.choice(key, choices) : otherwise;
  }

  flag(key: string, otherwise: boolean): boolean | undefined {
    if (!this.has(key)) return otherwise;
    const value = this.raw(key);
    if (typeof value === 'boolean') return value;
    const place = this.at(key);
    return place.add(
      isToken(value) ? say.unknownAtSynth(place.where) : say.wrongType(place.where, value, 'the value true or false'),
    );
  }

  wholeOr<T>(key: string, first: number, last: number, otherwise: T): number | T | undefined {
    return this.given(key, (value, at) => wholeOf(value, at, first, last), otherwise);
  }

  whole(key: string, first: number, last: number): number | undefined {
    return this.needed(key, `a number from ${first} to ${last}`, (value, at) => wholeOf(value, at, first, last));
  }
}

export function nameOf(value: unknown, place: Place): string | undefined {
  const text = textOf(value, place, 'A name such as "web-1"');
  if (text === undefined) return undefined;
  return /^[a-z][a-z0-9-]{0,62}$/.test(text) ? text : place.add(say.badName(place.where, text));
}

/** Runs what reads a stranger's value. Whatever that value's own code throws becomes a problem. */
export function guarded(place: Place, read: () => void): void {
  try {
    read();
  } catch {
    place.add(say.unreadable(place.where));
  }
}

/** A text field of what may be anything, without judging it. */
export function writtenText(value: unknown, key: string): string | undefined {
  try {
    const text: unknown =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z]|es$/g, '');
/** A known key that is one edit away, as a typing mistake makes it, or its plural. */
const nearest = (key: string, known: readonly string[]): string | undefined =>
  known.find((one) => edits(bare(one), bare(key)) <= 1);
