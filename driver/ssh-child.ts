import { ChildProcess, spawn } from 'node:child_process';

/** Seconds for an answer where nothing else is said: longer than the program on a device waits for another command there. */
export const DEFAULT_ANSWER_SECONDS = 120;

export interface RunOptions {
  readonly input?: string;
  /** Ends the connection, not what it began on the device. */
  readonly stop?: AbortSignal;
  readonly seconds?: number;
}

/** How one connection ended. */
interface SshResult {
  /** What ssh, sudo or a shell said; the last of it. */
  readonly said: string;
  readonly status: number | undefined;
}

/** The other side of one connection, while it lasts. */
interface SshLine {
  send(text: string): void;
  /** Nothing more is sent. */
  close(): void;
  /** At once; `why` is added to what was said. */
  end(why?: string): void;
}

const KILL_DELAY_MILLISECONDS = 3000;

const openConnections = new Set<ChildProcess>();

/** Ends the connections of a process that ends without waiting for them: none would end with it. */
export const closeConnections = (): void => openConnections.forEach((child) => void child.kill('SIGTERM'));

/** The OpenSSH client, until it has ended: after `seconds`, by `stop`, or by itself. Never throws. */
export function runSsh(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  { stop, seconds = DEFAULT_ANSWER_SECONDS }: RunOptions,
  /** Gets the line when it begins; what it returns hears what comes. */
  listen: (line: SshLine) => (bytes: Buffer) => void,
): Promise<SshResult> {
  return new Promise((resolve) => {
    // A Ctrl-C is for who reads the answer: ssh would die by it, too, and be heard first as a line that broke.
    const child = spawn('ssh', argv, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    openConnections.add(child);
    const errors: Buffer[] = [];
    const reasons: string[] = [];
    let killTimer: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill('SIGTERM');
      // A stopped ssh, and one whose jump host keeps our pipes open, would be waited for without end.
      killTimer ??= setTimeout(() => {
        child.kill('SIGKILL');
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      }, KILL_DELAY_MILLISECONDS);
    };
    const timer = setTimeout(() => {
      reasons.push(`no answer within ${seconds} s`);
      end();
    }, seconds * 1000);
    stop?.addEventListener('abort', end, { once: true });
    if (stop?.aborted) end();
    child.stderr.on('data', (bytes: Buffer) => {
      // The last words are the ones that say why.
      errors.push(bytes);
      while (errors.length > 64) errors.shift();
    });
    // A program that refuses early stops reading; its result says why, the broken pipe doesn't.
    child.stdin.on('error', () => undefined);
    const finish = (status: number | undefined): void => {
      openConnections.delete(child);
      clearTimeout(timer);
      clearTimeout(killTimer);
      stop?.removeEventListener('abort', end);
      const errorText = Buffer.concat(errors).toString('utf8').slice(-8192);
      resolve({ said: [errorText, ...reasons].join('\n'), status });
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
        end(why) {
          if (why !== undefined) reasons.push(why);
          end();
        },
      }),
    );
  });
}
