import { ChildProcess, spawn } from 'node:child_process';

/** Seconds for an answer where nothing else is said: longer than the program on a device waits for another command there. */
export const USUAL_ANSWER = 120;

export interface RunOptions {
  readonly input?: string;
  /** Ends the connection, not what it began on the device. */
  readonly stop?: AbortSignal;
  readonly seconds?: number;
}

/** How one connection ended. */
interface Ended {
  /** What ssh, sudo or a shell said; the last of it. */
  readonly said: string;
  readonly status: number | undefined;
}

/** The other side of one connection, while it lasts. */
interface Line {
  send(text: string): void;
  /** Nothing more is sent. */
  close(): void;
  /** At once; `why` is added to what was said. */
  end(why?: string): void;
}

const AT_MOST_TO_END = 3000;

const lasting = new Set<ChildProcess>();

/** Ends the connections of a process that ends without waiting for them: none would end with it. */
export const hangUp = (): void => lasting.forEach((child) => void child.kill('SIGTERM'));

/** The OpenSSH client, until it has ended: after `seconds`, by `stop`, or by itself. Never throws. */
export function sshChild(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  { stop, seconds = USUAL_ANSWER }: RunOptions,
  /** Gets the line when it begins; what it returns hears what comes. */
  listen: (line: Line) => (bytes: Buffer) => void,
): Promise<Ended> {
  return new Promise((resolve) => {
    // A Ctrl-C is for who reads the answer: ssh would die by it, too, and be heard first as a line that broke.
    const child = spawn('ssh', argv, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    lasting.add(child);
    const errors: Buffer[] = [];
    const reasons: string[] = [];
    let impatient: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill('SIGTERM');
      // A stopped ssh, and one whose jump host keeps our pipes open, would be waited for without end.
      impatient ??= setTimeout(() => {
        child.kill('SIGKILL');
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      }, AT_MOST_TO_END);
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
    const settle = (status: number | undefined): void => {
      lasting.delete(child);
      clearTimeout(timer);
      clearTimeout(impatient);
      stop?.removeEventListener('abort', end);
      const said = Buffer.concat(errors).toString('utf8').slice(-8192);
      resolve({ said: [said, ...reasons].join('\n'), status });
    };
    child.on('error', (error) => {
      reasons.push(error.message);
      settle(undefined);
    });
    child.on('close', (status) => settle(status ?? undefined));
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
