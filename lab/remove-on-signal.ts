// Removes the labs of a test run that gets SIGHUP, SIGINT or SIGTERM, and then ends the process.
import { SpawnSyncOptions, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..');

/** Exit status of a program that a signal ended, as in a shell. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ends the labs and all child processes of this process when it is told to stop. This process waits for another one
 * that does so (remove-all.ts), so that a test that fails meanwhile starts nothing more.
 */
export function removeLabsWhenStopped(): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const argv = ['-r', './scripts/typescript/register.js', 'lab/remove-all.ts', String(process.pid)];
      // A session of its own: neither another Ctrl-C nor a kill of this process's group stops it half-way.
      const options: SpawnSyncOptions & { readonly detached: true } = {
        cwd: REPOSITORY,
        stdio: ['ignore', 'ignore', 'inherit'],
        detached: true,
      };
      spawnSync(process.execPath, argv, options);
      process.exit(STATUS[signal]);
    });
  }
}
