// Runs the compiled command `cpanel-edge` in tests, as Terraform or a person starts it, and returns its output and
// status.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAgent } from '../driver/agent-program';
import { compiled } from '../scripts/typescript/compile';
import { Printed, ResidentCommand } from './resident-command';
import { temporaryFolder } from './temporary-folder';
import { IS_QUICK } from './tier';

export type { Printed };

const ROOT = join(__dirname, '..');
const ROOMS = ['cli', 'driver', 'lib'];
const RUN_COMMANDS = '__tests__/run-commands.ts';

/** The processes by the folder of their built command. */
const residents = new Map<string, ResidentCommand>();
/** Variables that Node reads, or the command reads once when it is loaded. */
const READ_AT_START = ['NODE_OPTIONS', 'CPANEL_EDGE_WORK'];

/**
 * A folder with the command as Terraform starts it, cli/main.js, for the tests of one file. `beside`: what the package has beside its code.
 */
export function builtCommand(beside?: 'pipelines'): string {
  const built = temporaryFolder();
  beforeAll(() => {
    const compiledOnce = compileCommand();
    for (const room of [...ROOMS, 'agent']) linkTree(join(compiledOnce, room), join(built, room));
    linkOrCopy(join(compiledOnce, 'run-commands.js'), join(built, 'run-commands.js'));
    symlinkSync(join(ROOT, 'node_modules'), join(built, 'node_modules'));
    if (beside === undefined) return;
    writeFileSync(join(built, 'package.json'), '{ "name": "cpanel-edge", "version": "3.2.1" }');
    cpSync(join(ROOT, beside), join(built, beside), { recursive: true });
  });
  afterAll(() => residents.get(built)?.stop());
  return built;
}

/**
 * Compiles the command without types, once for all suites on these sources, since ts-node takes seconds for each start.
 * Returns its folder, whose name has the digest of the sources.
 */
function compileCommand(): string {
  const sources = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|json)$/.test(name))
      .sort()
      .map((name) => ({ name: join(room, name), text: readFileSync(join(ROOT, room, name), 'utf8') })),
  );
  const runCommands = readFileSync(join(ROOT, RUN_COMMANDS), 'utf8');
  const agents = { 'cpanel-edge-device': loadAgent().text, 'cpanel-edge-device-pfsense': loadAgent('pfsense').text };
  const digest = createHash('sha256')
    .update(JSON.stringify([sources, agents, runCommands]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(ROOT, 'node_modules/.cache/cpanel-edge/command', digest);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  for (const { name, text } of sources) {
    const to = join(unfinished, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, name.endsWith('.json') ? text : compiled(text, join(ROOT, name)));
  }
  writeFileSync(join(unfinished, 'run-commands.js'), compiled(runCommands, join(ROOT, RUN_COMMANDS)));
  mkdirSync(join(unfinished, 'agent'));
  for (const [name, text] of Object.entries(agents)) writeFileSync(join(unfinished, 'agent', name), text);
  // Another suite may have made it first.
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}

/** Copies the files into a tree of its own, because a test adds files and moves folders. */
function linkTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // The folders are on two file systems.
    copyFileSync(source, target);
  }
}

export interface TypedIn {
  readonly cwd?: string;
  readonly input?: string;
  /** Replaces the few variables that every program needs. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs the built command and returns its output and its status. The full tier starts a process each time; in the quick
 * tier one process runs all commands of a suite.
 */
export function typed(
  built: string,
  words: readonly string[],
  { cwd = built, input = '', env = {} }: TypedIn = {},
): Printed {
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env };
  if (IS_QUICK && !READ_AT_START.some((name) => name in env))
    return residentOf(built).run({ words, cwd, env: environment }, input);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), ...words], {
    cwd,
    input,
    encoding: 'utf8',
    env: environment,
    timeout: 240_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, out: stdout, said: stderr };
}

function residentOf(built: string): ResidentCommand {
  const resident = residents.get(built) ?? new ResidentCommand(built);
  residents.set(built, resident);
  return resident;
}

/** Both outputs as one text, as a person sees them. */
export type Said = Omit<Printed, 'out'>;
export const heard = ({ status, out, said }: Printed): Said => ({ status, said: out + said });
