import { SingleBar } from 'cli-progress';

/** Nobody wonders for so long. Milliseconds. */
export const QUIET = 1_000;

/** How many of all are done. */
export type At = (count: number, of: number) => void;

/** A line for who has ordered the work, on standard output. */
export type Say = (line: string) => void;

/** A line of a terminal that is drawn anew as it changes, and taken away by `stop`. `format`: as cli-progress has it. */
export const createLine = (stream: NodeJS.WriteStream, format: string): SingleBar =>
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
export async function withProgress<T>(
  words: string,
  work: (at: At, say: Say) => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
  print: Say = (line) => void process.stdout.write(`${line}\n`),
): Promise<T> {
  if (!stream.isTTY) return work(() => undefined, print);
  const bar = createLine(stream, `${words}: {value} of {total} {bar} {duration_formatted}`);
  let [count, of] = [0, 0];
  const begin = setTimeout(() => bar.start(of, count), QUIET);
  try {
    return await work(
      (done, all) => {
        [count, of] = [done, all];
        bar.setTotal(of);
        bar.update(count);
      },
      // Both may be one terminal.
      (line) => {
        const { isActive } = bar;
        if (isActive) bar.stop();
        print(line);
        if (isActive) bar.start(of, count);
      },
    );
  } finally {
    clearTimeout(begin);
    if (bar.isActive) bar.stop();
  }
}
