// Runs cdktf programs for the lab one after the other in one child process: loading the library takes four times as
// long as a synthesis.
import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..');

/** One synthesis: `main` runs with exactly this environment. */
export interface Asked {
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Answered {
  /** Error message, if it failed. */
  readonly why?: string;
}

let before: Promise<void> = Promise.resolve();
let begun: ChildProcess | undefined;

/** Runs a program once the programs before it have ended. Rejects with the error message if it fails. */
export function synthesis(asked: Asked): Promise<void> {
  const done = before.then(() => once(asked));
  before = done.catch(() => undefined);
  return done;
}

async function once(asked: Asked): Promise<void> {
  const child = (begun ??= begin());
  // Only a synthesis in progress keeps this process alive.
  child.channel?.ref();
  const { why } = await new Promise<Answered>((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), 120_000);
    const answered = (answer: Answered): void => {
      clearTimeout(late);
      child.removeAllListeners();
      resolve(answer);
    };
    child
      .once('message', (answer) => answered(answer as Answered))
      .once('error', ({ message }) => answered({ why: message }));
    child.once('exit', (code, signal) => {
      begun = undefined;
      answered({ why: `it ended with ${signal ?? code}` });
    });
    child.send(asked);
  });
  child.channel?.unref();
  if (why !== undefined) throw new Error(`${asked.main} was not synthesized: ${why}`);
}

function begin(): ChildProcess {
  const child = fork(join(__dirname, 'synthesis-child.ts'), {
    cwd: REPOSITORY,
    execArgv: ['-r', './scripts/typescript/register.js'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.unref();
  return child;
}
