import { setBudgetFactor } from '../lib/net/step-budget';
import { Refusal } from '../lib/problems/problem';

/** As many times the work of a stranger's text as CPANEL_EDGE_WORK says, 1 to 100. Throws Refusal cli/odd-work. */
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
