import { spawn } from 'node:child_process';
import { Lab } from '../lab';
import { program } from './program';
import type { Watched, Watching } from './watch';

/** Keeps connections up and makes new ones all the time, from a node, until `stop` asks what became of them. */
export async function watch(lab: Lab, from: string, what: Watching): Promise<{ readonly stop: () => Promise<Watched> }> {
  const [command = '', ...rest] = lab.at(from, [...program(lab.folder, 'watch'), JSON.stringify(what)]);
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
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
