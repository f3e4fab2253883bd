// Parses single values and objects of an intent (text, number, list, record) that may be anything, and records each
// problem with the place where it was written.

import type { z } from 'zod';
import { countEdits } from '../problems/find-nearest-word';
import { Problem } from '../problems/problem';
import { findKeyContexts } from './find-key-contexts';
import { NAME_PATTERN, fileContentSchema, textSchema } from './intent-schemas';
import * as say from './problems/field-problems';
import { getChoices, getDefault, getKeys, getMaxCharacters, getMaxEntries, getNumberLimits } from './schema-fields';

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

/** Parses text on one line that is not a token. `expected` completes "instead"; the schema has the longest text. */
export function parseText(
  value: unknown,
  location: IntentLocation,
  expected: string,
  schema: z.ZodType = textSchema,
): string | undefined {
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (typeof value !== 'string') return location.report(say.describeWrongType(location.where, value, expected));
  if (value === '') return location.report(say.describeEmptyText(location.where));
  if (say.UNSET_TEMPLATE_PATTERN.test(value))
    return location.report(say.describeUnsetInText(location.where, value, expected));
  const maxLength = getMaxCharacters(schema);
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
  const maxLength = getMaxCharacters(fileContentSchema);
  return value.length > maxLength
    ? location.report(say.describeLongText(location.where, value.length, maxLength))
    : value;
}

/** Parses a number between the limits of the schema. */
export function parseInteger(value: unknown, location: IntentLocation, schema: z.ZodType): number | undefined {
  const [first, last] = getNumberLimits(schema);
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (typeof value !== 'number')
    return location.report(say.describeWrongType(location.where, value, `A number from ${first} to ${last}`));
  if (!Number.isInteger(value) || value < first || value > last)
    return location.report(say.describeNumberOutOfRange(location.where, value, first, last));
  return value;
}

/**
 * Parses a list with at least one entry. The schema has the longest list. `adviceIfEmpty` says what to write instead of
 * an empty one.
 */
export function parseList(
  value: unknown,
  location: IntentLocation,
  schema: z.ZodType,
  expected: string,
  adviceIfEmpty: string,
): readonly unknown[] | undefined {
  if (isToken(value)) return location.report(say.describeUnknownAtSynth(location.where));
  if (!Array.isArray(value))
    return location.report(say.describeWrongType(location.where, value, say.suggestList(value, expected)));
  if (value.length === 0) return location.report(say.describeEmptyList(location.where, adviceIfEmpty));
  const maxEntries = getMaxEntries(schema);
  if (value.length > maxEntries)
    return location.report(say.describeLongList(location.where, 'entries', value.length, maxEntries));
  // The copy has no holes: a missing entry becomes undefined.
  return Array.from(value as readonly unknown[]);
}

/** Returns the parsed entries of a list without the wrong ones. Returns an empty list if the value is no list. */
export const parseEntries = <T>(
  value: unknown,
  location: IntentLocation,
  schema: z.ZodType,
  expected: string,
  adviceIfEmpty: string,
  parseEntry: (entry: unknown, entryLocation: IntentLocation) => T | readonly T[] | undefined,
): readonly T[] =>
  (parseList(value, location, schema, expected, adviceIfEmpty) ?? []).flatMap(
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

type KeyOf<Schema extends z.ZodObject> = keyof Schema['shape'] & string;
type ChoiceOf<Schema extends z.ZodObject, Key extends KeyOf<Schema>> = Extract<z.output<Schema['shape'][Key]>, string>;

interface FieldsOptions {
  /** Whether the object is a field of another one. Default true. */
  readonly isNested?: boolean;
  /** Unknown keys that the caller reports itself. */
  readonly refusedKeys?: readonly string[];
  /** Keys that only suggestions name. */
  readonly keysElsewhere?: readonly string[];
}

/**
 * The fields of one object of an intent. The schema has its keys, and the limits, choices and defaults of each field. A
 * wrong field is recorded as a problem and parsed as undefined.
 */
export class IntentFields<Schema extends z.ZodObject = z.ZodObject> {
  private constructor(
    private readonly schema: z.ZodObject,
    private readonly record: Readonly<Record<string, unknown>>,
    private readonly location: IntentLocation,
    private readonly isNested: boolean,
    private readonly overriddenLocations: Readonly<Record<string, string>> = {},
  ) {}

  /** Parses an object and reports each key that the schema doesn't have. */
  static parse<Schema extends z.ZodObject>(
    value: unknown,
    location: IntentLocation,
    schema: Schema,
    expected: string,
    { isNested = true, refusedKeys = [], keysElsewhere = [] }: FieldsOptions = {},
  ): IntentFields<Schema> | undefined {
    const record = parseRecord(value, location, expected);
    if (!record) return undefined;
    const knownKeys = getKeys(schema);
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
    return new IntentFields(schema, record, location, isNested);
  }

  /** Returns the same fields, with the locations of those that are written elsewhere. Their problems name these. */
  overrideLocations(locations: Readonly<Record<string, string>>): IntentFields<Schema> {
    return new IntentFields(this.schema, this.record, this.location, this.isNested, locations);
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

  /** Returns the value of a field that is left out, as the schema has it. */
  getDefault<Key extends KeyOf<Schema>>(key: Key): z.output<Schema['shape'][Key]> {
    return getDefault(this.getSchema(key)) as z.output<Schema['shape'][Key]>;
  }

  private getSchema(key: string): z.ZodType {
    return this.schema.shape[key] as z.ZodType;
  }

  parseText(key: KeyOf<Schema>, expected: string): string | undefined {
    return this.parseRequired(key, expected, (value, fieldLocation) =>
      parseText(value, fieldLocation, expected, this.getSchema(key)),
    );
  }

  parseOptionalText(key: KeyOf<Schema>, expected: string): string | undefined {
    return this.parseOptional(
      key,
      (value, fieldLocation) => parseText(value, fieldLocation, expected, this.getSchema(key)),
      undefined,
    );
  }

  parseName(key: KeyOf<Schema>): string | undefined {
    return this.parseRequired(key, 'a name such as "web-1"', parseName);
  }

  parseChoice<Key extends KeyOf<Schema>>(key: Key): ChoiceOf<Schema, Key> | undefined {
    return this.parseChoiceOf(key, this.getSchema(key) as z.ZodType<ChoiceOf<Schema, Key>>);
  }

  /** Parses one of the choices of another schema than the field's. */
  parseChoiceOf<Choice extends string>(key: KeyOf<Schema>, schema: z.ZodType<Choice>): Choice | undefined {
    const choices = getChoices(schema);
    const value = this.getValue(key);
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return chosen;
    const expected = choices.map((choice) => `"${choice}"`).join(' or ');
    const text = this.parseRequired(key, expected, (wrongValue, fieldLocation) =>
      parseText(wrongValue, fieldLocation, expected),
    );
    return text === undefined
      ? undefined
      : this.location.report(say.describeUnknownChoice(this.getLocation(key).where, text, choices));
  }

  parseOptionalChoice<Key extends KeyOf<Schema>>(
    key: Key,
    fallback = this.getDefault(key) as ChoiceOf<Schema, Key>,
  ): ChoiceOf<Schema, Key> | undefined {
    return this.has(key) ? this.parseChoice(key) : fallback;
  }

  parseOptionalFlag(key: KeyOf<Schema>): boolean | undefined {
    if (!this.has(key)) return getDefault(this.getSchema(key)) as boolean | undefined;
    const value = this.getValue(key);
    if (typeof value === 'boolean') return value;
    const location = this.getLocation(key);
    return location.report(
      isToken(value)
        ? say.describeUnknownAtSynth(location.where)
        : say.describeWrongType(location.where, value, 'the value true or false'),
    );
  }

  parseOptionalInteger(key: KeyOf<Schema>): number | undefined {
    const schema = this.getSchema(key);
    return this.has(key)
      ? parseInteger(this.getValue(key), this.getLocation(key), schema)
      : (getDefault(schema) as number | undefined);
  }

  parseInteger(key: KeyOf<Schema>): number | undefined {
    const schema = this.getSchema(key);
    const [first, last] = getNumberLimits(schema);
    return this.parseRequired(key, `a number from ${first} to ${last}`, (value, fieldLocation) =>
      parseInteger(value, fieldLocation, schema),
    );
  }

  /** Returns the parsed entries of a list that is set, without the wrong ones. */
  parseEntries<T>(
    key: KeyOf<Schema>,
    expected: string,
    adviceIfEmpty: string,
    parseEntry: (entry: unknown, entryLocation: IntentLocation) => T | readonly T[] | undefined,
  ): readonly T[] {
    const location = this.getLocation(key);
    return parseEntries(this.getValue(key), location, this.getSchema(key), expected, adviceIfEmpty, parseEntry);
  }
}

export function parseName(value: unknown, location: IntentLocation): string | undefined {
  const text = parseText(value, location, 'A name such as "web-1"');
  if (text === undefined) return undefined;
  return NAME_PATTERN.test(text) ? text : location.report(say.describeBadName(location.where, text));
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
