// Checks the stack that a test project synthesized with the packed package. run-projects.ts compares the stacks of all
// projects.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Framework } from './projects';

interface Resource {
  readonly '//': { places?: Readonly<Record<string, string>> };
  readonly provisioner: readonly Readonly<Record<string, { readonly command: string }>>[];
}
interface Stack {
  '//'?: unknown;
  terraform: { backend?: unknown };
  readonly variable: Readonly<Record<string, { readonly default: unknown }>>;
  readonly resource: {
    readonly null_resource: Readonly<Record<string, Resource>>;
    readonly terraform_data: Readonly<Record<string, unknown>>;
  };
}

/**
 * Checks the stack that the sample's project synthesized, and starts the command that it names. Returns the stack for
 * comparison, without the parts that may differ (versions, folders, lines).
 */
export function synthesized(project: string, framework: Framework): string {
  onePeerForAll(project, framework);
  const stacks = join(project, 'cdktf.out/stacks');
  deepStrictEqual(readdirSync(stacks), ['edge']);
  const stack = JSON.parse(readFileSync(join(stacks, 'edge/cdk.tf.json'), 'utf8')) as Stack;
  const releases = stack.resource.null_resource;
  deepStrictEqual(Object.keys(releases), ['gw1_shop', 'web1_shop'], 'one release per device and owner');
  strictEqual(Object.keys(stack.resource.terraform_data).length, 2, 'one ownership record per device and owner');

  const [gateway, server] = Object.values(releases) as [Resource, Resource];
  const readable = JSON.stringify(stack.variable['gw1_shop_lines']!.default);
  match(readable, /203\.0\.113\.10/);
  match(readable, /10\.0\.0\.10/);
  match(textOf(stack, 'gw1_shop'), /203\.0\.113\.10/);
  match(textOf(stack, 'web1_shop'), /\b443\b/);

  const commands = [gateway, server].map(commandOf);
  deepStrictEqual(commands[1], commands[0]);
  match(execFileSync(join(stacks, 'edge', commands[0]!), ['--help'], { encoding: 'utf8' }), /deliver/);
  match(execFileSync(join(project, 'node_modules/.bin/cpanel-edge'), ['--help'], { encoding: 'utf8' }), /deliver/);

  // Without source maps the place is another line of another file, and still one of the project's.
  for (const release of Object.values(releases)) {
    match(Object.values(release['//'].places ?? {}).join(' '), /^(?:[\w./-]*main\.[cm]?[jt]s:\d+ ?)+$/);
    delete release['//'].places;
  }
  delete stack['//'];
  delete stack.terraform.backend;
  return JSON.stringify(stack, null, 2).split(commands[0]!).join('COMMAND').split(project).join('PROJECT');
}

/** Checks that the package uses the project's framework and constructs: objects of another copy would not match. */
function onePeerForAll(project: string, framework: Framework): void {
  const ours = createRequire(join(realpathSync(join(project, 'node_modules/cpanel-edge')), 'package.json'));
  const own = createRequire(join(project, 'package.json'));
  for (const peer of [framework, 'constructs'])
    strictEqual(ours.resolve(peer), own.resolve(peer), `a second copy of ${peer}`);
}

const textOf = ({ variable }: Stack, release: string): string =>
  Buffer.from(String(variable[`${release}_text`]!.default), 'base64').toString('utf8');

/** Returns the path, from the stack's folder, of the program that a release starts without CPANEL_EDGE. */
function commandOf({ provisioner }: Resource): string {
  const { command } = provisioner[0]!['local-exec']!;
  const path = /^exec \$\$\{CPANEL_EDGE:-'?(.*?)'?\} deliver$/.exec(command)?.[1];
  ok(path !== undefined, `no path in ${command}`);
  return path;
}
