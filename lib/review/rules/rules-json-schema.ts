// Creates the published JSON Schema of review rules, docs/reference/schemas/rules-1.json, for editors.

import { z } from 'zod';
import { rulesSchema } from './rules-schema';

/**
 * Returns the published JSON Schema of review rules, docs/reference/schemas/rules-1.json, for editors. The parser also checks
 * what no schema can express.
 */
export const createRulesJsonSchema = (): Record<string, unknown> => {
  const { $schema, ...schema } = z.toJSONSchema(rulesSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:cpanel-edge:rules:1', ...schema };
};
