// Tries a share of the mutants in a child process, in which modules can be changed.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './modules';
import { Tried } from './report';

/** Tries a share of the mutants in a process of its own, where modules can be exchanged. */
export const triedMutants = (share: '--named' | '--some'): readonly Tried[] =>
  JSON.parse(
    spawnSync(
      process.execPath,
      ['-r', './scripts/typescript/register.js', join(__dirname, 'run.ts'), share, '--jobs', '1', '--json'],
      {
        cwd: ROOT,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    ).stdout,
  ) as readonly Tried[];
