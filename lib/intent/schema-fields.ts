// Reads keys, choices, limits and defaults out of a schema, for parsers that say in their own words what they refuse.
import type { z } from 'zod';

/** A schema without its inner structure. */
type Schema = z.core.$ZodType;

const keysBySchema = new WeakMap<Schema, readonly string[]>();
const alternativesBySchema = new WeakMap<Schema, readonly z.core.$ZodTypes[]>();

/** Returns the keys of an object in the order in which the schema has them. */
export function getKeys(schema: z.ZodObject): readonly string[] {
  const knownKeys = keysBySchema.get(schema);
  if (knownKeys) return knownKeys;
  const keys = Object.keys(schema.shape);
  keysBySchema.set(schema, keys);
  return keys;
}

/** Returns the choices of a field, in the order in which messages list them. */
export const getChoices = <T extends string>(schema: z.ZodType<T | undefined>): readonly T[] =>
  listAlternatives(schema).flatMap(({ _zod: { def } }) =>
    def.type === 'enum' ? (Object.values(def.entries) as T[]) : [],
  );

/** Returns the first and the last number that a field takes. */
export function getNumberLimits(schema: Schema): readonly [first: number, last: number] {
  const { minValue, maxValue } = findAlternative(schema, 'number') as z.ZodNumber;
  return [minValue ?? -Infinity, maxValue ?? Infinity];
}

export const getMaxCharacters = (schema: Schema): number =>
  (findAlternative(schema, 'string') as z.ZodString).maxLength ?? Infinity;

export function getMaxEntries(schema: Schema): number {
  const { checks = [] } = (findAlternative(schema, 'array') as z.ZodArray).def;
  const limits = checks.flatMap((check) => {
    const { def } = check._zod as z.core.$ZodCheckMaxLengthInternals;
    return def.check === 'max_length' ? [def.maximum] : [];
  });
  return Math.min(...limits);
}

/** Returns the value of a field that is left out. Returns undefined if the schema has none. */
export function getDefault(schema: Schema): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'default') return def.defaultValue;
  return def.type === 'optional' ? getDefault(def.innerType) : undefined;
}

const findAlternative = (schema: Schema, type: 'number' | 'string' | 'array'): unknown =>
  listAlternatives(schema).find(({ _zod: { def } }) => def.type === type);

/** Returns the schemas that a value may match, without unions, defaults and `optional` around them. */
function listAlternatives(schema: Schema): readonly z.core.$ZodTypes[] {
  const knownAlternatives = alternativesBySchema.get(schema);
  if (knownAlternatives) return knownAlternatives;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const alternatives =
    def.type === 'union'
      ? def.options.flatMap(listAlternatives)
      : def.type === 'optional' || def.type === 'default'
        ? listAlternatives(def.innerType)
        : [schema as z.core.$ZodTypes];
  alternativesBySchema.set(schema, alternatives);
  return alternatives;
}
