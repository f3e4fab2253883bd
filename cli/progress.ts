import { SingleBar } from 'cli-progress';

/** Nobody wonders for so long. Milliseconds. */
export const QUIET_MILLISECONDS = 1_000;

/** How many of all are done. */
export type ReportProgress = (count: number, of: number) => void;

/** A line for who has ordered the work, on standard output. */
export type PrintLine = (line: string) => void;

/** A line of a terminal that is drawn anew as it changes, and taken away by `stop`. `format`: as cli-progress has it. */
export const createProgressLine = (stream: NodeJS.WriteStream, format: string): SingleBar =>
  new SingleBar({
    stream,
    format,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 30,
    // Nothing of a terminal is set that a signal would leave so: neither its cursor nor how it wraps lines.
    clearOnComplete: true,
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
    emptyOnZero: true,
  });

/**
 * On a terminal, how far work has come that takes longer than a second; in pipes and files nothing, and nothing of it stays. An interruption is
 * left to whoever it is for.
 */
export async function runWithProgress<T>(
  words: string,
  work: (at: ReportProgress, say: PrintLine) => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
  print: PrintLine = (line) => void process.stdout.write(`${line}\n`),
): Promise<T> {
  if (!stream.isTTY) return work(() => undefined, print);
  const bar = createProgressLine(stream, `${words}: {value} of {total} {bar} {duration_formatted}`);
  let [count, totalCount] = [0, 0];
  const startTimer = setTimeout(() => bar.start(totalCount, count), QUIET_MILLISECONDS);
  try {
    return await work(
      (done, total) => {
        [count, totalCount] = [done, total];
        bar.setTotal(totalCount);
        bar.update(count);
      },
      // Both may be one terminal.
      (line) => {
        const { isActive } = bar;
        if (isActive) bar.stop();
        print(line);
        if (isActive) bar.start(totalCount, count);
      },
    );
  } finally {
    clearTimeout(startTimer);
    if (bar.isActive) bar.stop();
  }
}
