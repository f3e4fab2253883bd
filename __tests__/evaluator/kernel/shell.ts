// Runs commands one after the other in a shell in a network namespace.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteWord } from '../../../driver/operator-project';
import { Done, ResidentShell } from '../../agent/resident-shell';

/** A shell in a network namespace that runs one command after the other. */
export class KernelShell {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  private readonly shell: ResidentShell;

  constructor(namespace: string) {
    // Legacy iptables has one lock for the whole machine and doesn't wait for it: another suite may load at the same
    // time.
    const lock = `XTABLES_LOCKFILE=${join(this.folder, 'xtables-lock')}`;
    this.shell = ResidentShell.start(this.folder, ['ip', 'netns', 'exec', namespace, 'env', lock]);
  }

  run(command: readonly string[], input = ''): Done {
    return this.shell.run(`exec ${command.map(quoteWord).join(' ')}`, input);
  }

  end(): void {
    this.shell.stop();
    rmSync(this.folder, { recursive: true });
  }
}
