// Runs the OpenSSH client as a child process with a time limit, and returns its output and status.

import { ChildProcess, spawn } from 'node:child_process';

/** Default seconds for an answer: longer than the agent waits for another command on its device. */
export const DEFAULT_ANSWER_SECONDS = 120;

export interface RunOptions {
  readonly input?: string;
  /** Ends the connection, not what it began on the device. */
  readonly signal?: AbortSignal;
  readonly seconds?: number;
}

/** The end of one connection. */
interface SshResult {
  /** Errors of ssh, sudo or a shell; the last part of them. */
  readonly errorText: string;
  readonly status: number | undefined;
}

/** The other side of one connection, while it lasts. */
interface SshLine {
  send(text: string): void;
  /** Ends the input. */
  close(): void;
  /** Ends the connection at once; `why` is added to the errors. */
  end(why?: string): void;
}

const KILL_DELAY_MILLISECONDS = 3000;

const openConnections = new Set<ChildProcess>();

/** Ends the connections of a process that exits without waiting for them: otherwise they would go on. */
export const closeConnections = (): void => openConnections.forEach((child) => void child.kill('SIGTERM'));

/** Runs the OpenSSH client until it has ended: after `seconds`, by `signal`, or by itself. Never throws. */
export function runSsh(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  { signal, seconds = DEFAULT_ANSWER_SECONDS }: RunOptions,
  /** Gets the line at the start; the returned function gets the output. */
  listen: (line: SshLine) => (bytes: Buffer) => void,
): Promise<SshResult> {
  return new Promise((resolve) => {
    // A Ctrl-C is for the process that reads the answer. It would end ssh, too, which would look like a broken line
    // first.
    const child = spawn('ssh', argv, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    openConnections.add(child);
    const errors: Buffer[] = [];
    const reasons: string[] = [];
    let killTimer: NodeJS.Timeout | undefined;
    const endConnection = (): void => {
      child.kill('SIGTERM');
      // A stopped ssh never ends, and a jump host may keep the pipes open, so this limits the wait.
      killTimer ??= setTimeout(() => {
        child.kill('SIGKILL');
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      }, KILL_DELAY_MILLISECONDS);
    };
    const timer = setTimeout(() => {
      reasons.push(`no answer within ${seconds} s`);
      endConnection();
    }, seconds * 1000);
    signal?.addEventListener('abort', endConnection, { once: true });
    if (signal?.aborted) endConnection();
    child.stderr.on('data', (bytes: Buffer) => {
      // The last lines contain the reason.
      errors.push(bytes);
      while (errors.length > 64) errors.shift();
    });
    // A program that refuses early stops reading. Its result has the reason, the broken pipe hasn't.
    child.stdin.on('error', () => undefined);
    const finish = (status: number | undefined): void => {
      openConnections.delete(child);
      clearTimeout(timer);
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', endConnection);
      const errorText = Buffer.concat(errors).toString('utf8').slice(-8192);
      resolve({ errorText: [errorText, ...reasons].join('\n'), status });
    };
    child.on('error', (error) => {
      reasons.push(error.message);
      finish(undefined);
    });
    child.on('close', (status) => finish(status ?? undefined));
    child.stdout.on(
      'data',
      listen({
        send: (text) => void child.stdin.write(text),
        close: () => void child.stdin.end(),
        end(reason) {
          if (reason !== undefined) reasons.push(reason);
          endConnection();
        },
      }),
    );
  });
}
