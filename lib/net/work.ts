/**
 * One limit of work for what is read and compared, in steps: they are the same on every machine, where seconds and bytes are not. A step is an
 * interval that is put into a node of a diagram, and whatever else costs about two microseconds and a hundred bytes; readers spend some for
 * every piece of a text, so that a text is refused while it is read.
 */

/** Thrown where more is done than may be. */
export class TooMuchWork extends Error {}

/**
 * What the text of somebody else may take: what a device answers, and files. Ten thousand mappings take a sixth of it; a hundred thousand rules
 * that each name a host and a port of their own take more. On two processors of 2020 it ends within ten seconds and a gigabyte.
 */
export const STRANGERS_WORK = 5_000_000;
/** What the plans of one change may take: of each device the text before, the one after, and all mixtures with the others'. */
export const PLANS_WORK = 20_000_000;
/** What the text that is written here may take: whoever wrote the intent waits for it. */
export const OWN_WORK = 100_000_000;

/** Between two calls of who listens: some hundredths of a second. */
const STEPS_BETWEEN_CALLS = 10_000;

let times = 1;
let left = Infinity;
let listener: (() => void) | undefined;
/** With fewer steps left than these, `spend` has more to do than to count. */
let mark = 0;

/** Calls `next` again and again while work goes on, for a line that says so; undefined ends that. */
export function listenToWork(next: (() => void) | undefined): void {
  listener = next;
  mark = markFrom(left);
}

const markFrom = (steps: number): number =>
  listener === undefined || steps === Infinity ? 0 : Math.max(0, steps - STEPS_BETWEEN_CALLS);

/** So many times as much as strangers may take: by whoever starts a command, for a text that they know. */
export function allowWork(factor: number): void {
  times = factor;
}

/** Measures that follow from the work, and that somebody has to apply before there are pieces: bytes, lines. */
export const allowed = (most: number): number => most * times;

/**
 * Runs what makes diagrams. The outermost limit counts, and everything inside is charged to it: several texts that are read for one answer share
 * it. Where it is passed, what `refuse` makes of that counts.
 */
export function withinWork<T>(most: number, run: () => T, refuse: () => T): T {
  const outermost = left === Infinity;
  if (outermost) {
    left = most === OWN_WORK ? most : allowed(most);
    mark = markFrom(left);
  }
  try {
    return run();
  } catch (error) {
    if (error instanceof TooMuchWork) return refuse();
    throw error;
  } finally {
    if (outermost) left = Infinity;
  }
}

/** Whether what was done passed the limit, in whatever words whoever did it refused. */
export const isSpent = (): boolean => left < 0;

/** Throws TooMuchWork where nothing is left. */
export function spend(steps: number): void {
  left -= steps;
  if (left < mark) passMark();
}

function passMark(): void {
  if (left < 0) throw new TooMuchWork('more work than may be done');
  mark = markFrom(left);
  listener?.();
}
