// Runs commands for the lab with a time limit and returns status and output. Also ends process groups, and waits until
// a condition holds.
import { spawn } from 'node:child_process';
import { kill } from './process';

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which the command is killed and its status is 124. Default 60. */
  readonly seconds?: number;
  /** Called with output as it comes, for a person who waits. */
  readonly watch?: (text: string) => void;
  /** Starts the command in a process group of its own. `endGroups` ends it with every process that it has started. */
  readonly group?: true;
}

/** Process groups that are running, by the id of their first process. */
const groups = new Set<number>();

export function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...rest] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: options.group ?? false,
    });
    if (options.group && child.pid !== undefined) groups.add(child.pid);
    let out = '';
    let err = '';
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        child.kill('SIGKILL');
      },
      (options.seconds ?? 60) * 1000,
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      options.watch?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      options.watch?.(text);
    });
    const finished = (status: number, more = '') => {
      clearTimeout(timer);
      if (child.pid !== undefined) groups.delete(child.pid);
      resolve({ status, out, err: err + more });
    };
    child.on('error', (error) => finished(127, `${program}: ${error.message}`));
    child.on('close', (code, signal) =>
      finished(
        late ? 124 : (code ?? 128),
        late ? `stopped after ${options.seconds ?? 60} s` : signal ? `ended by ${signal}` : '',
      ),
    );
    // A command that fails early leaves its input unread. That must not end this process with EPIPE.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a command that must succeed, and returns its standard output. */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await run(argv, options);
  if (outcome.status !== 0) {
    throw new Error(
      `${argv.join(' ').slice(0, 300)}\n  ended with ${outcome.status}: ${(outcome.err || outcome.out).trim().slice(-2000)}`,
    );
  }
  return outcome.out;
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ends all commands in groups of their own. Those that still run after so many seconds are killed. */
export async function endGroups(seconds = 5): Promise<void> {
  for (const group of groups) kill(-group, 'SIGTERM');
  const end = Date.now() + seconds * 1000;
  while (groups.size > 0 && Date.now() < end) await pause(50);
  for (const group of groups) kill(-group, 'SIGKILL');
}

/** A busy machine may take this many times as long as an idle one, for which the seconds of a wait are written. */
const BUSY = 5;

/** Returns how long to wait on a busy machine for what an idle one does in so many seconds. Only a hang takes longer. */
export const secondsWhenBusy = (seconds: number): number => seconds * BUSY;

/**
 * Repeats a question until the answer is yes. `seconds`: how long it may take on an idle machine. If it takes longer
 * than a busy one needs, throws with what was waited for.
 */
export async function until(
  what: string,
  seconds: number,
  ask: () => Promise<boolean>,
  everyMilliseconds = 50,
): Promise<void> {
  const limit = secondsWhenBusy(seconds);
  const end = Date.now() + limit * 1000;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`Waited ${limit} s in vain: ${what}.`);
    await pause(everyMilliseconds);
  }
}
