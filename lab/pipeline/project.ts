// Creates a user's git repository with one stack for the lab's tests of pipelines: makes commits, and checks them out
// as a CI job does.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../command';
import { Lab } from '../lab';
import { REPOSITORY } from '../stack';

const COMPILED = join(REPOSITORY, 'scripts/typescript/register.js');

/** The content of a commit: changes of the lab's profile, and the review rules. */
export interface Said {
  readonly profile: object;
  readonly rules: object;
}

/**
 * A user's repository with one stack, as a pipeline checks it out. Its modules are this checkout's, and its package is
 * the built one.
 */
export class Project {
  private constructor(private readonly folder: string) {}

  static async make(lab: Lab, name: string): Promise<Project> {
    const project = new Project(join(lab.folder, name));
    mkdirSync(project.origin, { recursive: true });
    project.linkModules();
    await project.git(['init', '-q', '-b', 'main']);
    return project;
  }

  private get origin(): string {
    return join(this.folder, 'origin');
  }

  private get modules(): string {
    return join(this.folder, 'node_modules');
  }

  /** Commits and returns the commit. */
  async commit({ profile, rules }: Said): Promise<string> {
    const files: Readonly<Record<string, string>> = {
      'package.json': JSON.stringify({ name: 'edge', private: true }),
      // The stack's modules are this checkout's, which are compiled already.
      'cdktf.json': JSON.stringify({ language: 'typescript', app: `node -r ${COMPILED} main.ts`, projectId: 'edge' }),
      'tsconfig.json': JSON.stringify({ extends: join(REPOSITORY, 'tsconfig.json') }),
      '.gitignore': 'node_modules\ncdktf.out\n',
      'main.ts': this.main(profile),
      'cpanel-edge.rules.json': JSON.stringify(rules, null, 2),
    };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(this.origin, file), text);
    await this.git(['add', '--all']);
    await this.git([
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@example.org',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'change',
    ]);
    return (await this.git(['rev-parse', 'HEAD'])).trim();
  }

  /** Creates a workspace with this commit and no files of another job. */
  async checkOut(commit: string, workspace: string): Promise<void> {
    await must(['git', 'clone', '-q', this.origin, workspace]);
    await must(['git', '-C', workspace, 'checkout', '-q', commit]);
  }

  /** Does what `npm ci` does, without a registry. */
  install(workspace: string): void {
    symlinkSync(this.modules, join(workspace, 'node_modules'));
  }

  private main(profile: object): string {
    return `import { App } from 'cdktf';
import { EdgeStack } from '${join(REPOSITORY, 'stacks/edge-stack')}';
import { lab } from '${join(REPOSITORY, 'lab/lab-environment')}';

const app = new App();
const cpanel = { ...lab.profiles['cpanel']!, ...${JSON.stringify(profile)} };
const backend = { kind: 'local', path: '${join(this.folder, 'lab.tfstate')}' } as const;
new EdgeStack(app, 'lab', { ...lab, backend, profiles: { cpanel } } as typeof lab);
app.synth();
`;
  }

  private linkModules(): void {
    const installed = join(REPOSITORY, 'node_modules');
    mkdirSync(join(this.modules, '.bin'), { recursive: true });
    const link = (from: string, to: string): void => symlinkSync(from, join(this.modules, to));
    for (const name of readdirSync(installed)) if (!name.startsWith('.')) link(join(installed, name), name);
    for (const name of readdirSync(join(installed, '.bin'))) link(join(installed, '.bin', name), join('.bin', name));
    link(REPOSITORY, 'cpanel-edge');
    link(join(REPOSITORY, 'dist/cli/main.js'), '.bin/cpanel-edge');
  }

  private git(argv: readonly string[]): Promise<string> {
    return must(['git', '-C', this.origin, ...argv]);
  }
}
