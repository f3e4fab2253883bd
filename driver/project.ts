import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isRecord } from '../lib/agent-protocol/codec';
import { Connection } from '../lib/agent-protocol/release';

/** Where the operator types commands, and how they are typed there. */
export interface Project {
  /** Absolute. Every command is relative to it. */
  readonly folder: string;
  /** How this package's command is started there. */
  readonly edge: string;
  /** The stack's folder, seen from there; undefined where no stack's text is (a plan that is applied elsewhere). */
  readonly stack?: string;
  /** The file with a connection that was named instead. */
  readonly connection?: string;
  readonly apply: string;
  readonly destroy: string;
  /** Terraform in the stack's folder, for what cdktf has no words for. */
  readonly terraform: string;
}

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The command's own file, started without this package in anybody's node_modules. */
  readonly started?: string;
}

const STACK_FILE = 'cdk.tf.json';

/** `folder`: where Terraform started us, which is the stack's folder, or an empty one with a plan file. */
export function projectOf(folder: string, { environment, started = ownCommand() }: Surroundings): Project {
  const here = resolve(folder);
  const has = existsSync(join(here, STACK_FILE));
  const root = has ? rootAbove(here) : here;
  const stack = has ? relative(root, here) || '.' : undefined;
  const terraform = quoted(environment['TERRAFORM_BINARY_NAME'] || 'terraform');
  const inStack = stack === undefined || stack === '.' ? terraform : `${terraform} -chdir=${quoted(stack)}`;
  const cdktf = stack !== undefined && existsSync(join(root, 'cdktf.json')) && commandOf(root, 'cdktf');
  const name = quoted(stackName(here));
  return {
    folder: root,
    edge: edgeIn(root, environment['CPANEL_EDGE'], started),
    ...(stack === undefined ? {} : { stack }),
    apply: cdktf ? `npx cdktf deploy ${name}` : `${inStack} apply`,
    terraform: inStack,
    destroy: cdktf ? `npx cdktf destroy ${name}` : `${inStack} destroy`,
  };
}

/** The project of the process that Terraform started. */
export const ownProject = (): Project => projectOf(process.cwd(), { environment: process.env });

/** A command of this package, as it is typed. Without the stack's text it needs the connection, which is written first. */
export function typed(
  project: Project,
  words: readonly string[],
  connection: Connection | undefined,
  device: string,
): string {
  const command = [project.edge, ...words.map(quoted)].join(' ');
  if (project.connection !== undefined) return `${command} --connection ${quoted(project.connection)}`;
  if (project.stack !== undefined) return `${command} --stack ${quoted(project.stack)}`;
  const file = quoted(`./${device.replace(/[^A-Za-z0-9.-]/g, '_')}.json`);
  const written = connection === undefined ? '' : `printf '%s\\n' ${quoted(JSON.stringify(connection))} >${file} && `;
  return `${written}${command} --connection ${file}`;
}

/** One word of a POSIX shell's command. */
export const quoted = (word: string): string =>
  /^[\w./@+:=,-]+$/.test(word) ? word : `'${word.split("'").join(`'\\''`)}'`;

/** `<project>/cdktf.out/stacks/<name>`; without cdktf.json above, the folder that holds the output, else the stack's own. */
function rootAbove(stack: string): string {
  for (let at = dirname(stack); at !== dirname(at); at = dirname(at)) if (existsSync(join(at, 'cdktf.json'))) return at;
  const [output, stacks] = [dirname(dirname(stack)), basename(dirname(stack))];
  return stacks === 'stacks' && existsSync(join(output, 'manifest.json')) ? dirname(output) : stack;
}

const commandOf = (root: string, name: string): boolean => existsSync(join(root, 'node_modules', '.bin', name));

function edgeIn(root: string, named: string | undefined, started: string): string {
  // The shell that started us took it word by word, too.
  if (named !== undefined && named !== '') return named;
  if (commandOf(root, 'cpanel-edge')) return 'npx cpanel-edge';
  const below = relative(root, started);
  const path = below.startsWith('..') ? started : below.includes(sep) ? below : `./${below}`;
  return quoted(path);
}

const ownCommand = (): string => join(dirname(__dirname), 'cli', `main${__filename.endsWith('.ts') ? '.ts' : '.js'}`);

function stackName(folder: string): string {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, STACK_FILE), 'utf8'));
    const comment = isRecord(read) ? read['//'] : undefined;
    const metadata = isRecord(comment) ? comment['metadata'] : undefined;
    const name = isRecord(metadata) ? metadata['stackName'] : undefined;
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // The folder has the stack's name, too.
  }
  return basename(folder);
}
