const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Work of which something is to be said when it is cut off: the first signal stops it, and this process ends by it once `work` has said what is
 * known; a second one ends it at once.
 */
export async function untilInterrupted<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let by: NodeJS.Signals | undefined;
  const leave = (): void => SIGNALS.forEach((signal) => process.off(signal, interrupt));
  const interrupt = (signal: NodeJS.Signals): void => {
    by = signal;
    leave();
    stop.abort();
  };
  SIGNALS.forEach((signal) => process.on(signal, interrupt));
  try {
    return await work(stop.signal);
  } finally {
    leave();
    // By the signal itself: a shell's loop over devices ends with it, too.
    if (by !== undefined) process.stdout.write('', () => process.kill(process.pid, by));
  }
}
