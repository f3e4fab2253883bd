// Shows on a terminal how many seconds a command has been working, in a line that disappears at the end.

import { setProgressListener } from '../lib/net/step-budget';
import { ReportProgress, QUIET_MILLISECONDS, createProgressLine } from './progress';

/**
 * Returns the result of `work`. On a terminal a line shows the seconds that it has taken, from the first second on.
 * Pipes and files get no such line. Synchronous work moves the line by the steps that it counts. The line disappears at
 * the end.
 */
export function runWithClock<T>(words: string, work: () => T): T {
  const { stop } = startClock(words);
  try {
    return work();
  } finally {
    stop();
  }
}

/**
 * Returns the result of `work`, which consists of parts. The line shows the number of parts that are done, too. A timer
 * moves it between the parts and while `work` waits.
 */
export async function runWithClockAsync<T>(
  words: string,
  work: (reportProgress: ReportProgress) => Promise<T>,
): Promise<T> {
  const { reportProgress, stop } = startClock(words);
  try {
    return await work(reportProgress);
  } finally {
    stop();
  }
}

function startClock(words: string): { readonly reportProgress: ReportProgress; readonly stop: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { reportProgress: () => undefined, stop: () => undefined };
  const line = createProgressLine(stderr, `${words}: {parts}{seconds}s`);
  const startedAt = Date.now();
  let parts = '';
  const draw = (): void => {
    const milliseconds = Date.now() - startedAt;
    if (milliseconds < QUIET_MILLISECONDS) return;
    const payload = { parts, seconds: Math.floor(milliseconds / 1_000) };
    // The progress line writes an update at once, also from within a computation.
    if (line.isActive) line.update(payload);
    else line.start(1, 0, payload);
  };
  const timer = setInterval(draw, QUIET_MILLISECONDS / 2);
  setProgressListener(draw);
  return {
    reportProgress: (count, total) => {
      // For a single part the seconds say as much.
      parts = total > 1 ? `${count} of ${total}, ` : '';
      draw();
    },
    stop: () => {
      clearInterval(timer);
      setProgressListener(undefined);
      if (line.isActive) line.stop();
    },
  };
}
