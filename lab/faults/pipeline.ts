// Runs Terraform for one state in a fault test, as a pipeline does: apply, destroy, and a stop while it runs.

import { ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Outcome, run } from '../command';
import { ENVIRONMENT_VARIABLE, LabEnvironment } from '../environment';
import { Lab } from '../lab';
import { synthesize } from '../stack';
import { sshGate } from './gate';
import { Wanted, wantedVariable } from './version-options';

/** A running Terraform, which may be told to stop. */
export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Returns the output so far. */
  said(): string;
  readonly ended: Promise<Outcome>;
}

const cache = new Map<string, Promise<string>>();

/**
 * One state, and the operator's folder in which Terraform works. Synthesized stacks are put into it as they are needed.
 */
export class Pipeline {
  constructor(
    private readonly lab: Lab,
    private readonly terraform: string,
    readonly name: string,
    private readonly more: NodeJS.ProcessEnv = {},
  ) {}

  /** Returns the same pipeline with further variables in Terraform's environment. */
  with(more: NodeJS.ProcessEnv): Pipeline {
    return new Pipeline(this.lab, this.terraform, this.name, { ...this.more, ...more });
  }

  get folder(): string {
    return join(this.lab.folder, 'pipelines', this.name, 'lab');
  }

  get statePath(): string {
    return join(this.folder, 'terraform.tfstate');
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PATH: `${sshGate(this.lab)}:${process.env['PATH'] ?? ''}`,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TERRAFORM_BINARY_NAME: this.terraform,
      TF_CLI_CONFIG_FILE: '/dev/null',
      ...this.more,
    };
  }

  /**
   * Synthesizes the wanted stack, once per lab, and puts it into this pipeline. `environment` sets other connections to
   * the devices.
   */
  async want(wanted: Wanted, environment: LabEnvironment = this.lab.environment()): Promise<void> {
    const key = JSON.stringify([this.lab.folder, wanted, environment]);
    const made = cache.get(key) ?? this.synthesized(wanted, environment, `wanted-${cache.size}`);
    cache.set(key, made);
    mkdirSync(this.folder, { recursive: true });
    const { folder, text } = await made.then((path) => ({
      folder: dirname(dirname(dirname(path))),
      text: readFileSync(path, 'utf8'),
    }));
    writeFileSync(join(this.folder, 'cdk.tf.json'), text.replaceAll(join(folder, 'terraform.tfstate'), this.statePath));
    if (!existsSync(join(this.folder, '.terraform'))) await this.init();
  }

  async init(more: readonly string[] = []): Promise<void> {
    const { status, out, err } = await this.run(['init', '-no-color', '-upgrade=false', ...more]);
    if (status !== 0) throw new Error(`terraform init: ${err || out}`);
  }

  private async synthesized(wanted: Wanted, environment: LabEnvironment, name: string): Promise<string> {
    // As deep as the pipeline's own folder: the path of the command that Terraform starts is relative to it.
    const folder = join(this.lab.folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}.environment.json`, JSON.stringify(environment));
    const more = { [wantedVariable]: JSON.stringify(wanted), [ENVIRONMENT_VARIABLE]: `${folder}.environment.json` };
    return join(await synthesize(folder, 'lab', more, 'lab/faults/versions.ts'), 'cdk.tf.json');
  }

  argv(argv: readonly string[]): readonly string[] {
    return [this.terraform, `-chdir=${this.folder}`, ...argv];
  }

  run(argv: readonly string[], seconds = 300): Promise<Outcome> {
    return run(this.lab.at('operator', this.argv(argv)), { env: this.env, seconds });
  }

  apply(): Promise<Outcome> {
    return this.run(APPLY);
  }

  /** Starts a process that can be stopped: `ip netns exec` is replaced by the program that it starts. */
  start(argv: readonly string[] = APPLY): Running {
    const [program = '', ...rest] = this.lab.at('operator', this.argv(argv));
    const child = spawn(program, rest, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = new Promise<Outcome>((resolve) => {
      child.on('error', (error) => resolve({ status: 127, out, err: error.message }));
      // Not "close": a process that Terraform leaves running may keep its output open for ever.
      child.on('exit', (code, signal) =>
        setTimeout(() => resolve({ status: code ?? 128, out, err: signal ? `${err}ended by ${signal}` : err }), 100),
      );
    });
    return { pid: child.pid ?? 0, child, said: () => out + err, ended };
  }

  /** Copies the state, as a backup does. */
  backUpState(): void {
    copyFileSync(this.statePath, `${this.statePath}.old`);
  }
}

export const APPLY = ['apply', '-no-color', '-auto-approve'] as const;
