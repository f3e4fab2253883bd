import { listenToWork } from '../lib/net/work';
import { At, QUIET } from './progress';

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

const CLEAR_LINE = '\r\u001b[2K';

function beginClock(words: string): { readonly at: At; readonly stop: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { at: () => undefined, stop: () => undefined };
  const began = Date.now();
  let parts = '';
  let shown = '';
  const draw = (): void => {
    const milliseconds = Date.now() - began;
    const line = `${words}: ${parts}${Math.floor(milliseconds / 1_000)}s`;
    if (milliseconds < QUIET || line === shown) return;
    shown = line;
    // A terminal is written to at once, also from within a computation.
    stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns || 80) - 1)}`);
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
      // What is printed next begins on an empty line.
      if (shown !== '') stderr.write(CLEAR_LINE);
    },
  };
}
