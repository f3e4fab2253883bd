import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { Ownership, ReleaseResource, Removed, emitDelivery } from '../../../constructs/private/emit-delivery';
import { Connection, Release } from '../../../lib/delivering/release';
import { stackOf } from '../../constructs/construct-samples';
import { connectionOf, releaseOf } from '../../driver/samples';

export interface Wanted {
  readonly device?: string;
  readonly owner?: string;
  readonly release?: Partial<Release>;
  readonly connection?: Partial<Connection>;
  readonly as?: ReleaseResource;
  readonly adopt?: string;
  readonly retired?: readonly Ownership[];
  readonly released?: readonly Ownership[];
  /** No device at all. */
  readonly none?: true;
  /** Edits what was synthesized, as somebody might. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what cdk.tf.json holds is anybody's
  readonly edit?: (stack: any) => void;
}

/** One stack with one state, by the real Terraform. The driver is a script: it succeeds, fails, or hangs until Terraform is killed. */
export class RealStack {
  readonly folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-plan-'));
  private readonly pid = join(this.folder, 'pid');
  private drives: 'well' | 'badly' | 'for ever' = 'well';

  /** `configuration`: of Terraform's command line. */
  constructor(private readonly configuration = '/dev/null') {
    const script = `#!/bin/sh\ncase $DRIVES in\nwell) exit 0 ;;\nbadly) exit 1 ;;\nesac\necho $$ > '${this.pid}'\nexec sleep 60\n`;
    writeFileSync(join(this.folder, 'driver'), script, { mode: 0o755 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  write({ device = 'gw', owner = 'web', release = {}, connection = {}, as = 'terraform_data', adopt, ...rest }: Wanted): this {
    const stack = stackOf('life');
    const made = releaseOf({ device, owner, text: 'one\n', ...release });
    const delivery = { release: made, connection: connectionOf(connection), ...(adopt === undefined ? {} : { adopt }) };
    if (!rest.none) emitDelivery(stack, { device, owner }, as, () => delivery);
    if (rest.retired) new Removed(stack, 'retired', () => rest.retired!, true);
    if (rest.released) new Removed(stack, 'released', () => rest.released!, false);
    const written = JSON.parse(Testing.synth(stack)) as object;
    rest.edit?.(written);
    writeFileSync(join(this.folder, 'cdk.tf.json'), JSON.stringify(written));
    const providers = as === 'null_resource' ? '.terraform/providers' : '.terraform';
    if (!existsSync(join(this.folder, providers)) || Object.hasOwn(written, 'module')) this.must('init', '-input=false', '-no-color');
    return this;
  }

  apply(wanted: Wanted = {}): this {
    this.write(wanted).must('apply', '-auto-approve', '-input=false', '-no-color');
    return this;
  }

  /** The driver refuses or rolls back. */
  applyInVain(wanted: Wanted): this {
    this.drives = 'badly';
    const { status } = this.write(wanted).run('apply', '-auto-approve', '-input=false', '-no-color');
    this.drives = 'well';
    if (status !== 1) throw new Error(`The apply was to fail, and ended with ${status}.`);
    return this;
  }

  /** Terraform is killed while the driver works. */
  async applyAndKill(wanted: Wanted): Promise<this> {
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
    for (let left = 600; !existsSync(this.pid) || readFileSync(this.pid, 'utf8') === ''; left -= 1) {
      if (left === 0) throw new Error('The driver was never started.');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGKILL');
    await ended;
    process.kill(Number(readFileSync(this.pid, 'utf8')), 'SIGKILL');
    rmSync(join(this.folder, '.terraform.tfstate.lock.info'), { force: true });
    return this;
  }

  /** The file `plan`, and its JSON. */
  plan(wanted?: Wanted, ...options: readonly string[]): unknown {
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

  private run(...argv: readonly string[]): { readonly status: number | null; readonly text: string; readonly out: string } {
    const done = spawnSync('terraform', argv, {
      cwd: this.folder,
      encoding: 'utf8',
      env: this.environment(),
      timeout: 60_000,
      maxBuffer: 256 * 1024 * 1024,
    });
    if (done.error) throw done.error;
    return { status: done.status, text: done.stdout + done.stderr, out: done.stdout };
  }

  private environment(): NodeJS.ProcessEnv {
    const own = { CPANEL_EDGE: join(this.folder, 'driver'), DRIVES: this.drives };
    return { ...process.env, TF_CLI_CONFIG_FILE: this.configuration, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', ...own };
  }
}
