import { z } from 'zod';
import { isRecord } from '../../agent-protocol/work-codec';
import { describeIssue } from '../../problems/schema-issue';
import { Refusal } from '../../problems/problem';
import { rulesSchema } from '../rules/rules-schema';
import * as say from './plan-problems';

// Only what is looked at. Values stay unknown: they are the provider's, and ours are parsed where they are understood.

const changeSchema = z.object({
  actions: z.array(z.string()).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  importing: z.unknown().optional(),
});

/** What a resource is called, where it is planned and where it is recorded. */
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

/** One object of the plan: what is done with it. `deposed` ones have an entry of their own. */
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

/** Parts of a plan that say nothing of what is done, or say it again. */
const IGNORED_PARTS = ['variables', 'planned_values', 'output_changes', 'relevant_attributes', 'checks', 'timestamp'];

/** Names of what a plan holds and no version had that was tried. */
export function findUntestedParts(json: unknown): readonly string[] {
  const isEmpty = (value: unknown): boolean =>
    value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.entries(isRecord(json) ? json : {}).flatMap(([key, value]) =>
    Object.hasOwn(planSchema.shape, key) || IGNORED_PARTS.includes(key) || isEmpty(value) ? [] : [key],
  );
}

export type PlanJson = z.infer<typeof planSchema>;

/** `terraform show -json` of a plan. Throws Refusal review/not-a-plan, review/foreign-plan-format. */
export function parsePlanJson(json: unknown, name: string): PlanJson {
  if (isReviewRules(json)) throw new Refusal([say.createRulesForPlan(name)]);
  const otherFile = describeOtherFile(json);
  if (otherFile !== undefined) throw new Refusal([say.createNotAPlan(name, otherFile)]);
  const version = isRecord(json) ? json['format_version'] : undefined;
  if (typeof version === 'string' && !/^1\.\d{1,6}$/.test(version))
    throw new Refusal([say.createUnsupportedFormat(name, version)]);
  return parseWithSchema(planSchema, json, name, []);
}

/** A command line ends with the plan, and `--rules` is left out easily. */
const isReviewRules = (json: unknown): boolean =>
  isRecord(json) &&
  Object.hasOwn(json, 'format') &&
  Object.keys(json).every((key) => Object.hasOwn(rulesSchema.shape, key));

/** What people have at hand instead of it, told apart so that the answer can name the command that makes it. */
function describeOtherFile(json: unknown): string | undefined {
  if (!isRecord(json)) return 'It is JSON, and no object.';
  if (Object.hasOwn(json, 'lineage') || (Object.hasOwn(json, 'serial') && Object.hasOwn(json, 'resources')))
    return 'It is a state file.';
  if (Object.hasOwn(json, 'resource') && !Object.hasOwn(json, 'format_version'))
    return 'It is a configuration, such as cdk.tf.json.';
  if (Object.hasOwn(json, 'remote_plan_format'))
    return 'It only says where a plan is kept remotely; terraform show -json of this file prints it.';
  if (Object.hasOwn(json, '@level')) return 'It is the log of terraform plan -json.';
  // Of a state without resources it prints its version alone.
  const { format_version: format } = json;
  const isNothing =
    typeof format === 'string' && format.startsWith('1.') && Object.keys(json).every((key) => key.endsWith('_version'));
  if (isNothing || (Object.hasOwn(json, 'values') && !Object.hasOwn(json, 'configuration')))
    return 'It is terraform show -json of a state, not of a plan.';
  return Object.hasOwn(json, 'format_version') ? undefined : 'It names no format_version.';
}

/** Parsed, or one Refusal with what is wrong, up to twenty of it. */
export function parseWithSchema<T>(schema: z.ZodType<T>, json: unknown, name: string, path: readonly PropertyKey[]): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Refusal(
    result.error.issues.slice(0, 20).map((issue) => say.createNotAPlan(name, `${describeIssue(issue, path)}.`)),
  );
}
