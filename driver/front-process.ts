// Runs the front process of the driver for `deliver` and `retract`: starts the detached worker process, relays the
// output to Terraform, and returns the exit code. If the worker is killed, it prints what is known of the device.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { WORK_VARIABLE, decodeWork, isRecord } from '../lib/agent-protocol/work-codec';
import { escapeForDisplay } from '../lib/problems/problem';
import { describeCutOff, describeNothingSent } from './delivery-outcome';
import { createVerifyFormatter } from './outcome-paragraph';
import { describeNotRemoved } from './remove-outcome';
import { parseRemoveOrder } from './remove-order';
import { findOwnProject } from './operator-project';
import { DELIVERY_STEPS, DeliveryStep } from './protocol';
import { createInflater } from './synthesized-stack';

const PARENT_CHECK_MILLISECONDS = 200;

/**
 * Runs the front process, which Terraform starts: it relays the worker's lines and its exit code. Terraform kills it at
 * once on an interrupt. The worker notices, because their pipe and channel break.
 */
export function runFront(order: 'deliver' | 'retract'): Promise<number> {
  return new Promise((resolve) => {
    const worker = spawn(process.execPath, [...process.execArgv, require.resolve('./worker-process'), order], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const parent = process.ppid;
    // Only the channel is closed: the worker itself ends what it has begun on the device.
    const closeChannel = (): void => {
      if (worker.connected) worker.disconnect();
    };
    // A killed Terraform leaves this process to another parent; its pipe shows that only to a writer.
    const parentTimer = setInterval(() => process.ppid !== parent && closeChannel(), PARENT_CHECK_MILLISECONDS);
    process.on('SIGINT', closeChannel);
    process.on('SIGTERM', closeChannel);
    process.on('SIGHUP', closeChannel);
    process.stdout.on('error', closeChannel);
    relayLines(worker.stdout!);
    relayLines(worker.stderr!);
    let step: DeliveryStep | undefined;
    worker.on('message', (message: unknown) => {
      const sentStep = isRecord(message) ? message['step'] : undefined;
      step = DELIVERY_STEPS.find((knownStep) => knownStep === sentStep) ?? step;
    });
    worker.on('error', (error) =>
      exitWithLines(1, [
        `the driver's worker could not be started: ${escapeForDisplay(error.message)}`,
        ...describeKilled(order, step),
      ]),
    );
    // Node's own "close" never comes after the channel is closed.
    const streams = [worker.stdout!, worker.stderr!].map((stream) => once(stream, 'close'));
    worker.on(
      'exit',
      (code, signal) =>
        void Promise.allSettled(streams).then(() =>
          code === null
            ? exitWithLines(1, [
                `the driver's worker was killed (${signal ?? 'unknown signal'}).`,
                ...describeKilled(order, step),
              ])
            : exitWithLines(code),
        ),
    );
    function exitWithLines(code: number, lines: readonly string[] = []): void {
      clearInterval(parentTimer);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, closeChannel);
      for (const line of lines) process.stdout.write(`${line}\n`);
      resolve(code);
    }
  });
}

/** Returns the paragraph that a killed worker could not print. */
function describeKilled(order: 'deliver' | 'retract', step: DeliveryStep | undefined): readonly string[] {
  const project = findOwnProject();
  try {
    if (order === 'retract') {
      const removeOrder = parseRemoveOrder(process.env);
      return describeNotRemoved(
        removeOrder,
        { problems: [], asked: step === 'retract' },
        project,
        createVerifyFormatter(project, removeOrder.connection),
      ).paragraph;
    }
    const { release, connection } = decodeWork(process.env, createInflater(WORK_VARIABLE));
    return describeCutOff(release, step, project, createVerifyFormatter(project, connection));
  } catch {
    return describeNothingSent(order, project);
  }
}

/**
 * Relays whole lines only, because parallel deliveries share Terraform's output. Each line is already escaped for
 * display.
 */
function relayLines(stream: NodeJS.ReadableStream): void {
  let partialLine = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (partialLine + text).split('\n');
    partialLine = lines.pop() ?? '';
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  });
  stream.on('end', () => {
    if (partialLine !== '') process.stdout.write(`${partialLine}\n`);
  });
}
