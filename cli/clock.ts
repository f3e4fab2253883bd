import { listenToWork } from '../lib/net/work';
import { At, QUIET, createLine } from './progress';

/**
 * Shows on a terminal for how many seconds work has gone on, from the first second on; in pipes and files nothing. Work that gives nothing else a
 * turn moves the line by the steps that it counts. The line is taken away at the end.
 */
export function withClock<T>(words: string, work: () => T): T {
  const { stop } = beginClock(words);
  try {
    return work();
  } finally {
    stop();
  }
}

/** The same of work in parts, with how many of all are done. Between them, and where it waits, a timer moves the line. */
export async function withClockBeside<T>(words: string, work: (at: At) => Promise<T>): Promise<T> {
  const { at, stop } = beginClock(words);
  try {
    return await work(at);
  } finally {
    stop();
  }
}

function beginClock(words: string): { readonly at: At; readonly stop: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { at: () => undefined, stop: () => undefined };
  const line = createLine(stderr, `${words}: {parts}{seconds}s`);
  const began = Date.now();
  let parts = '';
  const draw = (): void => {
    const milliseconds = Date.now() - began;
    if (milliseconds < QUIET) return;
    const shown = { parts, seconds: Math.floor(milliseconds / 1_000) };
    // An update is written at once, also from within a computation.
    if (line.isActive) line.update(shown);
    else line.start(1, 0, shown);
  };
  const timer = setInterval(draw, QUIET / 2);
  listenToWork(draw);
  return {
    at: (count, of) => {
      // Of one the seconds say as much.
      parts = of > 1 ? `${count} of ${of}, ` : '';
      draw();
    },
    stop: () => {
      clearInterval(timer);
      listenToWork(undefined);
      if (line.isActive) line.stop();
    },
  };
}
