// Synthesizes a stack, edits it, and plans and applies it by the real Terraform.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ran, Wanted, lifeStack, runTerraform, terraformEnvironment } from '../../terraform';

export interface Edited extends Wanted {
  /** Edits a synthesized stack, as a user might. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- cdk.tf.json has any content
  readonly edit?: (stack: any) => void;
}

/**
 * One stack with one state, by the real Terraform. The driver is a script that succeeds, fails, or hangs until
 * Terraform is killed.
 */
export class RealStack {
  readonly folder: string;
  private readonly pid: string;
  private drives: 'well' | 'badly' | 'for ever' = 'well';

  /** `configuration`: Terraform's command line configuration. */
  constructor(
    within: string,
    private readonly configuration = '/dev/null',
  ) {
    this.folder = mkdtempSync(join(within, 'stack-'));
    this.pid = join(this.folder, 'pid');
    const script = `#!/bin/sh\ncase $DRIVES in\nwell) exit 0 ;;\nbadly) exit 1 ;;\nesac\necho $$ > '${this.pid}'\nexec sleep 60\n`;
    writeFileSync(join(this.folder, 'driver'), script, { mode: 0o755 });
  }

  write({ edit, ...wanted }: Edited): this {
    const written = JSON.parse(lifeStack(wanted)) as object;
    edit?.(written);
    writeFileSync(join(this.folder, 'cdk.tf.json'), JSON.stringify(written));
    const providers = wanted.as === 'null_resource' ? '.terraform/providers' : '.terraform';
    if (!existsSync(join(this.folder, providers)) || Object.hasOwn(written, 'module'))
      this.must('init', '-input=false', '-no-color');
    return this;
  }

  apply(wanted: Edited = {}): this {
    this.write(wanted).must('apply', '-auto-approve', '-input=false', '-no-color');
    return this;
  }

  /** Applies with a driver that refuses or rolls back. */
  applyInVain(wanted: Edited): this {
    this.drives = 'badly';
    const { status } = this.write(wanted).run('apply', '-auto-approve', '-input=false', '-no-color');
    this.drives = 'well';
    if (status !== 1) throw new Error(`The apply was to fail, and ended with ${status}.`);
    return this;
  }

  /** Applies with a driver that works until Terraform is killed. */
  async applyAndKill(wanted: Edited): Promise<this> {
    this.write(wanted);
    rmSync(this.pid, { force: true });
    this.drives = 'for ever';
    const child = spawn('terraform', ['apply', '-auto-approve', '-input=false'], {
      cwd: this.folder,
      env: this.environment(),
      stdio: 'ignore',
    });
    this.drives = 'well';
    const ended = new Promise((resolve) => child.on('close', resolve));
    for (let left = 2400; !existsSync(this.pid) || readFileSync(this.pid, 'utf8') === ''; left -= 1) {
      if (left === 0) throw new Error('The driver was never started.');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGKILL');
    await ended;
    process.kill(Number(readFileSync(this.pid, 'utf8')), 'SIGKILL');
    rmSync(join(this.folder, '.terraform.tfstate.lock.info'), { force: true });
    return this;
  }

  /** Writes the file `plan` and returns its JSON. */
  plan(wanted?: Edited, ...options: readonly string[]): unknown {
    if (wanted) this.write(wanted);
    const planned = this.run('plan', '-input=false', '-no-color', '-out=plan', ...options);
    if (planned.status !== 0 && !/Planning failed|error/i.test(planned.text)) throw new Error(planned.text);
    return JSON.parse(this.must('show', '-json', 'plan')) as unknown;
  }

  must(...argv: readonly string[]): string {
    const { status, text, out } = this.run(...argv);
    if (status !== 0) throw new Error(`terraform ${argv.join(' ')}: ${text}`);
    return out;
  }

  private run(...argv: readonly string[]): Ran {
    return runTerraform(this.folder, argv, this.environment());
  }

  private environment(): NodeJS.ProcessEnv {
    return terraformEnvironment({ CPANEL_EDGE: join(this.folder, 'driver'), DRIVES: this.drives }, this.configuration);
  }
}
