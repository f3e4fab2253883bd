import { basename, dirname } from 'node:path';
import { Problem } from '../lib/problems/problem';
import { Plan } from '../lib/review/plan';
import { STACK_FILE } from './stack-folders';

/** Where a plan file has the configuration of its root module. */
export const CONFIGURATION = 'tfconfig/m-/';

/**
 * The plan, with a doubt where one of the files beside its stack is one that Terraform lays over it, as `main_override.tf.json`: such a file may set
 * `when` and `on_failure` of a provisioner, which are not in the plan's JSON.
 */
export function doubtOverrides(plan: Plan, beside: readonly string[]): Plan {
  const inRoot = beside.filter((path) => ['.', dirname(`${CONFIGURATION}x`)].includes(dirname(path)));
  const overrides = inRoot.map((path) => basename(path)).filter((name) => /^(?:.*_)?override\.(?:tf|tofu)(?:\.json)?$/.test(name));
  return overrides.length === 0 ? plan : { ...plan, doubts: [...plan.doubts, stackOverridden(plan.name, overrides)] };
}

const stackOverridden = (name: string, overrides: readonly string[]): Problem => ({
  code: 'cli/stack-overridden',
  where: `plan ${name}`,
  what: `Beside ${STACK_FILE} Terraform reads ${[...overrides].sort().join(', ')}, which may replace provisioners and settings of each resource; the plan's JSON does not show all of these.`,
  instead: 'plan without such files: the stack says what it needs itself.',
});
