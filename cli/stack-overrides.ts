import { Problem } from '../lib/problems/problem';
import { Plan } from '../lib/review/plan';
import { STACK_FILE } from './stack-folders';

/** The folder in a plan file with the configuration of the root module. */
export const CONFIGURATION = 'tfconfig/m-';

/**
 * Returns the plan, with a doubt if Terraform merges a file such as `main_override.tf.json` into the stack. Such a file
 * may set `when` and `on_failure` of a provisioner, which the plan's JSON doesn't have.
 * @param files The names of the files in the stack's folder
 */
export function findOverrideDoubts(plan: Plan, files: readonly string[]): Plan {
  const overrides = files.filter((name) => /^(?:.*_)?override\.(?:tf|tofu)(?:\.json)?$/.test(name));
  return overrides.length === 0
    ? plan
    : { ...plan, unknowns: [...plan.unknowns, stackOverridden(plan.name, overrides)] };
}

const stackOverridden = (name: string, overrides: readonly string[]): Problem => ({
  code: 'cli/stack-overridden',
  where: `plan ${name}`,
  what: `Beside ${STACK_FILE} Terraform reads ${[...overrides].sort().join(', ')}, which may replace provisioners and settings of each resource; the plan's JSON does not show all of these.`,
  instead: 'plan without such files: the stack says what it needs itself.',
});
