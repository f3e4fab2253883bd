// Handles SIGINT, SIGTERM and SIGHUP for commands that talk to devices: stops the work, prints what is known of the
// devices, and ends the process by the same signal.
import { closeConnections } from '../driver/ssh-child';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` and stops it at the first signal. This process then ends by that signal, once `work` has reported what is
 * known. A second signal ends the process at once.
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
    // The process ends by the signal itself, so that a shell's loop over devices ends, too.
    if (signalReceived !== undefined) process.stdout.write('', () => process.kill(process.pid, signalReceived));
  }
}

/** The message for an interrupted command that only asks devices. */
export const NOTHING_CHANGED = 'Interrupted: nothing was changed on any device.';

const pendingMessages = new Set<() => string>();

/** Closes the connections, prints how things are left, and ends this process by the signal. */
function exitWithMessages(signal: NodeJS.Signals): void {
  SIGNALS.forEach((signalName) => process.off(signalName, exitWithMessages));
  closeConnections();
  // A terminal shows ^C before the message.
  const lineBreak = process.stderr.isTTY ? '\n' : '';
  const lines = new Set([...pendingMessages].map((createMessage) => createMessage()));
  process.stderr.write([...lines].map((line) => `${lineBreak}${line}\n`).join(''), () =>
    process.kill(process.pid, signal),
  );
}

/**
 * Returns what `ask` gives. A signal meanwhile prints the message and ends this process. Of several calls at once each
 * distinct message is printed once. The signals have their default effect again when no call is left.
 */
export async function runOrExplain<T>(createMessage: () => string, ask: () => Promise<T>): Promise<T> {
  const printMessage = (): string => createMessage();
  if (pendingMessages.size === 0) SIGNALS.forEach((signal) => process.on(signal, exitWithMessages));
  pendingMessages.add(printMessage);
  try {
    return await ask();
  } finally {
    pendingMessages.delete(printMessage);
    if (pendingMessages.size === 0) SIGNALS.forEach((signal) => process.off(signal, exitWithMessages));
  }
}
