/**
 * One limit of work for what is read and compared, in steps: they are the same on every machine, where seconds and bytes are not. A step is an
 * interval that is put into a node of a diagram, and whatever else costs about two microseconds and a hundred bytes; readers spend some for
 * every piece of a text, so that a text is refused while it is read.
 */

/** Thrown where more is done than may be. */
export class StepBudgetExceeded extends Error {}

/**
 * What the text of somebody else may take: what a device answers, and files. Ten thousand mappings take a sixth of it; a hundred thousand rules
 * that each name a host and a port of their own take more. On two processors of 2020 it ends within ten seconds and a gigabyte.
 */
export const UNTRUSTED_STEP_BUDGET = 5_000_000;
/** What the plans of one change may take: of each device the text before, the one after, and all mixtures with the others'. */
export const PLAN_STEP_BUDGET = 20_000_000;
/** What the text that is written here may take: whoever wrote the intent waits for it. */
export const OWN_STEP_BUDGET = 100_000_000;

/** Between two calls of who listens: some hundredths of a second. */
const STEPS_BETWEEN_CALLS = 10_000;

let budgetFactor = 1;
let stepsLeft = Infinity;
let listener: (() => void) | undefined;
/** With fewer steps left than these, `spend` has more to do than to count. */
let nextCheck = 0;

/** Calls `next` again and again while work goes on, for a line that says so; undefined ends that. */
export function setProgressListener(callback: (() => void) | undefined): void {
  listener = callback;
  nextCheck = computeNextCheck(stepsLeft);
}

const computeNextCheck = (steps: number): number =>
  listener === undefined || steps === Infinity ? 0 : Math.max(0, steps - STEPS_BETWEEN_CALLS);

/** So many times as much as strangers may take: by whoever starts a command, for a text that they know. */
export function setBudgetFactor(factor: number): void {
  budgetFactor = factor;
}

/** Measures that follow from the work, and that somebody has to apply before there are pieces: bytes, lines. */
export const computeLimit = (limit: number): number => limit * budgetFactor;

/**
 * Runs what makes diagrams. The outermost limit counts, and everything inside is charged to it: several texts that are read for one answer share
 * it. Where it is passed, what `refuse` makes of that counts.
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

/** Whether what was done passed the limit, in whatever words whoever did it refused. */
export const isBudgetSpent = (): boolean => stepsLeft < 0;

/** Throws TooMuchWork where nothing is left. */
export function spendSteps(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < nextCheck) checkBudget();
}

function checkBudget(): void {
  if (stepsLeft < 0) throw new StepBudgetExceeded('more work than may be done');
  nextCheck = computeNextCheck(stepsLeft);
  listener?.();
}
