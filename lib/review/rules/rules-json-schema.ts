import { z } from 'zod';
import { rulesSchema } from './rules-schema';

/** The published JSON Schema of review rules, docs/schemas/rules-1.json: for editors. The parser judges what no schema can say, too. */
export const createRulesJsonSchema = (): Record<string, unknown> => {
  const { $schema, ...schema } = z.toJSONSchema(rulesSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:cpanel-edge:rules:1', ...schema };
};
