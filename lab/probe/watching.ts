import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Lab } from '../lab';
import type { Watched, Watching } from './watch';

/** Keeps connections up and makes new ones all the time, from a node, until `stop` asks what became of them. */
export async function watch(lab: Lab, from: string, what: Watching): Promise<{ readonly stop: () => Promise<Watched> }> {
  const program = [process.execPath, '-r', 'ts-node/register/transpile-only', join(__dirname, 'watch.ts'), JSON.stringify(what)];
  const [command = '', ...rest] = lab.at(from, program);
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'], cwd: join(__dirname, '../..') });
  let out = '';
  const started = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`watching from ${from} ended by itself`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.startsWith('watching\n')) resolve();
    });
  });
  await started;
  return {
    stop: async () => {
      const ended = new Promise((resolve) => child.on('close', resolve));
      child.stdin.end();
      await ended;
      return JSON.parse(out.slice('watching\n'.length)) as Watched;
    },
  };
}
