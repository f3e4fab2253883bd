// Checks the JSON of `terraform show -json` by a schema of the parts that a review uses, and refuses other files. The
// values of resources aren't checked: those of this package's resources are parsed in their own files.

import { z } from 'zod';
import { isRecord } from '../../agent-protocol/work-codec';
import { describeIssue } from '../../problems/describe-schema-issue';
import { Refusal } from '../../problems/problem';
import { rulesSchema } from '../rules/rules-schema';
import * as say from './plan-problems';

const changeSchema = z.object({
  actions: z.array(z.string()).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  importing: z.unknown().optional(),
});

/** The names of a resource, in the plan and in the record. */
export const resourceNameShape = {
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).optional(),
};

const resourceChangeSchema = z.object({
  address: z.string(),
  module_address: z.string().optional(),
  ...resourceNameShape,
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change: changeSchema,
});

/** One object of the plan and what is done with it. A deposed object has an entry of its own. */
export type ResourceChange = z.infer<typeof resourceChangeSchema>;

/** An action of a provider beside resources (Terraform 1.14). A resource of the plan triggers it, or a command line. */
const invocationSchema = z.object({
  address: z.string(),
  lifecycle_action_trigger: z
    .object({ triggering_resource_address: z.string(), action_trigger_event: z.string().optional() })
    .optional(),
});

const planSchema = z.object({
  format_version: z.string(),
  terraform_version: z.string(),
  errored: z.boolean().optional(),
  applyable: z.boolean().optional(),
  complete: z.boolean().optional(),
  resource_changes: z.array(resourceChangeSchema).optional(),
  resource_drift: z.array(resourceChangeSchema).optional(),
  action_invocations: z.array(invocationSchema).optional(),
  prior_state: z.unknown().optional(),
  configuration: z.unknown(),
});

/** Parts of a plan that have no actions on resources, or repeat them. */
const IGNORED_PARTS = ['variables', 'planned_values', 'output_changes', 'relevant_attributes', 'checks', 'timestamp'];

/** Returns the names of the plan's parts that no tested version has. Empty parts don't count. */
export function findUntestedParts(json: unknown): readonly string[] {
  const isEmpty = (value: unknown): boolean =>
    value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.entries(isRecord(json) ? json : {}).flatMap(([key, value]) =>
    Object.hasOwn(planSchema.shape, key) || IGNORED_PARTS.includes(key) || isEmpty(value) ? [] : [key],
  );
}

export type PlanJson = z.infer<typeof planSchema>;

/**
 * Returns the parsed JSON of `terraform show -json` of a plan.
 *
 * @throws Refusal review/not-a-plan, review/foreign-plan-format
 */
export function parsePlanJson(json: unknown, name: string): PlanJson {
  if (isReviewRules(json)) throw new Refusal([say.createRulesForPlan(name)]);
  const otherFile = describeOtherFile(json);
  if (otherFile !== undefined) throw new Refusal([say.createNotAPlan(name, otherFile)]);
  const version = isRecord(json) ? json['format_version'] : undefined;
  if (typeof version === 'string' && !/^1\.\d{1,6}$/.test(version))
    throw new Refusal([say.createUnsupportedFormat(name, version)]);
  return parseWithSchema(planSchema, json, name, []);
}

/** Whether the file is the review rules. A command line ends with the plan, and `--rules` is easily left out. */
const isReviewRules = (json: unknown): boolean =>
  isRecord(json) &&
  Object.hasOwn(json, 'format') &&
  Object.keys(json).every((key) => Object.hasOwn(rulesSchema.shape, key));

/**
 * Returns what other file this is, of those that users often give instead of a plan. Then the answer can name the
 * command that makes the plan.
 */
function describeOtherFile(json: unknown): string | undefined {
  if (!isRecord(json)) return 'It is JSON, and no object.';
  if (Object.hasOwn(json, 'lineage') || (Object.hasOwn(json, 'serial') && Object.hasOwn(json, 'resources')))
    return 'It is a state file.';
  if (Object.hasOwn(json, 'resource') && !Object.hasOwn(json, 'format_version'))
    return 'It is a configuration, such as cdk.tf.json.';
  if (Object.hasOwn(json, 'remote_plan_format'))
    return 'It only says where a plan is kept remotely; terraform show -json of this file prints it.';
  if (Object.hasOwn(json, '@level')) return 'It is the log of terraform plan -json.';
  // `terraform show -json` of a state without resources prints its version alone.
  const { format_version: format } = json;
  const isNothing =
    typeof format === 'string' && format.startsWith('1.') && Object.keys(json).every((key) => key.endsWith('_version'));
  if (isNothing || (Object.hasOwn(json, 'values') && !Object.hasOwn(json, 'configuration')))
    return 'It is terraform show -json of a state, not of a plan.';
  return Object.hasOwn(json, 'format_version') ? undefined : 'It names no format_version.';
}

/**
 * Returns the parsed value.
 *
 * @throws Refusal review/not-a-plan, one problem for each of up to twenty schema issues
 */
export function parseWithSchema<T>(schema: z.ZodType<T>, json: unknown, name: string, path: readonly PropertyKey[]): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Refusal(
    result.error.issues.slice(0, 20).map((issue) => say.createNotAPlan(name, `${describeIssue(issue, path)}.`)),
  );
}
