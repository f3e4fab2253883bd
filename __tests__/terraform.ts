// Runs the real Terraform in tests, with the stand-in provider. Also creates the stack of the tests that apply one
// owner's release several times.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { Ownership, ReleaseResource, emitDelivery } from '../constructs/internal/emit-delivery';
import { emitRemovedBlocks } from '../constructs/internal/removed-blocks';
import { Connection, Release } from '../lib/agent-protocol/release';
import { stackOf } from './constructs/construct-samples';
import { connectionOf, releaseOf } from './driver/samples';
import { describeWhere } from './where-possible';

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  /** Standard output and standard error. */
  readonly text: string;
}

/**
 * Returns Terraform's environment with a driver that does nothing. `configuration`: path of the command line
 * configuration, in place of the user's.
 */
export const terraformEnvironment = (more: NodeJS.ProcessEnv = {}, configuration = '/dev/null'): NodeJS.ProcessEnv => ({
  ...process.env,
  TF_CLI_CONFIG_FILE: configuration,
  CHECKPOINT_DISABLE: '1',
  TF_IN_AUTOMATION: '1',
  CPANEL_EDGE: 'true',
  ...more,
});

export function runTerraform(cwd: string, argv: readonly string[], env = terraformEnvironment()): Ran {
  const done = spawnSync('terraform', argv, { cwd, env, encoding: 'utf8', timeout: 240_000, maxBuffer: 1 << 28 });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout, text: done.stdout + done.stderr };
}

/** Returns the output. Throws if Terraform fails. */
export function terraform(cwd: string, ...argv: readonly string[]): string {
  const { status, out, text } = runTerraform(cwd, argv);
  if (status !== 0) throw new Error(`terraform ${argv.join(' ')}: ${text}`);
  return out;
}

/**
 * A configuration that names the stand-in for hashicorp/null, if one can be built, since a registry may be out of
 * reach.
 */
export function nullProvider(): { readonly configuration: string | undefined; readonly where: jest.Describe } {
  const built = spawnSync('sh', ['scripts/null-provider/build.sh'], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
    timeout: 300_000,
  });
  const why = built.stderr.trim().split('\n').at(-1) ?? 'it was not built';
  return {
    configuration: built.status === 0 ? built.stdout.trim() : undefined,
    where: describeWhere(built.status === 0, 'null_resource', `a stand-in for hashicorp/null: ${why}`),
  };
}

/** The wanted state of an owner on a device. */
export interface Wanted {
  readonly device?: string;
  readonly owner?: string;
  readonly release?: Partial<Release>;
  readonly connection?: Partial<Connection>;
  readonly as?: ReleaseResource;
  readonly adopt?: string;
  readonly retired?: readonly Ownership[];
  readonly released?: readonly Ownership[];
  /** The stack without a device. */
  readonly none?: true;
}

/** Synthesizes the owner's stack. */
export function lifeStack({
  device = 'gw',
  owner = 'web',
  release,
  connection,
  as = 'terraform_data',
  adopt,
  ...rest
}: Wanted): string {
  const stack = stackOf('life');
  const made = releaseOf({ device, owner, text: 'one\n', ...release });
  const delivery = { release: made, connection: connectionOf(connection), ...(adopt === undefined ? {} : { adopt }) };
  if (!rest.none) emitDelivery(stack, { device, owner }, as, () => delivery);
  if (rest.retired) emitRemovedBlocks(stack, 'retired', () => rest.retired!, true);
  if (rest.released) emitRemovedBlocks(stack, 'released', () => rest.released!, false);
  return Testing.synth(stack);
}
