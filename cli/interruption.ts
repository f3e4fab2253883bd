import { closeConnections } from '../driver/ssh-child';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Work of which something is to be said when it is cut off: the first signal stops it, and this process ends by it once `work` has said what is
 * known; a second one ends it at once.
 */
export async function runUntilInterrupted<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let signalReceived: NodeJS.Signals | undefined;
  const removeListeners = (): void => SIGNALS.forEach((signal) => process.off(signal, interrupt));
  const interrupt = (signal: NodeJS.Signals): void => {
    signalReceived = signal;
    removeListeners();
    stop.abort();
  };
  SIGNALS.forEach((signal) => process.on(signal, interrupt));
  try {
    return await work(stop.signal);
  } finally {
    removeListeners();
    // By the signal itself: a shell's loop over devices ends with it, too.
    if (signalReceived !== undefined) process.stdout.write('', () => process.kill(process.pid, signalReceived));
  }
}

/** What is said of devices that are only asked. */
export const NOTHING_CHANGED = 'Interrupted: nothing was changed on any device.';

const pendingMessages = new Set<() => string>();

/** The first signal ends this process at once, by itself, with its connections, and a line says how things are left. */
function exitWithMessages(signal: NodeJS.Signals): void {
  SIGNALS.forEach((signalName) => process.off(signalName, exitWithMessages));
  closeConnections();
  // A terminal shows ^C before it.
  const begin = process.stderr.isTTY ? '\n' : '';
  const lines = new Set([...pendingMessages].map((createMessage) => createMessage()));
  process.stderr.write([...lines].map((line) => `${begin}${line}\n`).join(''), () => process.kill(process.pid, signal));
}

/** Asks a device. Who cuts it off reads `left`, of several that are asked at once each line once. Where nothing is asked any more a signal is nobody's. */
export async function runOrExplain<T>(createMessage: () => string, ask: () => Promise<T>): Promise<T> {
  const message = (): string => createMessage();
  if (pendingMessages.size === 0) SIGNALS.forEach((signal) => process.on(signal, exitWithMessages));
  pendingMessages.add(message);
  try {
    return await ask();
  } finally {
    pendingMessages.delete(message);
    if (pendingMessages.size === 0) SIGNALS.forEach((signal) => process.off(signal, exitWithMessages));
  }
}
