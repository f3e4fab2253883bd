/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One value in both directions. Decoding throws Odd for whatever encoding could not have made. */
export interface Codec<T> {
  encode(value: T): Json;
  decode(json: unknown, at: string): T;
}

/** Thrown while decoding: where the text is odd and what is odd. Becomes a Refusal at the door. */
export class Odd extends Error {
  constructor(
    readonly at: string,
    readonly what: string,
  ) {
    super(what);
  }
}

export const text: Codec<string> = {
  encode: (value) => value,
  decode: (json, at) => (typeof json === 'string' ? json : odd(at, 'a text')),
};

export const flag: Codec<boolean> = {
  encode: (value) => value,
  decode: (json, at) => (typeof json === 'boolean' ? json : odd(at, 'true or false')),
};

export const whole = (first: number, last: number): Codec<number> => ({
  encode: (value) => value,
  decode: (json, at) =>
    typeof json === 'number' && Number.isInteger(json) && json >= first && json <= last
      ? json
      : odd(at, `a whole number from ${first} to ${last}`),
});

export const choice = <T extends string>(...choices: readonly T[]): Codec<T> => ({
  encode: (value) => value,
  decode: (json, at) => choices.find((one) => one === json) ?? odd(at, `one of ${choices.join(', ')}`),
});

/** A value with a spelling of its own. */
export const spelled = <T>(
  print: (value: T) => string,
  parse: (text: string) => T | undefined,
  wanted: string,
): Codec<T> => ({
  encode: print,
  decode: (json, at) => (typeof json === 'string' ? parse(json) : undefined) ?? odd(at, wanted),
});

export const list = <T>(of: Codec<T>): Codec<readonly T[]> => ({
  encode: (values) => values.map((value) => of.encode(value)),
  decode: (json, at) =>
    (Array.isArray(json) ? json : odd<unknown[]>(at, 'a list')).map((one, index) => of.decode(one, `${at}[${index}]`)),
});

/** A word, or what `of` reads. */
export const wordOr = <W extends string, T>(word: W, of: Codec<T>): Codec<W | T> => ({
  encode: (value) => (value === word ? word : of.encode(value as T)),
  decode: (json, at) => (json === word ? word : of.decode(json, at)),
});

export type Shape<T> = { readonly [K in keyof T]-?: Codec<Exclude<T[K], undefined>> };

/**
 * An object with exactly these keys, in this order. What equals its entry in `usual` is left out, and a key that is
 * not set may be when it is in `optional`.
 */
export function record<T extends object>(
  shape: Shape<T>,
  usual: Partial<T> = {},
  optional: readonly (keyof T)[] = [],
): Codec<T> {
  const keys = Object.keys(shape) as (keyof T & string)[];
  const left = new Map(
    keys.filter((key) => key in usual).map((key) => [key, JSON.stringify(shape[key].encode(usual[key] as never))]),
  );
  return {
    encode(value) {
      const out: Record<string, Json> = {};
      for (const key of keys) {
        if (value[key] === undefined && optional.includes(key)) continue;
        const encoded = shape[key].encode(value[key] as never);
        if (!left.has(key) || JSON.stringify(encoded) !== left.get(key)) out[key] = encoded;
      }
      return out;
    },
    decode(json, at) {
      const from = objectOf(json, at);
      for (const key of Object.keys(from))
        if (!keys.some((one) => one === key)) throw new Odd(at, `"${key.slice(0, 60)}" is not known`);
      const out: Partial<T> = {};
      for (const key of keys) {
        if (Object.hasOwn(from, key)) out[key] = shape[key].decode(from[key], `${at}.${key}`) as T[typeof key];
        else if (left.has(key)) out[key] = usual[key] as T[typeof key];
        else if (!optional.includes(key)) throw new Odd(at, `"${key}" is missing`);
      }
      return out as T;
    },
  };
}

export function objectOf(json: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return odd(at, 'an object');
  return json as Readonly<Record<string, unknown>>;
}

/** Objects that many hold: each is written once, and held by its number. Equal ones become one. */
export class Table<T extends object> implements Codec<T> {
  private readonly numbers = new Map<T, number>();
  private readonly byText = new Map<string, number>();
  private readonly rows: Json[] = [];
  private decoded: readonly T[] = [];

  constructor(private readonly of: Codec<T>) {}

  encode(value: T): Json {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    const row = this.of.encode(value);
    const key = JSON.stringify(row);
    const number = this.byText.get(key) ?? this.rows.push(row) - 1;
    this.byText.set(key, number);
    this.numbers.set(value, number);
    return number;
  }

  decode(json: unknown, at: string): T {
    return (typeof json === 'number' ? this.decoded[json] : undefined) ?? odd(at, 'the number of a row that exists');
  }

  written(): readonly Json[] {
    return this.rows;
  }

  read(json: unknown, at: string): void {
    this.decoded = list(this.of).decode(json, at);
  }
}

function odd<T>(at: string, wanted: string): T {
  throw new Odd(at, `it is not ${wanted}`);
}
