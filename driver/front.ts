import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { printable } from '../lib/problems/problem';

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
    worker.on('error', (error) => finish(1, `the worker could not be started: ${printable(error.message)}`));
    // Node's own "close" never comes once we have cut the channel.
    const streams = [worker.stdout!, worker.stderr!].map((stream) => once(stream, 'close'));
    worker.on(
      'exit',
      (code, signal) =>
        void Promise.allSettled(streams).then(() =>
          code === null
            ? finish(
                1,
                `the worker was killed (${signal ?? 'unknown signal'}). What it had loaded and not confirmed, the device undoes by its timer; then apply again.`,
              )
            : finish(code),
        ),
    );
    function finish(code: number, line?: string): void {
      clearInterval(watch);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, leave);
      if (line !== undefined) process.stdout.write(`${line}\n`);
      resolve(code);
    }
  });
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
