// Sets the step budget for untrusted texts by the variable CPANEL_EDGE_WORK.

import { setBudgetFactor } from '../lib/net/step-budget';
import { Refusal } from '../lib/problems/problem';

/**
 * Multiplies the step budget for untrusted text by CPANEL_EDGE_WORK, 1 to 100.
 *
 * @throws Refusal cli/odd-work.
 */
export function applyStepBudget(environment: NodeJS.ProcessEnv): void {
  const factor = environment['CPANEL_EDGE_WORK'];
  if (factor === undefined || factor === '') return;
  if (!/^([1-9]\d?|100)$/.test(factor))
    throw new Refusal([
      {
        code: 'cli/odd-work',
        where: 'CPANEL_EDGE_WORK',
        what: `"${factor}" is not how many times as much work as usual may be done.`,
        instead: 'a whole number from 1 to 100, or nothing.',
      },
    ]);
  setBudgetFactor(Number(factor));
}
