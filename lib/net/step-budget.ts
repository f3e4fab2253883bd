// Counts the computing steps of parsing and comparing texts, and ends the work that exceeds its step budget.

/**
 * Steps are the same on every machine; seconds and bytes are not. A step is an interval that is put into a node of a
 * decision diagram, or anything else that costs about two microseconds and a hundred bytes. Parsers spend steps for
 * every piece of a text, so that a text is refused while it is parsed.
 */

/** Thrown when more steps are spent than the limit allows. */
export class StepBudgetExceeded extends Error {}

/**
 * The limit for text from elsewhere: the answers of a device, and files. Ten thousand mappings take a sixth of it. A
 * hundred thousand rules that each name a host and a port of their own take more. On two processors of 2020 it ends
 * within ten seconds and a gigabyte.
 */
export const UNTRUSTED_STEP_BUDGET = 5_000_000;
/**
 * The limit for the plans of one change: for each device the text before, the text after, and all mixtures with those
 * of others.
 */
export const PLAN_STEP_BUDGET = 20_000_000;
/** The limit for text that is generated here: the author of the intent waits for it. */
export const OWN_STEP_BUDGET = 100_000_000;

/** Steps between two calls of the listener: some hundredths of a second. */
const STEPS_BETWEEN_CALLS = 10_000;

let budgetFactor = 1;
let stepsLeft = Infinity;
let listener: (() => void) | undefined;
/** With fewer steps left than these, spendSteps does more than count. */
let nextCheck = 0;

/** Calls `callback` again and again while work goes on, for a progress line. Undefined ends the calls. */
export function setProgressListener(callback: (() => void) | undefined): void {
  listener = callback;
  nextCheck = computeNextCheck(stepsLeft);
}

const computeNextCheck = (steps: number): number =>
  listener === undefined || steps === Infinity ? 0 : Math.max(0, steps - STEPS_BETWEEN_CALLS);

/**
 * Multiplies every limit but OWN_STEP_BUDGET by `factor`. The operator who starts a command sets it for a text that
 * they know.
 */
export function setBudgetFactor(factor: number): void {
  budgetFactor = factor;
}

/**
 * Returns a limit multiplied by the budget factor. It is for measures that follow from the steps and must be applied
 * before there are pieces: bytes, lines.
 */
export const computeLimit = (limit: number): number => limit * budgetFactor;

/**
 * Runs `run`, which makes decision diagrams, within a limit of steps. Returns its result, or the result of `refuse` if
 * the limit is passed. The outermost limit counts, and everything inside is charged to it: several texts that are
 * parsed for one answer share it.
 */
export function runWithinBudget<T>(maxSteps: number, run: () => T, refuse: () => T): T {
  const outermost = stepsLeft === Infinity;
  if (outermost) {
    stepsLeft = maxSteps === OWN_STEP_BUDGET ? maxSteps : computeLimit(maxSteps);
    nextCheck = computeNextCheck(stepsLeft);
  }
  try {
    return run();
  } catch (error) {
    if (error instanceof StepBudgetExceeded) return refuse();
    throw error;
  } finally {
    if (outermost) stepsLeft = Infinity;
  }
}

/** Returns whether the steps passed the limit, in whatever words the work was refused. */
export const isBudgetSpent = (): boolean => stepsLeft < 0;

/**
 * Spends steps.
 * @throws StepBudgetExceeded if none is left.
 */
export function spendSteps(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < nextCheck) checkBudget();
}

function checkBudget(): void {
  if (stepsLeft < 0) throw new StepBudgetExceeded('more work than may be done');
  nextCheck = computeNextCheck(stepsLeft);
  listener?.();
}
