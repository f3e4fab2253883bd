// Helpers for the published JSON schemas of reports, on top of zod: fields with a description for readers who see the
// schema alone, the JSON Schema of a shape, and the JSON text of a value.

import { z } from 'zod';
import { printDisplayJson } from '../problems/print-json';

export const describeText = (description: string) => z.string().describe(description);
export const describeTexts = (description: string) => z.array(z.string()).describe(description);
export const describeCount = (description: string) => z.int().min(0).describe(description);

type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
/** The value of a shape, immutable. */
export type ShapeValue<Shape extends z.ZodType> = DeepReadonly<z.infer<Shape>>;

/** Returns the JSON Schema of a shape, draft 2020-12. */
export const toJsonSchema = (shape: z.ZodType, $id: string, title: string): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id,
  title,
  ...z.toJSONSchema(shape, { target: 'draft-2020-12' }),
});

/**
 * Prints a value for programs, as the published schema describes it (docs/reference/schemas), with keys in the order of the
 * schema.
 */
export const printShape = (shape: z.ZodType, value: unknown): string => `${printDisplayJson(shape.parse(value))}\n`;
