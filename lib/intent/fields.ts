// Parses single values and objects of an intent (text, number, list, record) that may be anything, and records each
// problem with the place where it was written.

import { countEdits } from '../problems/find-nearest-word';
import { Problem } from '../problems/problem';
import { findKeyContexts } from './intent-keys';
import * as say from './problems/field-problems';

/**
 * The place at which a value is written, and the list that its problems go to. Its text is made only for a problem:
 * most values have none.
 */
export class IntentLocation {
  constructor(
    private readonly parent: string | IntentLocation,
    readonly problems: Problem[],
    private readonly separator: '' | ' ' | '.' | '[' = '',
    private readonly key: string | number = '',
  ) {}

  get where(): string {
    if (typeof this.parent === 'string') return this.parent;
    return `${this.parent.where}${this.separator}${this.key}${this.separator === '[' ? ']' : ''}`;
  }

  /** Returns the location of an entry of a list, or of a field of the part itself. */
  getChild(key: string | number): IntentLocation {
    return new IntentLocation(this, this.problems, typeof key === 'number' ? '[' : ' ', key);
  }

  /** Returns the location of a field within a value that is itself a field: `open[2].from`. */
  getNested(key: string): IntentLocation {
    return new IntentLocation(this, this.problems, '.', key);
  }

  report(problem: Problem): undefined {
    this.problems.push(problem);
    return undefined;
  }
}

/** Control and format characters, halves of surrogate pairs, private and unassigned ones, line and paragraph breaks. */
const CONTROL_CHARACTERS = /[\p{C}\p{Zl}\p{Zp}]/u;

const MAX_TEXT_CHARACTERS = 300;
const MAX_LIST_ENTRIES = 10_000;
/** Larger than any configuration in use. */
const MAX_FILE_CHARACTERS = 16 * 1024 * 1024;

/**
 * Whether a value is a token of cdktf. cdktf writes tokens as text (`${`), in lists (`#{`), in keys of maps (`&{`) and
 * as numbers near -1e298.
 */
export const isToken = (value: unknown): boolean =>
  (typeof value === 'string' && /[$#&%]\{/.test(value)) ||
  (typeof value === 'number' && value < -1e280) ||
  (typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as { resolve?: unknown }).resolve === 'function');

/** Parses text on one line that is not a token. `expected` completes "instead". */
export function parseText(
  value: unknown,
  location: IntentLocation,
  expected: string,
  maxLength = MAX_TEXT_CHARACTERS,
): string | undefined {
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (typeof value !== 'string') return location.report(say.describeWrongType(location.where, value, expected));
  if (value === '') return location.report(say.describeEmptyText(location.where));
  if (say.UNSET_TEMPLATE_PATTERN.test(value))
    return location.report(say.describeUnsetInText(location.where, value, expected));
  if (value.length > maxLength) return location.report(say.describeLongText(location.where, value.length, maxLength));
  if (!CONTROL_CHARACTERS.test(value)) return value;
  const isLastBreak = !CONTROL_CHARACTERS.test(value.replace(/\r?\n$/, ''));
  return location.report(
    isLastBreak
      ? say.describeTrailingLineBreak(location.where, value)
      : say.describeControlCharacters(location.where, value),
  );
}

/** Parses the content of a file, which may have several lines. */
export function parseFileContent(value: unknown, location: IntentLocation): string | undefined {
  // Only the tokens that cdktf writes are refused: a configuration may hold braces of all kinds.
  if (typeof value === 'string' ? /[$#&]\{TfToken\[/.test(value) : isToken(value))
    return location.report(say.describeUnknownAtSynth(location.where));
  if (typeof value !== 'string')
    return location.report(say.describeWrongType(location.where, value, 'the content of a file, as text'));
  if (value === '') return location.report(say.describeEmptyText(location.where));
  return value.length > MAX_FILE_CHARACTERS
    ? location.report(say.describeLongText(location.where, value.length, MAX_FILE_CHARACTERS))
    : value;
}

export function parseInteger(
  value: unknown,
  location: IntentLocation,
  first: number,
  last: number,
): number | undefined {
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (typeof value !== 'number')
    return location.report(say.describeWrongType(location.where, value, `A number from ${first} to ${last}`));
  if (!Number.isInteger(value) || value < first || value > last)
    return location.report(say.describeNumberOutOfRange(location.where, value, first, last));
  return value;
}

/** Parses a list with at least one entry. `adviceIfEmpty` says what to write instead of an empty one. */
export function parseList(
  value: unknown,
  location: IntentLocation,
  expected: string,
  adviceIfEmpty: string,
  maxEntries = MAX_LIST_ENTRIES,
): readonly unknown[] | undefined {
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (!Array.isArray(value))
    return location.report(say.describeWrongType(location.where, value, say.suggestList(value, expected)));
  if (value.length === 0) return location.report(say.describeEmptyList(location.where, adviceIfEmpty));
  if (value.length > maxEntries)
    return location.report(say.describeLongList(location.where, 'entries', value.length, maxEntries));
  // The copy has no holes: a missing entry becomes undefined.
  return Array.from(value as readonly unknown[]);
}

/** Returns the parsed entries of a list without the wrong ones. Returns an empty list if the value is no list. */
export const parseEntries = <T>(
  value: unknown,
  location: IntentLocation,
  expected: string,
  adviceIfEmpty: string,
  parseEntry: (entry: unknown, entryLocation: IntentLocation) => T | readonly T[] | undefined,
  maxEntries?: number,
): readonly T[] =>
  (parseList(value, location, expected, adviceIfEmpty, maxEntries) ?? []).flatMap(
    (entry, index) => parseEntry(entry, location.getChild(index)) ?? [],
  );

/** Parses a plain object. */
export function parseRecord(
  value: unknown,
  location: IntentLocation,
  expected: string,
): Readonly<Record<string, unknown>> | undefined {
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (typeof value !== 'object' || value === null || Array.isArray(value) || say.isPromise(value)) {
    return location.report(say.describeWrongType(location.where, value, expected));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // The check also accepts plain objects of another realm.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return location.report(say.describeNotPlain(location.where));
  return value as Readonly<Record<string, unknown>>;
}

/** The fields of one object of an intent. A wrong field is recorded as a problem and parsed as undefined. */
export class IntentFields {
  private constructor(
    private readonly record: Readonly<Record<string, unknown>>,
    private readonly location: IntentLocation,
    private readonly isNested: boolean,
    private readonly overriddenLocations: Readonly<Record<string, string>> = {},
  ) {}

  /**
   * Parses an object and reports each unknown key. `isNested`: whether the object is a field of another one.
   * `refusedKeys`: unknown keys that the caller reports itself. `keysElsewhere`: keys that only suggestions name.
   */
  static parse(
    value: unknown,
    location: IntentLocation,
    expected: string,
    knownKeys: readonly string[],
    isNested = true,
    refusedKeys: readonly string[] = [],
    keysElsewhere: readonly string[] = [],
  ): IntentFields | undefined {
    const record = parseRecord(value, location, expected);
    if (!record) return undefined;
    for (const key of Object.keys(record)) {
      if (isToken(key)) location.report(say.describeUnknownAtSynth(location.where));
      else if (!knownKeys.includes(key) && !refusedKeys.includes(key)) {
        const suggestedKeys = [...knownKeys, ...keysElsewhere];
        location.report(
          say.describeUnknownKey(location.where, key, {
            nearKey: findNearestKey(key, suggestedKeys),
            elsewhere: findKeyContexts(key),
            knownKeys: suggestedKeys,
          }),
        );
      }
    }
    return new IntentFields(record, location, isNested);
  }

  /** Returns the same fields, with the locations of those that are written elsewhere. Their problems name these. */
  overrideLocations(locations: Readonly<Record<string, string>>): IntentFields {
    return new IntentFields(this.record, this.location, this.isNested, locations);
  }

  getLocation(key: string): IntentLocation {
    const overriddenLocation = this.overriddenLocations[key];
    if (overriddenLocation !== undefined) return new IntentLocation(overriddenLocation, this.location.problems);
    return this.isNested ? this.location.getNested(key) : this.location.getChild(key);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.record, key) && this.record[key] !== undefined;
  }

  /** Whether the field belongs at another place and is missing. Its problem is reported there and not here. */
  isRefusedElsewhere(key: string): boolean {
    return this.overriddenLocations[key] !== undefined && !this.has(key);
  }

  getValue(key: string): unknown {
    return Object.hasOwn(this.record, key) ? this.record[key] : undefined;
  }

  /** Returns whether the field is set. Reports a problem if it isn't. */
  requireField(key: string, expected: string): boolean {
    if (this.has(key)) return true;
    if (!this.isRefusedElsewhere(key))
      this.location.report(say.describeMissingField(this.location.where, key, expected));
    return false;
  }

  /** Returns what `parse` makes of a required field. */
  parseRequired<T>(
    key: string,
    expected: string,
    parse: (value: unknown, location: IntentLocation) => T,
  ): T | undefined {
    return this.requireField(key, expected) ? parse(this.getValue(key), this.getLocation(key)) : undefined;
  }

  /** Returns what `parse` makes of an optional field, or the fallback if the field isn't set. */
  parseOptional<T, O>(key: string, parse: (value: unknown, location: IntentLocation) => T, fallback: O): T | O {
    return this.has(key) ? parse(this.getValue(key), this.getLocation(key)) : fallback;
  }

  parseText(key: string, expected: string, maxLength?: number): string | undefined {
    return this.parseRequired(key, expected, (value, fieldLocation) =>
      parseText(value, fieldLocation, expected, maxLength),
    );
  }

  parseOptionalText(key: string, expected: string, maxLength?: number): string | undefined {
    return this.parseOptional(
      key,
      (value, fieldLocation) => parseText(value, fieldLocation, expected, maxLength),
      undefined,
    );
  }

  parseName(key: string): string | undefined {
    return this.parseRequired(key, 'a name such as "web-1"', parseName);
  }

  parseChoice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.getValue(key);
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return chosen;
    const text = this.parseText(key, choices.map((choice) => `"${choice}"`).join(' or '));
    return text === undefined
      ? undefined
      : this.location.report(say.describeUnknownChoice(this.getLocation(key).where, text, choices));
  }

  parseOptionalChoice<T extends string>(key: string, choices: readonly T[], fallback: T): T | undefined {
    return this.has(key) ? this.parseChoice(key, choices) : fallback;
  }

  parseOptionalFlag(key: string, fallback: boolean): boolean | undefined {
    if (!this.has(key)) return fallback;
    const value = this.getValue(key);
    if (typeof value === 'boolean') return value;
    const location = this.getLocation(key);
    return location.report(
      isToken(value)
        ? say.describeUnknownAtSynth(location.where)
        : say.describeWrongType(location.where, value, 'the value true or false'),
    );
  }

  parseOptionalInteger<T>(key: string, first: number, last: number, fallback: T): number | T | undefined {
    return this.parseOptional(key, (value, fieldLocation) => parseInteger(value, fieldLocation, first, last), fallback);
  }

  parseInteger(key: string, first: number, last: number): number | undefined {
    return this.parseRequired(key, `a number from ${first} to ${last}`, (value, fieldLocation) =>
      parseInteger(value, fieldLocation, first, last),
    );
  }
}

export function parseName(value: unknown, location: IntentLocation): string | undefined {
  const text = parseText(value, location, 'A name such as "web-1"');
  if (text === undefined) return undefined;
  return /^[a-z][a-z0-9-]{0,62}$/.test(text) ? text : location.report(say.describeBadName(location.where, text));
}

/** Runs `parse` on a value of unknown origin. An exception of that value's own code becomes a problem. */
export function runGuarded(location: IntentLocation, parse: () => void): void {
  try {
    parse();
  } catch {
    location.report(say.describeUnreadable(location.where));
  }
}

/** Returns a text field of any value, unchecked. Returns undefined if there is none. */
export function findTextField(value: unknown, key: string): string | undefined {
  try {
    const text: unknown =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

const normalizeKey = (text: string): string => text.toLowerCase().replace(/[^a-z]|es$/g, '');
/** Returns a known key that is one edit away, as after a typing mistake, or that differs by its plural. */
const findNearestKey = (key: string, knownKeys: readonly string[]): string | undefined =>
  knownKeys.find((candidate) => countEdits(normalizeKey(candidate), normalizeKey(key)) <= 1);
