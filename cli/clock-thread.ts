import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { SingleBar } from 'cli-progress';
import { Clock, TOLD } from './clock';
import { QUIET } from './progress';

const begin = Date.now();
const { words, columns, told } = workerData as Clock;
const isDoneWithin = (milliseconds: number): boolean => Atomics.wait(told, TOLD.done, 0, milliseconds) !== 'timed-out';

/** A thread's own standard error is written by the one that is busy. */
const stream = {
  ...{ isTTY: true, columns, write: (text: string): boolean => writeSync(2, text) > 0 },
  ...{ on: () => undefined, once: () => undefined, emit: () => false },
} as unknown as NodeJS.WriteStream;

if (!isDoneWithin(QUIET) && Atomics.compareExchange(told, TOLD.line, 0, 1) === 0) {
  const format = `${words}: {through}{seconds}s`;
  const sofar = (): object => {
    const [count, of] = [Atomics.load(told, TOLD.count), Atomics.load(told, TOLD.of)];
    // Of one the seconds say as much.
    return { through: of > 1 ? `${count} of ${of}, ` : '', seconds: Math.round((Date.now() - begin) / 1_000) };
  };
  const bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: null, gracefulExit: false });
  bar.start(1, 0, sofar());
  while (!isDoneWithin(QUIET / 2)) bar.update(0, sofar());
  bar.stop();
  Atomics.store(told, TOLD.gone, 1);
  Atomics.notify(told, TOLD.gone);
}
