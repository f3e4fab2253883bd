// Runs a fuzz target in child processes and returns what it found.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { seeded, times } from '../randomly';
import { RANDOM_SECONDS } from '../tier';

interface Said {
  readonly at?: number;
  readonly seed?: number;
  readonly wrong?: string;
  readonly input?: string;
  readonly took?: number;
  readonly done?: boolean;
}

/** Far more than a target takes on any machine, and less than its test may: it catches hangs. */
const SECONDS = 500;

/**
 * The findings of a target: each a line with the seed that repeats it. It runs in a process of its own, with little
 * memory and a time limit, so that a hang and a full memory are findings as well.
 */
export function found(target: string, runs: number, { size = 100, megabytes = 700 } = {}): readonly string[] {
  const child = join(__dirname, 'child.ts');
  const { stdout, stderr, error, status } = spawnSync(
    process.execPath,
    [
      `--max-old-space-size=${megabytes}`,
      '-r',
      './scripts/typescript/register.js',
      child,
      target,
      ...[seeded(1), times(runs), size, times(RANDOM_SECONDS)].map(String),
    ],
    {
      cwd: join(__dirname, '../..'),
      encoding: 'utf8',
      timeout: times(SECONDS) * 1000,
      maxBuffer: 256 * 1024 * 1024,
      killSignal: 'SIGKILL',
    },
  );
  const said = stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Said);
  const wrong = said
    .filter((one) => one.wrong !== undefined)
    .map(({ seed, wrong: what, input }) => `seed ${seed}: ${what}\n${input?.slice(0, 1500)}`);
  if (said.some(({ done }) => done)) return wrong;
  const last = said.filter(({ at }) => at !== undefined).at(-1)?.at;
  return [...wrong, `seed ${last} did not end: ${error ? error.message : `exit ${status}`} ${stderr.slice(-600)}`];
}
