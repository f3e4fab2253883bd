// Changes every single value of a plan in turn: the review has to name the changed field, except for a short list of
// values that decide nothing.

import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { createReview } from '../../../lib/review/judging/create-review';
import { printText } from '../../../lib/review/print/review-text';
import { escapeForDisplay } from '../../../lib/problems/problem';
import { drawCases, fc } from '../../randomly';
import { temporaryFolder } from '../../temporary-folder';
import { terraform } from '../../terraform';
import { IS_QUICK } from '../../tier';
import { inflate } from './plan-samples';
import { sampleStack } from './sample-stack';
import { Path, fold, listPaths, otherValues, printPath, unfold, valueAt, withValue } from './values';

// A change of any value of a plan that this package made is noticed: the output names the field.

/** Paths whose values can't matter, each with its reason. Only indices are wildcards. */
const CANNOT_MATTER: Readonly<Record<string, string>> = {
  timestamp: 'when Terraform planned; nothing is decided by it',
  'prior_state.format_version': 'the format of the plan decides how it is read',
  'prior_state.terraform_version': 'the version of the plan is the one that applies',
  'relevant_attributes.*.resource': 'an explanation of drift for people; nothing drifted',
  'relevant_attributes.*.attribute.*': 'an explanation of drift for people; nothing drifted',
  'resource_changes.*.action_reason': 'why Terraform replaces; that it does stands in actions',
  'resource_changes.*.change.replace_paths.*.*': 'why Terraform replaces; that it does stands in actions',
  'resource_changes.*.change.after_unknown.id': 'the id of a created release is in no plan and is read by nothing',
  'configuration.provider_config.terraform.name': 'a name within the JSON; full_name says which provider it is',
  'configuration.root_module.resources.*.provisioners.*.expressions.environment.references.*':
    'derived from constant_value beside it',
  'configuration.root_module.resources.*.expressions.triggers_replace.references.*':
    'derived from constant_value beside it',
  'configuration.root_module.resources.*.schema_version': 'the built-in provider has one schema',
  'planned_values.root_module.resources.*.schema_version': 'the built-in provider has one schema',
  'prior_state.values.root_module.resources.*.schema_version': 'the built-in provider has one schema',
  'prior_state.values.root_module.resources.*.depends_on.*':
    'orders what is destroyed, and a release that is replaced has no destroy provisioner',
  ...Object.fromEntries(
    [
      'planned_values.root_module.resources.*.sensitive_values',
      'prior_state.values.root_module.resources.*.sensitive_values',
      'resource_changes.*.change.before_sensitive',
      'resource_changes.*.change.after_sensitive',
    ].flatMap((at) =>
      ['input', 'output'].map((of) => [`${at}.${of}.connection.hostKeys.*`, 'hides a public key from people, or not']),
    ),
  ),
};

const folder = temporaryFolder();
let plan: unknown;
let paths: readonly Path[] = [];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
function output(json: unknown): string {
  try {
    const read = readPlan(json, 'edge', { inflate, sha256, version: '0.1.0' });
    return printText(createReview([read], { today: '2026-11-20' }), { width: 100_000 });
  } catch (error) {
    return String(error);
  }
}

beforeAll(() => {
  const write = (services: readonly ('https' | 'smtp')[]): void =>
    writeFileSync(join(folder, 'cdk.tf.json'), sampleStack({ services: [...services], witnesses: true }));
  write(['https']);
  terraform(folder, 'init', '-input=false', '-no-color');
  terraform(folder, 'apply', '-auto-approve', '-input=false', '-no-color');
  write(['https', 'smtp']);
  terraform(folder, 'plan', '-input=false', '-no-color', '-out=plan');
  plan = unfold(JSON.parse(terraform(folder, 'show', '-json', 'plan')));
  paths = listPaths(plan);
  rmSync(join(folder, 'plan'));
});

/** Fields that the output calls by another name. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  address: ['terraform_data.'],
  madeBy: ['made this plan'],
  terraform_version: ['by Terraform '],
};

/** Returns the names that an output may use for a field: its own, or that of its list, expression or packed value. */
function namesOf(path: Path): readonly string[] {
  const named = path.filter((key) => key !== 'unfolded' && key !== 'constant_value');
  const last = named.filter((key): key is string => typeof key === 'string').at(-1)!;
  const list = typeof named.at(-2) === 'number' ? [String(named.at(-3))] : [];
  const packed = named.flatMap((key) => /(?:^|_)(policy|text|lines)$/.exec(String(key))?.[1] ?? []);
  return [last, ...list, ...packed, ...(CALLED[last] ?? [])].map(escapeForDisplay);
}

/** Returns the lines that the review of the unchanged plan doesn't have. */
const added = (said: string, honest: ReadonlySet<string>): string =>
  said
    .split('\n')
    .filter((line) => !honest.has(line))
    .join('\n');

test("the list of paths that can't matter has at most 40 entries", () => {
  expect(Object.keys(CANNOT_MATTER).length).toBeLessThanOrEqual(40);
  const known = new Set(paths.map(printPath));
  expect(Object.keys(CANNOT_MATTER).filter((path) => !known.has(path))).toEqual([]);
});

test('a review names the field of any changed value of a plan', () => {
  const honest = new Set(output(fold(plan)).split('\n'));
  const all = paths.filter((path) => !Object.hasOwn(CANNOT_MATTER, printPath(path)));
  const drawn = IS_QUICK ? drawCases(all, 25) : fc.sample(fc.constantFrom(...all), { numRuns: 2000 });
  const silent = drawn.flatMap((path, nth) => {
    const values = otherValues(valueAt(plan, path));
    const value = values[nth % values.length];
    const more = added(output(fold(withValue(plan, path, value))), honest);
    return namesOf(path).some((name) => more.includes(name))
      ? []
      : [`${printPath(path)} = ${JSON.stringify(value)}: ${more.slice(0, 300)}`];
  });
  expect([...new Set(silent)]).toEqual([]);
});
