// Finds the operator's cdktf project and formats commands as they are typed there, such as `npx cpanel-edge verify
// web1`.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { Connection } from '../lib/agent-protocol/release';

/** The folder in which the operator types commands, and the form of the commands there. */
export interface OperatorProject {
  /** Absolute path. Every command is relative to it. */
  readonly folder: string;
  /** The command that starts this package there. */
  readonly packageCommand: string;
  /** The stack's folder, relative to `folder`; undefined without a stack's text (a plan that is applied elsewhere). */
  readonly stack?: string;
  /** The file with a connection that the operator named instead. */
  readonly connection?: string;
  /** The framework's command, which writes the stack's text. */
  readonly synth: string;
  readonly apply: string;
  readonly destroy: string;
  /** Terraform in the stack's folder, for actions that the framework has no command for. */
  readonly terraform: string;
}

interface ProjectEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The command's own file, if it was started without this package in a node_modules folder. */
  readonly started?: string;
}

const STACK_FILE = 'cdk.tf.json';

/**
 * Returns the project. `folder`: Terraform's working directory, which is the stack's folder, or an empty one with a
 * plan file.
 */
export function findProject(
  folder: string,
  { environment, started = getOwnCommand() }: ProjectEnvironment,
): OperatorProject {
  const stackFolder = resolve(folder);
  const hasStack = existsSync(join(stackFolder, STACK_FILE));
  const root = hasStack ? findRoot(stackFolder) : stackFolder;
  const stack = hasStack ? relative(root, stackFolder) || '.' : undefined;
  const terraform = quoteWord(environment['TERRAFORM_BINARY_NAME'] || 'terraform');
  const terraformCommand = stack === undefined || stack === '.' ? terraform : `${terraform} -chdir=${quoteWord(stack)}`;
  const framework = stack !== undefined && existsSync(join(root, 'cdktf.json')) ? findFramework(root) : undefined;
  const name = quoteWord(readStackName(stackFolder));
  return {
    folder: root,
    packageCommand: getEdgeCommand(root, environment['CPANEL_EDGE'], started),
    ...(stack === undefined ? {} : { stack }),
    synth: `npx ${framework ?? DEFAULT_FRAMEWORK_NAME} synth`,
    apply: framework ? `npx ${framework} deploy ${name}` : `${terraformCommand} apply`,
    terraform: terraformCommand,
    destroy: framework ? `npx ${framework} destroy ${name}` : `${terraformCommand} destroy`,
  };
}

/**
 * Returns the framework's command as it is typed in this folder of a project: `npx cdktn`. In a folder without an
 * installed framework it is that of cdktf.
 */
export const findFrameworkCommand = (folder = process.cwd()): string =>
  `npx ${findFramework(findProjectFolder(resolve(folder)) ?? folder) ?? DEFAULT_FRAMEWORK_NAME}`;

/** Returns the project of the process that Terraform started. */
export const findOwnProject = (): OperatorProject => findProject(process.cwd(), { environment: process.env });

/**
 * Returns a command of this package in the form that the operator types. Without the stack's text it needs the
 * connection, so it first writes that to a file.
 */
export function formatCommand(
  project: OperatorProject,
  words: readonly string[],
  connection: Connection | undefined,
  device: string,
): string {
  const command = [project.packageCommand, ...words.map(quoteWord)].join(' ');
  if (project.connection !== undefined) return `${command} --connection ${quoteWord(project.connection)}`;
  if (project.stack !== undefined) return `${command} --stack ${quoteWord(project.stack)}`;
  const file = quoteWord(`./${device.replace(/[^A-Za-z0-9.-]/g, '_')}.json`);
  const prefixText =
    connection === undefined ? '' : `printf '%s\\n' ${quoteWord(JSON.stringify(connection))} >${file} && `;
  return `${prefixText}${command} --connection ${file}`;
}

/** Returns one word of a POSIX shell's command. */
export const quoteWord = (word: string): string =>
  /^[\w./@+:=,-]+$/.test(word) ? word : `'${word.split("'").join(`'\\''`)}'`;

/**
 * Returns the root of `<project>/cdktf.out/stacks/<name>`; without cdktf.json above, the folder that holds the output,
 * else the stack's own.
 */
function findRoot(stack: string): string {
  const projectFolder = findProjectFolder(dirname(stack));
  if (projectFolder !== undefined) return projectFolder;
  const [output, stacks] = [dirname(dirname(stack)), basename(dirname(stack))];
  return stacks === 'stacks' && existsSync(join(output, 'manifest.json')) ? dirname(output) : stack;
}

/** Returns the nearest folder with cdktf.json: this one, or one above it. */
function findProjectFolder(folder: string): string | undefined {
  for (let parent = folder; parent !== dirname(parent); parent = dirname(parent))
    if (existsSync(join(parent, 'cdktf.json'))) return parent;
  return undefined;
}

const DEFAULT_FRAMEWORK_NAME = 'cdktf';

const findFramework = (root: string): string | undefined =>
  [DEFAULT_FRAMEWORK_NAME, 'cdktn'].find((command) => hasCommand(root, command));

const hasCommand = (root: string, name: string): boolean => existsSync(join(root, 'node_modules', '.bin', name));

function getEdgeCommand(root: string, namedCommand: string | undefined, started: string): string {
  // The shell that started this process split it into words, too.
  if (namedCommand !== undefined && namedCommand !== '') return namedCommand;
  if (hasCommand(root, 'cpanel-edge')) return 'npx cpanel-edge';
  const relativePath = relative(root, started);
  const path = relativePath.startsWith('..')
    ? started
    : relativePath.includes(sep)
      ? relativePath
      : `./${relativePath}`;
  return quoteWord(path);
}

const getOwnCommand = (): string =>
  join(dirname(__dirname), 'cli', `main${__filename.endsWith('.ts') ? '.ts' : '.js'}`);

function readStackName(folder: string): string {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, STACK_FILE), 'utf8'));
    const comment = isRecord(json) ? json['//'] : undefined;
    const metadata = isRecord(comment) ? comment['metadata'] : undefined;
    const name = isRecord(metadata) ? metadata['stackName'] : undefined;
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // The folder also has the stack's name.
  }
  return basename(folder);
}
