// Runs the jobs of a CI workflow (GitHub or GitLab) in a lab, in place of the provider's runner: their shell steps,
// with the variables and files that the provider gives them.

import { ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Outcome, must, run } from '../command';
import { ENVIRONMENT_VARIABLE, labEnvironment } from '../environment';
import { Lab } from '../lab';
import { namespaceOf, processesIn } from '../namespace';
import { kill, wordsOf } from '../process';
import { REPOSITORY } from '../stack';
import { Provider, Workflow, workflow } from '../workflows';
import { Project } from './project';

/** The event that starts a run. */
export interface Event {
  readonly kind: 'pull request' | 'push';
  readonly commit: string;
  /** Commit that it is compared with. */
  readonly base: string;
}

/**
 * The output of a job for the next ones: files, which an attacker may have exchanged, and variables, which are passed
 * separately.
 */
interface Handover {
  readonly files: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface JobRun extends Handover {
  readonly status: number;
  /** The step that failed; undefined if none did. */
  readonly failedAt: string | undefined;
  readonly output: string;
}

/** Account of the environment `cpanel-edge-plan`. */
export const READER = 'deploy';
const TOKEN = 'token-of-the-job';

type Env = Readonly<Record<string, string>>;
type RawStep = Readonly<Record<string, unknown>>;

/**
 * Runs the jobs of a workflow file as its provider does, in the operator's network, with a stand-in for the provider's
 * API.
 */
export class Runner {
  private jobs = 0;

  private constructor(
    private readonly lab: Lab,
    private readonly of: Workflow,
    private readonly project: Project,
    private readonly folder: string,
    private readonly api: string,
    private readonly stand: ChildProcess,
  ) {}

  static async start(lab: Lab, provider: Provider, project: Project, terraform: string): Promise<Runner> {
    const folder = join(lab.folder, `runner-${provider}`);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    symlinkSync(terraform, join(folder, 'bin/terraform'));
    writeFileSync(join(folder, 'environment.json'), JSON.stringify(labEnvironment.parse(lab.environment())));
    const [program = '', ...rest] = lab.at('operator', [
      process.execPath,
      '-r',
      './scripts/typescript/register.js',
      join(__dirname, 'comments.ts'),
      provider,
      TOKEN,
    ]);
    const stand = spawn(program, rest, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'inherit'] });
    const api = await new Promise<string>((resolve, reject) => {
      stand.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
      stand.once('exit', () => reject(new Error('the stand-in for the API ended')));
    });
    return new Runner(lab, workflow(provider), project, folder, api, stand);
  }

  stop(): void {
    this.stand.kill('SIGKILL');
  }

  /** Returns every comment on the pull request. */
  async comments(): Promise<readonly { readonly id: number; readonly body: string; readonly by: string }[]> {
    return JSON.parse(
      await must(this.lab.at('operator', ['curl', '-sS', '--max-time', '10', `${this.api}/all`])),
    ) as [];
  }

  async job(name: 'plan' | 'comment' | 'apply', event: Event, from?: Handover): Promise<JobRun> {
    const place = join(this.folder, `job-${++this.jobs}`);
    const [workspace, files] = [join(place, 'work'), join(place, 'artifacts')];
    mkdirSync(files, { recursive: true });
    // The job that comments checks nothing out.
    if (name === 'comment') mkdirSync(workspace, { recursive: true });
    else await this.project.checkOut(event.commit, workspace);
    const agent = join(place, 'agent');
    const own = this.own(agent, place);
    try {
      const job = { name, event, from, workspace, files, own } as const;
      return this.of.provider === 'github' ? await this.github(job) : await this.gitlab(job);
    } finally {
      await this.endAgent(agent);
    }
  }

  /** Removes everything from the devices, as a person would. */
  async withdraw(commit: string): Promise<void> {
    const workspace = join(this.folder, 'withdraw');
    await this.project.checkOut(commit, workspace);
    this.project.install(workspace);
    const script =
      'npx --no-install cdktf synth && terraform -chdir=cdktf.out/stacks/lab init -no-color && terraform -chdir=cdktf.out/stacks/lab destroy -no-color -auto-approve';
    const { status, out, err } = await this.command(
      ['sh', '-e', '-c', script],
      workspace,
      this.own(join(this.folder, 'no-agent'), workspace),
    );
    if (status !== 0) throw new Error(`destroy ended with ${status}:\n${out.slice(-3000)}${err.slice(-2000)}`);
  }

  private own(agent: string, home: string): Env {
    return {
      PATH: [join(this.folder, 'bin'), dirname(process.execPath), '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'].join(
        ':',
      ),
      HOME: home,
      CI: 'true',
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: '/dev/null',
      [ENVIRONMENT_VARIABLE]: join(this.folder, 'environment.json'),
      SSH_AUTH_SOCK: agent,
    };
  }

  private async github({ name, event, from, workspace, files, own }: Work): Promise<JobRun> {
    const { jobs, env } = this.of;
    const output = join(files, '..', 'output');
    const context: Env = {
      'github.event.pull_request.base.sha || github.event.before': event.base,
      'vars.CPANEL_EDGE_READER': READER,
      'secrets.CPANEL_EDGE_SSH_KEY': readFileSync(this.lab.operatorKey, 'utf8'),
      'needs.plan.outputs.PLANS_SHA256': from?.variables['PLANS_SHA256'] ?? '',
      'github.api_url': this.api,
      'github.repository': 'team/edge',
      'github.event.pull_request.number': '7',
      'github.event.pull_request.head.sha': event.commit,
      'github.token': TOKEN,
    };
    const filled = (texts: Env): Env =>
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, resolved(text, context)]));
    const said: string[] = [];
    const done = (status: number, failedAt?: string): JobRun => {
      const variables = existsSync(output) ? variablesIn(output) : {};
      return { status, failedAt, output: said.join(''), files, variables };
    };
    for (const step of jobs[name].raw['steps'] as readonly RawStep[]) {
      if (step['if'] !== undefined && (step['if'] === "github.event_name == 'push'") !== (event.kind === 'push'))
        continue;
      const [title, uses] = [step['name'] as string, step['uses'] as string | undefined];
      if (uses !== undefined) {
        if (!this.action(uses, step, workspace, files, from)) return done(1, title);
        continue;
      }
      const more = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: join(files, '..', 'summary.md') };
      const all = { ...filled(env), ...filled(jobs[name].env), ...filled((step['env'] ?? {}) as Env), ...more, ...own };
      const ended = await this.command(
        ['sh', '-e', '-c', this.instead(title, step['run'] as string, workspace)],
        workspace,
        all,
      );
      said.push(`## ${title}\n${ended.out}${ended.err}`);
      if (ended.status !== 0) return done(ended.status, title);
    }
    return done(0);
  }

  /**
   * Runs an action that carries files; an action that prepares a machine does nothing here. Returns false if it fails
   * the job.
   */
  private action(uses: string, step: RawStep, workspace: string, files: string, from?: Handover): boolean {
    const { name = '', path = '' } = (step['with'] ?? {}) as Env;
    if (uses.startsWith('actions/upload-artifact@')) {
      if (existsSync(join(workspace, path))) cpSync(join(workspace, path), join(files, name, path));
      return true;
    }
    if (!uses.startsWith('actions/download-artifact@')) return true;
    const stored = join(from?.files ?? '', name);
    if (!from || !existsSync(stored)) return step['continue-on-error'] === true;
    cpSync(stored, workspace, { recursive: true });
    return true;
  }

  private async gitlab({ name, event, from, workspace, files, own }: Work): Promise<JobRun> {
    const { jobs, env } = this.of;
    const { raw, steps } = jobs[name];
    const predefined: Env = {
      CI_API_V4_URL: this.api,
      CI_PROJECT_ID: '1',
      CI_MERGE_REQUEST_IID: '7',
      CI_COMMIT_SHA: event.commit,
      CPANEL_EDGE_COMMENT_TOKEN: TOKEN,
      CPANEL_EDGE_SSH_KEY: readFileSync(this.lab.operatorKey, 'utf8'),
      BASE: event.base,
      // A variable of one environment.
      ...(name === 'plan' ? { CPANEL_EDGE_READER: READER } : {}),
      ...from?.variables,
    };
    const expanded = (texts: Env): Env =>
      Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [
          key,
          `${text}`.replace(/\$(\w+)/g, (_, word: string) => predefined[word] ?? ''),
        ]),
      );
    // The artifacts of earlier jobs have the paths that they had there.
    if (from && existsSync(from.files)) cpSync(from.files, workspace, { recursive: true });
    // One shell runs all steps, and prints each before it runs.
    const script = steps
      .map((step) => `echo '$ # ${step.name}'\n${this.instead(step.name, step.run, workspace)}\n`)
      .join('');
    const all = { ...predefined, ...expanded(env), ...expanded(jobs[name].env), ...own };
    const ended = await this.command(['bash', '-eo', 'pipefail', '-c', script], workspace, all);
    const { paths = [], reports } = (raw['artifacts'] ?? {}) as {
      paths?: readonly string[];
      reports?: { readonly dotenv: string };
    };
    for (const path of paths) if (existsSync(join(workspace, path))) cpSync(join(workspace, path), join(files, path));
    const dotenv = reports && join(workspace, reports.dotenv);
    return {
      status: ended.status,
      output: ended.out + ended.err,
      files,
      failedAt: ended.status === 0 ? undefined : [...ended.out.matchAll(/^\$ # (.+)$/gm)].at(-1)?.[1],
      variables: dotenv && existsSync(dotenv) ? variablesIn(dotenv) : {},
    };
  }

  private instead(name: string, command: string, workspace: string): string {
    if (name !== 'Install') return command;
    if (command.trim() !== 'npm ci') throw new Error(`"${command}" was taken for npm ci.`);
    this.project.install(workspace);
    return ':';
  }

  private command(argv: readonly string[], cwd: string, env: Env): Promise<Outcome> {
    return run(this.lab.at('operator', argv), { cwd, env, seconds: 300 });
  }

  /** Ends the agent, which outlives the job's shell. A provider throws the machine away. */
  private async endAgent(socket: string): Promise<void> {
    for (const pid of await processesIn(namespaceOf(this.lab.name, 'operator'))) {
      if (wordsOf(pid).join(' ').startsWith(`ssh-agent -a ${socket} `)) kill(pid, 'SIGTERM');
    }
  }
}

interface Work {
  readonly name: 'plan' | 'comment' | 'apply';
  readonly event: Event;
  readonly from: Handover | undefined;
  readonly workspace: string;
  readonly files: string;
  readonly own: Env;
}

/** Evaluates the expressions in a text. An unknown one is a mistake of the test. */
const resolved = (text: string, context: Env): string =>
  `${text}`.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
    const value = context[expression];
    if (value === undefined) throw new Error(`The runner does not know \${{ ${expression} }}.`);
    return value;
  });

const variablesIn = (file: string): Env =>
  Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
