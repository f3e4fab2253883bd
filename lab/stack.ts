// Runs cdktf and Terraform for the stack `lab` in the network of the lab's operator: synthesis, plan, apply, destroy.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Outcome, RunOptions, run } from './command';
import { ENVIRONMENT_VARIABLE, LabEnvironment, labEnvironment } from './environment';
import { Lab } from './lab';
import { synthesis } from './synthesis';

export const REPOSITORY = join(__dirname, '..');

/**
 * Synthesizes main.ts without cdktf's command line, which takes four times as long. Returns the folder of one stack.
 */
export async function synthesize(
  folder: string,
  stack: string,
  env: NodeJS.ProcessEnv = {},
  main = 'main.ts',
): Promise<string> {
  await synthesis({ main, env: { ...process.env, ...env, CDKTF_OUTDIR: folder } });
  return join(folder, 'stacks', stack);
}

/**
 * The stack `lab` with the real Terraform, run in the operator's network. Its state and output are in the lab's folder.
 */
export class LabStack {
  constructor(
    private readonly lab: Pick<Lab, 'folder' | 'at' | 'environment'>,
    private readonly terraform: string,
    /** Folder of the stack. Two stacks in one lab need two. */
    private readonly name = 'stack',
    /** Terraform's own configuration. The user's one must have no effect here. */
    private readonly configuration = '/dev/null',
    /** Variables in addition to this process's environment. */
    private readonly more: NodeJS.ProcessEnv = {},
  ) {}

  get folder(): string {
    return join(this.lab.folder, this.name, 'stacks', 'lab');
  }

  private get environmentFile(): string {
    return join(this.lab.folder, `${this.name}.environment.json`);
  }

  private get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_CLI_CONFIG_FILE: this.configuration,
      [ENVIRONMENT_VARIABLE]: this.environmentFile,
      ...this.more,
    };
  }

  async synthesize(
    environment: LabEnvironment = this.lab.environment(),
    main = 'main.ts',
    more: NodeJS.ProcessEnv = {},
  ): Promise<void> {
    writeFileSync(this.environmentFile, JSON.stringify(labEnvironment.parse(environment)));
    mkdirSync(this.folder, { recursive: true });
    const env = { ...this.more, ...more, [ENVIRONMENT_VARIABLE]: this.environmentFile };
    await synthesize(join(this.lab.folder, this.name), 'lab', env, main);
  }

  /** Runs cdktf as a user does: one command from the sources to the devices. `main.ts` is the repository's. */
  cdktf(verb: 'diff' | 'deploy' | 'destroy', more: readonly string[] = []): Promise<Outcome> {
    writeFileSync(this.environmentFile, JSON.stringify(labEnvironment.parse(this.lab.environment())));
    const argv = [
      'npx',
      '--no-install',
      'cdktf',
      verb,
      'lab',
      '--output',
      join(this.lab.folder, this.name),
      '--skip-provider-lock',
      ...more,
    ];
    const env = { ...this.env, TERRAFORM_BINARY_NAME: this.terraform, CI: '1' };
    return run(this.lab.at('operator', argv), { env, cwd: REPOSITORY, seconds: 180 });
  }

  async init(): Promise<void> {
    this.done(await this.run(['init', '-no-color', '-upgrade=false']));
  }

  /** Writes the plan file. `changes` is false if Terraform has nothing to do. */
  async plan(more: readonly string[] = []): Promise<{ readonly text: string; readonly changes: boolean }> {
    const outcome = await this.run(['plan', '-no-color', '-detailed-exitcode', '-out=plan', ...more]);
    if (outcome.status !== 2) this.done(outcome);
    return { text: outcome.out, changes: outcome.status === 2 };
  }

  async planJson(): Promise<unknown> {
    return JSON.parse(this.done(await this.run(['show', '-json', 'plan']))) as unknown;
  }

  /** Applies the plan file. */
  apply(options: RunOptions = {}): Promise<Outcome> {
    return this.run(['apply', '-no-color', 'plan'], options);
  }

  /** Applies the plan file from a folder with no other file. */
  async applyElsewhere(folder: string): Promise<Outcome> {
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(this.folder, 'plan'), join(folder, 'plan'));
    const argv = [
      'env',
      `CPANEL_EDGE=${join(REPOSITORY, 'dist/cli/main.js')}`,
      this.terraform,
      `-chdir=${folder}`,
      'apply',
      '-no-color',
      'plan',
    ];
    return run(this.lab.at('operator', argv), { env: this.env, seconds: 300 });
  }

  destroy(options: RunOptions = {}): Promise<Outcome> {
    return this.run(['destroy', '-no-color', '-auto-approve'], options);
  }

  run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return run(this.lab.at('operator', [this.terraform, `-chdir=${this.folder}`, ...argv]), {
      seconds: 300,
      ...options,
      env: this.env,
    });
  }

  private done({ status, out, err }: Outcome): string {
    if (status !== 0) throw new Error(`terraform ended with ${status}:\n${(err.trim() || out.trim()).slice(-4000)}`);
    return out;
  }
}
