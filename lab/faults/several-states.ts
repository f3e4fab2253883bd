// Helpers of the fault tests with several Terraform states or owners: create further pipelines, apply them, expect
// success or refusal, get owner tokens and releases from devices and states, and run the package's own command.
import { ok } from 'node:assert';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Outcome, must } from '../command';
import { REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';
import { DEVICES, DeviceName } from './moment';
import { APPLY, Pipeline } from './pipeline';
import { deviceStatus } from './platform';
import { Scene, succeeded } from './scene';
import { Wanted } from './version-options';

export const DESTROY = ['destroy', '-no-color', '-auto-approve'] as const;
export const release = (device: DeviceName, owner = 'hosting'): string => `terraform_data.${device}_${owner}`;
export const holder = (device: DeviceName, owner = 'hosting'): string => `${release(device, owner)}_holder`;

/** A second owner on the gateway, with its own address and host. */
export const GUEST: Partial<Wanted> = {
  owner: 'guest',
  only: ['edge1'],
  publicAddress: ADDRESS.publicWeb1Second,
  insideAddress: ADDRESS.neighbour,
};

/** Creates a pipeline with a state of its own, which is empty. */
export async function another(
  scene: Scene,
  name: string,
  more: Partial<Wanted>,
  env: NodeJS.ProcessEnv = {},
): Promise<Pipeline> {
  const made = new Pipeline(scene.lab, scene.terraform, name, env);
  rmSync(dirname(made.folder), { recursive: true, force: true });
  await made.want(scene.wanted(scene.target, more));
  return made;
}

/** Makes the output of a pipeline the one that the scene asserts on. */
export const heard = (scene: Scene, ended: Promise<Outcome>): Promise<Outcome> => scene.ended({ ended });

/** Applies and expects success. */
export async function applies(scene: Scene, pipeline: Pipeline, argv: readonly string[] = APPLY): Promise<void> {
  await heard(scene, pipeline.run(argv));
  scene.succeeded();
}

/** Applies and expects that Terraform fails. */
export async function refuses(scene: Scene, pipeline: Pipeline, argv: readonly string[] = APPLY): Promise<void> {
  await heard(scene, pipeline.run(argv));
  scene.failed();
}

/** Asserts that the next plan has nothing to do. */
export async function settledPlan(pipeline: Pipeline): Promise<void> {
  const { status, out, err } = await pipeline.run(['plan', '-no-color', '-detailed-exitcode']);
  ok(status === 0, `there is still something to do:\n${out}${err}`);
}

/** Returns the owner token that each device has, as the device reports it. */
export async function leases(scene: Scene, owner = 'hosting'): Promise<Readonly<Partial<Record<DeviceName, string>>>> {
  const all = await Promise.all(
    DEVICES.map(async (device) => {
      const status = await deviceStatus(scene.lab, device);
      const lease = status?.owners.find((one) => one['owner'] === owner)?.['lease'];
      return lease === undefined || lease === 'none' ? [] : [[device, lease] as const];
    }),
  );
  return Object.fromEntries(all.flat());
}

/** Returns the owner token that the device's refusal tells the operator to adopt. */
export function toAdopt(scene: Scene, device: DeviceName, owner = 'hosting'): string {
  scene.says(new RegExp(`device/foreign-lease at ${owner} on ${device}`));
  // Two devices refuse at once, so their lines alternate.
  const text = [...scene.said().matchAll(/^(\S+) \(local-exec\): (.*)$/gm)]
    .flatMap(([, by = '', line = '']) => (by.includes(`.${device}_`) ? [line] : []))
    .join('\n');
  const found = new RegExp(`device/foreign-lease at ${owner} on ${device}[^]*?adopt: '([A-Za-z0-9-]+)'`).exec(
    text,
  )?.[1];
  ok(found, `no line to adopt for ${device}:\n${scene.said()}`);
  return found;
}

/** Returns the state's record of a release: '' for a good one, `tainted`, `deposed`. */
export async function recorded(pipeline: Pipeline, address: string): Promise<readonly string[]> {
  const { status, out, err } = await pipeline.run(['state', 'pull']);
  succeeded({ status, out, err });
  const { resources = [] } = JSON.parse(out || '{}') as { readonly resources?: readonly Recorded[] };
  return resources
    .filter(({ type, name }) => `${type}.${name}` === address)
    .flatMap(({ instances }) =>
      instances.map((one) => [one.deposed === undefined ? '' : 'deposed', one.status ?? ''].filter(Boolean).join(' ')),
    )
    .sort();
}

interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly status?: string; readonly deposed?: string }[];
}

/** Runs the package's own command as the operator, in the stack's folder. */
export async function edge({ lab, pipeline }: Scene, words: readonly string[]): Promise<string> {
  const argv = [process.execPath, `${REPOSITORY}/dist/cli/main.js`, ...words, '--stack', pipeline.folder];
  return must(lab.at('operator', argv), { env: pipeline.env });
}
