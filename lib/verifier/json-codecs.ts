// Codecs for values in JSON (lists, objects, choices, shared tables): the building blocks of `policy-codec.ts`.

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Encodes and decodes one kind of value.
 *
 * @throws DecodeError, while decoding, for a value that encoding could not have made.
 */
export interface Codec<T> {
  encode(value: T): Json;
  decode(json: unknown, at: string): T;
}

/**
 * Thrown while decoding: the path of the invalid value, and what is wrong with it. `decodePolicy` turns it into a
 * Refusal.
 */
export class DecodeError extends Error {
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(problem);
  }
}

export const text: Codec<string> = {
  encode: (value) => value,
  decode: (json, path) => (typeof json === 'string' ? json : refuseValue(path, 'a text')),
};

export const flag: Codec<boolean> = {
  encode: (value) => value,
  decode: (json, path) => (typeof json === 'boolean' ? json : refuseValue(path, 'true or false')),
};

export const createIntegerCodec = (first: number, last: number): Codec<number> => ({
  encode: (value) => value,
  decode: (json, path) =>
    typeof json === 'number' && Number.isInteger(json) && json >= first && json <= last
      ? json
      : refuseValue(path, `a whole number from ${first} to ${last}`),
});

export const createChoiceCodec = <T extends string>(...choices: readonly T[]): Codec<T> => ({
  encode: (value) => value,
  decode: (json, path) =>
    choices.find((candidate) => candidate === json) ?? refuseValue(path, `one of ${choices.join(', ')}`),
});

/** Returns a codec for choices that are stored by other words. */
export function createNamedChoiceCodec<T extends string>(storedNames: Readonly<Record<T, string>>): Codec<T> {
  const choices = Object.keys(storedNames) as T[];
  const stored = createChoiceCodec(...Object.values<string>(storedNames));
  return {
    encode: (value) => storedNames[value],
    decode: (json, path) => {
      const storedName = stored.decode(json, path);
      return choices.find((choice) => storedNames[choice] === storedName)!;
    },
  };
}

/** Returns a codec for values that are written as text. */
export const createTextCodec = <T>(
  print: (value: T) => string,
  parse: (text: string) => T | undefined,
  description: string,
): Codec<T> => ({
  encode: print,
  decode: (json, path) => (typeof json === 'string' ? parse(json) : undefined) ?? refuseValue(path, description),
});

export const createListCodec = <T>(itemCodec: Codec<T>): Codec<readonly T[]> => ({
  encode: (values) => values.map((value) => itemCodec.encode(value)),
  decode: (json, path) =>
    (Array.isArray(json) ? json : refuseValue<unknown[]>(path, 'a list')).map((item, index) =>
      itemCodec.decode(item, `${path}[${index}]`),
    ),
});

/** Returns a codec for a word, or the values of `valueCodec`. */
export const createWordCodec = <W extends string, T>(word: W, valueCodec: Codec<T>): Codec<W | T> => ({
  encode: (value) => (value === word ? word : valueCodec.encode(value as T)),
  decode: (json, path) => (json === word ? word : valueCodec.decode(json, path)),
});

export type ObjectShape<T> = { readonly [K in keyof T]-?: Codec<Exclude<T[K], undefined>> };

/**
 * Returns a codec for an object with exactly these keys, in this order. A value that equals its entry in
 * `defaultValues` is left out; an undefined value may be left out if its key is in `optional`. A key is stored by its
 * name in `storedNames`, if it has one there.
 */
export function createObjectCodec<T extends object>(
  shape: ObjectShape<T>,
  defaultValues: Partial<T> = {},
  optional: readonly (keyof T)[] = [],
  storedNames: Readonly<Record<string, string>> = {},
): Codec<T> {
  const keys = Object.keys(shape) as (keyof T & string)[];
  const getStoredName = (key: keyof T & string): string => storedNames[key] ?? key;
  const defaults = new Map(
    keys
      .filter((key) => key in defaultValues)
      .map((key) => [key, JSON.stringify(shape[key].encode(defaultValues[key] as never))]),
  );
  return {
    encode(value) {
      const out: Record<string, Json> = {};
      for (const key of keys) {
        if (value[key] === undefined && optional.includes(key)) continue;
        const encoded = shape[key].encode(value[key] as never);
        if (!defaults.has(key) || JSON.stringify(encoded) !== defaults.get(key)) out[getStoredName(key)] = encoded;
      }
      return out;
    },
    decode(json, path) {
      const from = requireObject(json, path);
      for (const key of Object.keys(from))
        if (!keys.some((knownKey) => getStoredName(knownKey) === key))
          throw new DecodeError(path, `"${key.slice(0, 60)}" is not known`);
      const out: Partial<T> = {};
      for (const key of keys) {
        const name = getStoredName(key);
        if (Object.hasOwn(from, name)) out[key] = shape[key].decode(from[name], `${path}.${name}`) as T[typeof key];
        else if (defaults.has(key)) out[key] = defaultValues[key] as T[typeof key];
        else if (!optional.includes(key)) throw new DecodeError(path, `"${name}" is missing`);
      }
      return out as T;
    },
  };
}

export function requireObject(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuseValue(path, 'an object');
  return json as Readonly<Record<string, unknown>>;
}

/**
 * A table of objects that are shared by many: each is written once and referred to by its number. Equal ones become
 * one.
 */
export class SharedTable<T extends object> implements Codec<T> {
  private readonly numbers = new Map<T, number>();
  private readonly byText = new Map<string, number>();
  private readonly rows: Json[] = [];
  private decoded: readonly T[] = [];

  constructor(private readonly rowCodec: Codec<T>) {}

  encode(value: T): Json {
    const knownNumber = this.numbers.get(value);
    if (knownNumber !== undefined) return knownNumber;
    const row = this.rowCodec.encode(value);
    const key = JSON.stringify(row);
    const number = this.byText.get(key) ?? this.rows.push(row) - 1;
    this.byText.set(key, number);
    this.numbers.set(value, number);
    return number;
  }

  decode(json: unknown, path: string): T {
    return (
      (typeof json === 'number' ? this.decoded[json] : undefined) ??
      refuseValue(path, 'the number of a row that exists')
    );
  }

  listRows(): readonly Json[] {
    return this.rows;
  }

  decodeRows(json: unknown, path: string): void {
    this.decoded = createListCodec(this.rowCodec).decode(json, path);
  }
}

function refuseValue<T>(path: string, description: string): T {
  throw new DecodeError(path, `it is not ${description}`);
}
