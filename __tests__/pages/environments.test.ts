// Tests docs/how-to/environments.md with the real Terraform: a plan made on one machine finds this package's command on
// another one with the same layout, or by CPANEL_EDGE.

import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../temporary-folder';
import { Ran, lifeStack, runTerraform, terraformEnvironment } from '../terraform';

const top = temporaryFolder();

/** A project on a machine, with a command that leaves a mark when it is started, or without one. */
function machine(name: string, command?: string): string {
  const stack = join(top, name, 'cdktf.out/stacks/edge');
  mkdirSync(stack, { recursive: true });
  if (command !== undefined) commandAt(join(top, name, command), name);
  return stack;
}
const started = (name: string): boolean => existsSync(join(top, `${name}-started`));
function commandAt(path: string, name: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n: >'${join(top, `${name}-started`)}'\n`);
  chmodSync(path, 0o755);
}
const terraform = (cwd: string, argv: readonly string[], command?: string): Ran =>
  runTerraform(cwd, argv, terraformEnvironment({ CPANEL_EDGE: command }));
const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];

describe('plans that are made on one machine and applied on another', () => {
  const path = /\$\{CPANEL_EDGE:-(\S+)\} deliver/.exec(lifeStack({}))![1]!;
  const here = machine('here', 'dist/cli/main.js');
  beforeAll(() => {
    writeFileSync(join(here, 'cdk.tf.json'), lifeStack({}));
    for (const argv of [['init'], ['plan', '-out=plan']]) expect(terraform(here, argv).status).toBe(0);
  });

  test("a plan starts the command by its path from the stack's folder", () =>
    expect(path).toBe('../../../dist/cli/main.js'));
  test('another machine with the same layout applies it as it is', () => {
    const there = machine('there', 'dist/cli/main.js');
    cpSync(here, there, { recursive: true });
    expect([terraform(there, ['apply', 'plan']).status, started('there')]).toEqual([0, true]);
  });
  test('with another layout CPANEL_EDGE names the command there', () => {
    const elsewhere = machine('elsewhere', 'opt/main.js');
    cpSync(here, elsewhere, { recursive: true });
    expect([
      terraform(elsewhere, ['apply', 'plan'], `sh ${join(top, 'elsewhere/opt/main.js')}`).status,
      started('elsewhere'),
    ]).toEqual([0, true]);
  });
  test('with neither the apply fails and taints the release, and the next one that has the command delivers it', () => {
    const without = machine('without');
    cpSync(here, without, { recursive: true });
    const { status, text } = terraform(without, ['apply', 'plan']);
    expect([status, text]).toEqual([1, expect.stringContaining('../../../dist/cli/main.js: not found')]);
    expect(terraform(without, ['plan', '-no-color']).out).toContain('terraform_data.gw_web is tainted');
    commandAt(join(top, 'without/dist/cli/main.js'), 'without');
    expect([terraform(without, APPLY).status, started('without')]).toEqual([0, true]);
  });
});
