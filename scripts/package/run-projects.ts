// usage: run-projects.ts --tarball FILE --folder FOLDER [--tier quick|full] [--only FILE]: makes every project in
// FOLDER, installs the tarball there, runs the project's commands, and compares the synthesized stacks. Two run at a
// time. Then it runs the projects of `cpanel-edge init` by their own scripts. --list-json prints the names of those that
// would run.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { kill } from '../../lab/process';
import { TIER_OPTIONS, parseTier, readUnitNames, selectUnits } from '../units';
import { installing, PEER_WARNING, QUIET, TOOLS } from './installers';
import { makeProject } from './make-project';
import { Framework, Project, PROJECTS } from './projects';
import { synthesized } from './check-synthesized-stack';

const { values: given } = parseArgs({
  options: { ...TIER_OPTIONS, tarball: { type: 'string' }, folder: { type: 'string' } },
});
const { tarball = '', folder = '' } = given;

/**
 * The projects that `cpanel-edge init` writes, by name, with the command that synthesizes. That of cdktn-cli needs
 * Node 22.19, so the program runs by itself.
 */
const INITIALISED: ReadonlyMap<string, readonly [framework: Framework, synth: string]> = new Map([
  ['initialised', ['cdktf', 'npm run synth']],
  ['initialised-cdktn', ['cdktn', 'npx --no-install ts-node main.ts']],
]);
const ALL: readonly string[] = [...PROJECTS.map(({ name }) => name), ...INITIALISED.keys()];
const QUICK: readonly string[] = PROJECTS.filter(({ isQuick }) => isQuick).map(({ name }) => name);

/** The process groups of the running shells. */
const running = new Set<number>();
for (const [signal, status] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    for (const group of running) kill(-group, 'SIGKILL');
    process.exit(status);
  });
}

/** Runs a line in a shell and resolves to its output. Rejects with the output if the line fails. */
const shell = (line: string, cwd: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const PATH = [join(cwd, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    const env = {
      ...process.env,
      PATH,
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
      CHECKPOINT_DISABLE: '1',
      npm_config_update_notifier: 'false',
    };
    const child = spawn('sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    child.on('exit', () => running.delete(pid ?? 0));
    child.on('close', (status) =>
      status === 0 ? resolve(said) : reject(new Error(`${line}: status ${status}\n${said}`)),
    );
  });

async function stackOf(project: Project): Promise<string> {
  const home = join(folder, project.name);
  makeProject(project, tarball, home);
  const said = await shell(installing(project, home, folder), home);
  if (PEER_WARNING.test(said)) throw new Error(`${project.installer} warns of peers:\n${said}`);
  for (const line of project.run) await shell(line, home);
  return synthesized(home, project.framework);
}

const stacks = new Map<string, string>();
async function lane(waiting: Project[]): Promise<void> {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const { name, installer, dependencies, devDependencies } = project;
    const began = Date.now();
    try {
      stacks.set(name, await stackOf(project));
      const versions = [...Object.values(dependencies), devDependencies['typescript']].join(', ');
      console.log(
        `package: ${name} synthesizes, installed by ${installer}, with ${versions} (${Math.round((Date.now() - began) / 1000)} s)`,
      );
    } catch (error) {
      console.error(`package: ${name} FAILED: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

/**
 * Runs a project of `cpanel-edge init` by the commands that init names. The tarball stands for the published version.
 */
async function initialised(name: string, framework: Framework, synth: string): Promise<void> {
  const home = join(folder, name);
  const began = Date.now();
  const installed = ['template-cdktf', 'tool'].map((name) => join(folder, name, 'node_modules/.bin/cpanel-edge'));
  if (!installed.some((command) => existsSync(command)))
    await shell(`npm install --prefix tool ${QUIET} ${tarball}`, folder);
  await shell(`${installed.find((command) => existsSync(command))} init ${home} --framework ${framework}`, folder);
  for (const line of [`npm install ${QUIET} ${tarball}`, 'tsc', 'npm test', synth]) await shell(line, home);
  const { resource } = JSON.parse(readFileSync(join(home, 'cdktf.out/stacks/edge/cdk.tf.json'), 'utf8')) as {
    readonly resource: { readonly null_resource: object };
  };
  deepStrictEqual(Object.keys(resource.null_resource), ['gw1_hosting', 'web1_hosting']);
  console.log(
    `package: what init writes for ${framework} compiles, passes its test and synthesizes (${Math.round((Date.now() - began) / 1000)} s)`,
  );
}

async function main(): Promise<void> {
  const ofTier = parseTier(given.tier) === 'quick' ? QUICK : ALL;
  const chosen = selectUnits(ofTier, (name) => name, readUnitNames(given.only));
  if (given['list-json']) {
    console.log(JSON.stringify(chosen));
    return;
  }
  const waiting = PROJECTS.filter(({ name }) => chosen.includes(name));
  const count = waiting.length;
  if (waiting.some(({ installer }) => installer !== 'npm')) {
    await shell(
      `npm install --prefix . --prefer-offline --no-audit --no-fund --ignore-scripts --loglevel=error ${TOOLS.join(' ')}`,
      folder,
    );
  }
  await Promise.all([lane(waiting), lane(waiting)]);
  const [[first, stack] = ['', '']] = stacks;
  for (const [name, other] of stacks) strictEqual(other, stack, `${name} and ${first} don't synthesize the same`);
  if (count > 1 && stacks.size === count) console.log('package: all of them synthesize the same');
  for (const [name, [framework, synth]] of INITIALISED)
    if (chosen.includes(name)) await initialised(name, framework, synth);
  const leftOut = ALL.filter((name) => !chosen.includes(name));
  if (leftOut.length > 0) console.log(`package: not run, of the full tier: ${leftOut.join(', ')}: npm run test:full`);
}
main().catch((error: unknown) => {
  console.error(`package: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
