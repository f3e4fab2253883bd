// Tests a deployment by null_resource, with the provider as it comes from a registry, the change of a live stack to
// terraform_data and back, and a deployment by cdktf's own commands (diff, deploy, destroy).

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { run } from '../command';
import { Lab } from '../lab';
import { troubles } from '../probe/probe-results';
import { probe } from '../probe/prober';
import { LabStack, REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';
import { LAB_PORTS, deploy, destroys, plan, reachable, serves, terraformPath } from './deployment';
import { MAIN } from './doctor';
import { Impossible, LabSuite } from './test';

/** Tests of a deployment with a provider, as it comes from a registry. */
export const nullResource: LabSuite = {
  name: 'by null_resource',
  tests: [
    {
      name: 'deployed, unchanged, one port closed, destroyed',
      run: async (lab) => {
        const wish = { variant: 'null resource', state: 'null', configuration: await nullProvider() };
        const { text } = await deploy(lab, wish);
        match(text, /null_resource\.edge1_hosting will be created/);
        await serves(lab, 'by null_resource');
        const again = await plan(lab, wish);
        strictEqual(again.changes, false, again.text);
        const closing = await deploy(lab, { ...wish, variant: 'null resource, imap closed' });
        match(closing.text, /- +"cpanel opens tcp 993"/);
        await serves(lab, 'imap closed', LAB_PORTS.replace('993,', ''));
        await destroys(closing.stack);
        strictEqual(await reachable(lab), 'none');
      },
    },
    {
      name: 'a live stack changes to terraform_data and back without a lost packet',
      run: async (lab) => {
        const wish = { state: 'changing', configuration: await nullProvider() };
        const { stack: deployed } = await deploy(lab, { ...wish, variant: 'null resource' });
        const leases = await leasesOf(deployed);
        for (const [variant, created, gone] of [
          ['as it is', 'terraform_data', 'null_resource'],
          ['null resource', 'null_resource', 'terraform_data'],
        ] as const) {
          const { stack, text } = await plan(lab, { ...wish, variant });
          match(text, /Plan: 2 to add, 0 to change, 2 to destroy/);
          for (const device of ['edge1', 'web1']) {
            match(text, new RegExp(`${created}\\.${device}_hosting will be created`));
            match(text, new RegExp(`${gone}\\.${device}_hosting will be destroyed`));
          }
          const reviewed = await lab.exec('operator', [process.execPath, MAIN, 'review', await planFile(stack)]);
          strictEqual(reviewed.status, 0, reviewed.out + reviewed.err);
          match(reviewed.out, /No port changes/);

          await applyWithoutALoss(lab, stack);

          // Nothing was removed: the devices have the same owners, and the next plan is empty.
          deepStrictEqual(await leasesOf(stack), leases);
          strictEqual((await plan(lab, { ...wish, variant })).changes, false);
          await serves(lab, `by ${created}`);
        }
        const { status, out, err } = await deployed.destroy();
        strictEqual(status, 0, `${out}${err}`);
      },
    },
    {
      name: 'changes also without the provider, once its releases are removed from the state',
      run: async (lab) => {
        const wish = { variant: 'null resource', state: 'forgetting' };
        const { stack } = await deploy(lab, { ...wish, configuration: await nullProvider() });
        const leases = await leasesOf(stack);
        const { status, out, err } = await stack.run([
          'state',
          'rm',
          'null_resource.edge1_hosting',
          'null_resource.web1_hosting',
        ]);
        strictEqual(status, 0, `${out}${err}`);
        const { stack: without, text } = await plan(lab, { ...wish, variant: 'as it is' });
        match(text, /Plan: 2 to add, 0 to change, 0 to destroy/);
        await applyWithoutALoss(lab, without);
        deepStrictEqual(await leasesOf(without), leases);
        strictEqual((await without.destroy()).status, 0);
      },
    },
  ],
};

async function applyWithoutALoss(lab: Lab, stack: LabStack): Promise<void> {
  const probing = await probe(lab, { sessions: [443] });
  const { status, out, err } = await stack.apply();
  const probed = await probing.stop();
  strictEqual(status, 0, `${out}${err}`);
  deepStrictEqual(troubles(probed), []);
  const [session] = probed.sessions;
  ok(session && session.ended === '' && session.silentFor < 1000, JSON.stringify(session));
}

/** Returns the owner token of each device: the ids of the ownership records. */
async function leasesOf(stack: LabStack): Promise<readonly string[]> {
  const state = (await stack.run(['state', 'pull'])).out;
  const { resources } = JSON.parse(state) as {
    resources: { name: string; instances: { attributes: { id: string } }[] }[];
  };
  const holders = resources.filter(({ name }) => name.endsWith('_holder'));
  const leases = holders.flatMap(({ name, instances }) =>
    instances.map(({ attributes }) => `${name} ${attributes.id}`),
  );
  strictEqual(leases.length, 2, state);
  return leases.sort();
}

/** Writes the plan's JSON to a file. */
async function planFile(stack: LabStack): Promise<string> {
  const file = join(stack.folder, 'plan.json');
  writeFileSync(file, JSON.stringify(await stack.planJson()));
  return file;
}

/** Tests of a deployment by cdktf's own commands alone. */
export const cdktfCommand: LabSuite = {
  name: 'by cdktf',
  tests: [
    {
      name: 'npx cdktf diff, deploy and destroy of the stack in main.ts',
      run: async (lab) => {
        const stack = new LabStack(lab, await terraformPath(), 'cdktf');
        const planned = await stack.cdktf('diff');
        strictEqual(planned.status, 0, `${planned.out}${planned.err}`);
        match(stripVTControlCharacters(planned.out), /cpanel opens tcp 443/);
        match(stripVTControlCharacters(planned.out), /Plan: 4 to add, 0 to change, 0 to destroy/);
        strictEqual(await reachable(lab), 'none');
        const deployed = await stack.cdktf('deploy', ['--auto-approve']);
        strictEqual(deployed.status, 0, `${deployed.out}${deployed.err}`);
        await serves(lab, 'by cdktf');
        const destroyed = await stack.cdktf('destroy', ['--auto-approve']);
        strictEqual(destroyed.status, 0, `${destroyed.out}${destroyed.err}`);
        strictEqual((await lab.does('edge1', 'ip -br addr show wan0')).includes(ADDRESS.publicWeb1), false);
      },
    },
  ],
};

/** Returns a Terraform configuration that finds the stand-in for hashicorp/null without a registry. */
async function nullProvider(): Promise<string> {
  const { status, out, err } = await run(['sh', 'scripts/null-provider/build.sh'], { cwd: REPOSITORY, seconds: 300 });
  if (status === 3) throw new Impossible(err.trim());
  ok(status === 0 && existsSync(out.trim()), err);
  return out.trim();
}
