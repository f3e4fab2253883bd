import { z } from 'zod';
import { printableJson } from '../problems/printable-json';

// Words of a published shape: each of its fields says what it is, for those who read the schema alone.

export const text = (description: string) => z.string().describe(description);
export const texts = (description: string) => z.array(z.string()).describe(description);
export const count = (description: string) => z.int().min(0).describe(description);

type Deep<T> = T extends readonly (infer U)[]
  ? readonly Deep<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;
/** What has a shape, immutable. */
export type Told<Shape extends z.ZodType> = Deep<z.infer<Shape>>;

/** The JSON Schema of a shape, draft 2020-12. */
export const schemaOf = (shape: z.ZodType, $id: string, title: string): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id,
  title,
  ...z.toJSONSchema(shape, { target: 'draft-2020-12' }),
});

/** For programs, as the published schema describes it (docs/schemas): keys stand in its order. */
export const printShape = (shape: z.ZodType, value: unknown): string => `${printableJson(shape.parse(value))}\n`;
