import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { At, QUIET } from './progress';

/** What the two threads tell each other. `line`: 0 none yet, 1 drawn, 2 none any more. `count` and `of`: how many of all are through. */
export const TOLD = { done: 0, line: 1, gone: 2, count: 3, of: 4 } as const;

export interface Clock {
  readonly words: string;
  readonly columns: number;
  readonly told: Int32Array;
}

/**
 * On a terminal, for how long work has gone on that takes longer than a second and gives nothing else a turn: a thread beside it says so. In
 * pipes and files nothing, and nothing of it stays.
 */
export function withClock<T>(words: string, work: () => T): T {
  const { stop } = begun(words);
  try {
    return work();
  } finally {
    stop();
  }
}

/** The same of work in parts that each take long, and says how many of all are through. */
export async function withClockBeside<T>(words: string, work: (at: At) => Promise<T>): Promise<T> {
  const { at, stop } = begun(words);
  try {
    return await work(at);
  } finally {
    stop();
  }
}

function begun(words: string): { readonly at: At; readonly stop: () => void } {
  const { isTTY, columns } = process.stderr;
  if (!isTTY) return { at: () => undefined, stop: () => undefined };
  const told = new Int32Array(new SharedArrayBuffer(5 * Int32Array.BYTES_PER_ELEMENT));
  new Worker(join(__dirname, 'clock-thread.js'), { workerData: { words, columns, told } satisfies Clock }).unref();
  return {
    at: (count, of) => {
      Atomics.store(told, TOLD.count, count);
      Atomics.store(told, TOLD.of, of);
    },
    stop: () => {
      Atomics.store(told, TOLD.done, 1);
      Atomics.notify(told, TOLD.done);
      // What is printed next begins on an empty line.
      if (Atomics.compareExchange(told, TOLD.line, 0, 2) === 1) Atomics.wait(told, TOLD.gone, 0, QUIET);
    },
  };
}
