import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { WORK_VARIABLE, decodeWork, isRecord } from '../lib/agent-protocol/codec';
import { printable } from '../lib/problems/problem';
import { cutOff, nothingSent } from './endings';
import { verifyCommand } from './paragraph';
import { notRetracted } from './retract-endings';
import { retractOrder } from './retract-order';
import { ownProject } from './project';
import { STEPS, Step } from './protocol';
import { inflateWithin } from './synthesized';

const LOOK_AFTER_PARENT = 200;

/**
 * The half that Terraform started: relays the worker's lines and its exit code. Terraform kills it at once when it is
 * interrupted; the worker notices, because their pipe and channel break.
 */
export function front(order: 'deliver' | 'retract'): Promise<number> {
  return new Promise((resolve) => {
    const worker = spawn(process.execPath, [...process.execArgv, require.resolve('./worker'), order], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const parent = process.ppid;
    // Only the channel is cut: what the worker has begun on the device it ends itself.
    const leave = (): void => {
      if (worker.connected) worker.disconnect();
    };
    // A killed Terraform leaves us to another parent; its pipe says so only to one who writes.
    const watch = setInterval(() => process.ppid !== parent && leave(), LOOK_AFTER_PARENT);
    process.on('SIGINT', leave);
    process.on('SIGTERM', leave);
    process.on('SIGHUP', leave);
    process.stdout.on('error', leave);
    relayLines(worker.stdout!);
    relayLines(worker.stderr!);
    let step: Step | undefined;
    worker.on('message', (message: unknown) => {
      const said = isRecord(message) ? message['step'] : undefined;
      step = STEPS.find((one) => one === said) ?? step;
    });
    worker.on('error', (error) =>
      finish(1, [`the driver's worker could not be started: ${printable(error.message)}`, ...afterKill(order, step)]),
    );
    // Node's own "close" never comes once we have cut the channel.
    const streams = [worker.stdout!, worker.stderr!].map((stream) => once(stream, 'close'));
    worker.on(
      'exit',
      (code, signal) =>
        void Promise.allSettled(streams).then(() =>
          code === null
            ? finish(1, [`the driver's worker was killed (${signal ?? 'unknown signal'}).`, ...afterKill(order, step)])
            : finish(code),
        ),
    );
    function finish(code: number, lines: readonly string[] = []): void {
      clearInterval(watch);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, leave);
      for (const line of lines) process.stdout.write(`${line}\n`);
      resolve(code);
    }
  });
}

/** The paragraph that the worker could not write any more. */
function afterKill(order: 'deliver' | 'retract', step: Step | undefined): readonly string[] {
  const project = ownProject();
  try {
    if (order === 'retract') {
      const what = retractOrder(process.env);
      return notRetracted(
        what,
        { problems: [], asked: step === 'retract' },
        project,
        verifyCommand(project, what.connection),
      ).paragraph;
    }
    const { release, connection } = decodeWork(process.env, inflateWithin(WORK_VARIABLE));
    return cutOff(release, step, project, verifyCommand(project, connection));
  } catch {
    return nothingSent(order, project);
  }
}

/** Whole lines only: parallel deliveries share Terraform's output. Each is already fit to be shown. */
function relayLines(from: NodeJS.ReadableStream): void {
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  });
  from.on('end', () => {
    if (rest !== '') process.stdout.write(`${rest}\n`);
  });
}
