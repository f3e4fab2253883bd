// Runs one step of the test suite in a process group with a time limit, and returns the outcome and the counted tests.
// Can stop all running steps.

import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from '../../lab/process';

export interface Result {
  readonly step: string;
  readonly outcome: 'passed' | 'FAILED' | 'not run';
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** A line for each test that failed or didn't end. */
  readonly failures: readonly string[];
}

interface Options {
  readonly step: string;
  readonly command: readonly string[];
  readonly limitSeconds: number;
  readonly env: Readonly<Record<string, string>>;
  /** A folder for what the step leaves, which ends with the run. */
  readonly folder: string;
  /** Keeps the output until the step ends: for a step beside another. */
  readonly isBuffered: boolean;
}

/** Seconds that a step has to take down what it made, once it was told to end. */
const GRACE_SECONDS = 90;
const running = new Set<ChildProcess>();
let isStopping = false;

/** Ends all steps that run, and resolves when they have ended. No other step begins. */
export async function stopSteps(): Promise<void> {
  isStopping = true;
  await Promise.all([...running].map(stop));
}

async function stop(child: ChildProcess): Promise<void> {
  const group = -child.pid!;
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const exited = hasExited() ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));
  // The lab takes itself down at this signal; contained.sh ends with all that it has started.
  kill(child.pid!, 'SIGTERM');
  const timer = setTimeout(() => kill(group, 'SIGKILL'), GRACE_SECONDS * 1000);
  await exited;
  clearTimeout(timer);
  // A shell that ends at a signal leaves what it started.
  kill(group, 'SIGKILL');
}

/**
 * Runs one step in a process group of its own, which a Ctrl-C in the terminal doesn't reach: this process decides how
 * it ends.
 */
export function runStep({ step, command, limitSeconds, env, folder, isBuffered }: Options): Promise<Result> {
  if (isStopping) return Promise.resolve(createNotRun(step, 'the run was ended'));
  const count = join(folder, `${step}.count`);
  rmSync(count, { force: true });
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command[0]!, command.slice(1), {
      env: { ...process.env, ...env, CPANEL_EDGE_TEST_COUNT: count },
      stdio: isBuffered ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    running.add(child);
    if (!isBuffered) process.stdout.write(`\n== ${step}\n`);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      void stop(child);
    }, limitSeconds * 1000);
    const end = (why: string | undefined): void => {
      clearTimeout(timer);
      running.delete(child);
      const seconds = Math.round((Date.now() - began) / 1000);
      if (isBuffered) process.stdout.write(`\n== ${step}\n${output}`);
      const result = toResult(step, seconds, isLate ? `stopped after ${limitSeconds} s` : why, count);
      process.stdout.write(`${step}: ${result.outcome}, ${seconds} s\n`);
      resolve(result);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (status, signal) =>
      end(status === 0 ? undefined : signal ? `ended by ${signal}` : `status ${status}`),
    );
  });
}

export function createNotRun(step: string, why: string): Result {
  return { step, outcome: 'not run', seconds: 0, passed: 0, failed: 1, failures: [`${step}: not run, because ${why}`] };
}

/**
 * A step may count its own tests: "N passed, N failed", and below it a line for each that failed. Any other step counts
 * as one.
 */
function toResult(step: string, seconds: number, why: string | undefined, count: string): Result {
  const [head = '', ...lines] = existsSync(count) ? readFileSync(count, 'utf8').trimEnd().split('\n') : [];
  const [, passed = why === undefined ? '1' : '0', failed = '0'] = /^(\d+) passed, (\d+) failed$/.exec(head) ?? [];
  // A step that failed has at least one failure, whatever it counted; one with a failure has failed, whatever its
  // status.
  const hasFailed = why !== undefined || failed !== '0';
  return {
    step,
    seconds,
    outcome: hasFailed ? 'FAILED' : 'passed',
    passed: Number(passed),
    failed: hasFailed ? Math.max(1, Number(failed)) : 0,
    failures: [...(why === undefined || failed !== '0' ? [] : [why]), ...lines].map((line) => `${step}: ${line}`),
  };
}
