// Shows on a terminal how much of a long work is done, in a line that disappears at the end.

import { SingleBar } from 'cli-progress';

/** Work that takes no longer shows no progress. */
export const QUIET_MILLISECONDS = 1_000;

/** Reports how many of all are done. */
export type ReportProgress = (count: number, total: number) => void;

/** Prints a line for the operator, on standard output. */
export type PrintLine = (line: string) => void;

/** Returns a line of a terminal that is redrawn when it changes; `stop` removes it. `format`: that of cli-progress. */
export const createProgressLine = (stream: NodeJS.WriteStream, format: string): SingleBar =>
  new SingleBar({
    stream,
    format,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 30,
    // Neither the cursor nor the line wrap of the terminal is changed: a signal would leave it so.
    clearOnComplete: true,
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
    emptyOnZero: true,
  });

/**
 * Returns what `work` gives. On a terminal it shows the progress of work that takes longer than a second, and removes
 * it in the end. In pipes and files it shows none. It handles no signals: the caller does.
 */
export async function runWithProgress<T>(
  words: string,
  work: (reportProgress: ReportProgress, printLine: PrintLine) => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
  print: PrintLine = (line) => void process.stdout.write(`${line}\n`),
): Promise<T> {
  if (!stream.isTTY) return work(() => undefined, print);
  const progressLine = createProgressLine(stream, `${words}: {value} of {total} {bar} {duration_formatted}`);
  let [count, totalCount] = [0, 0];
  const startTimer = setTimeout(() => progressLine.start(totalCount, count), QUIET_MILLISECONDS);
  try {
    return await work(
      (newCount, newTotal) => {
        [count, totalCount] = [newCount, newTotal];
        progressLine.setTotal(totalCount);
        progressLine.update(count);
      },
      // Standard output and `stream` may be one terminal, so the bar is away while the line is printed.
      (line) => {
        const { isActive } = progressLine;
        if (isActive) progressLine.stop();
        print(line);
        if (isActive) progressLine.start(totalCount, count);
      },
    );
  } finally {
    clearTimeout(startTimer);
    if (progressLine.isActive) progressLine.stop();
  }
}
