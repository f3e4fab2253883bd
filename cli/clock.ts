import { setProgressListener } from '../lib/net/step-budget';
import { ReportProgress, QUIET_MILLISECONDS, createProgressLine } from './progress';

/**
 * Shows on a terminal for how many seconds work has gone on, from the first second on; in pipes and files nothing. Work that gives nothing else a
 * turn moves the line by the steps that it counts. The line is taken away at the end.
 */
export function runWithClock<T>(words: string, work: () => T): T {
  const { stop } = startClock(words);
  try {
    return work();
  } finally {
    stop();
  }
}

/** The same of work in parts, with how many of all are done. Between them, and where it waits, a timer moves the line. */
export async function runWithClockAsync<T>(words: string, work: (at: ReportProgress) => Promise<T>): Promise<T> {
  const { at, stop } = startClock(words);
  try {
    return await work(at);
  } finally {
    stop();
  }
}

function startClock(words: string): { readonly at: ReportProgress; readonly stop: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { at: () => undefined, stop: () => undefined };
  const line = createProgressLine(stderr, `${words}: {parts}{seconds}s`);
  const began = Date.now();
  let parts = '';
  const draw = (): void => {
    const milliseconds = Date.now() - began;
    if (milliseconds < QUIET_MILLISECONDS) return;
    const shown = { parts, seconds: Math.floor(milliseconds / 1_000) };
    // An update is written at once, also from within a computation.
    if (line.isActive) line.update(shown);
    else line.start(1, 0, shown);
  };
  const timer = setInterval(draw, QUIET_MILLISECONDS / 2);
  setProgressListener(draw);
  return {
    at: (count, total) => {
      // Of one the seconds say as much.
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
