import { match, ok, strictEqual } from 'node:assert';
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { run } from '../command';
import { LabStack, REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';
import { LAB_PORTS, deploy, plan, reachable, serves, terraformPath } from './deployment';
import { Impossible, LabSuite } from './test';

/** The same deployment with a provider as it comes from a registry. */
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
        const { status, out, err } = await closing.stack.destroy();
        strictEqual(status, 0, `${out}${err}`);
        strictEqual(await reachable(lab), 'none');
      },
    },
  ],
};

/** The same deployment as a user has it who knows nothing but cdktf. */
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

/** Terraform's configuration that finds the stand-in for hashicorp/null; nothing asks a registry. */
async function nullProvider(): Promise<string> {
  const { status, out, err } = await run(['sh', 'scripts/null-provider/build.sh'], { cwd: REPOSITORY, seconds: 300 });
  if (status === 3) throw new Impossible(err.trim());
  ok(status === 0 && existsSync(out.trim()), err);
  return out.trim();
}
