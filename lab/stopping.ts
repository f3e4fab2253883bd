import { SpawnSyncOptions, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..');

/** What a shell says of a program that such a signal ended. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * When this process is told to stop, its labs and everything that it has started end, then it ends. It waits for a process that does this
 * (remove-all.ts): meanwhile nothing of its own goes on, so that no test that fails now starts anything more.
 */
export function removeLabsWhenStopped(): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const argv = ['-r', './scripts/typescript/register.js', 'lab/remove-all.ts', String(process.pid)];
      // A session of its own: neither another Ctrl-C nor what kills this process' group stops it half-way.
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
