// Tests several owners on one device, the hand-over of an owner to another stack, and owners that are renamed,
// decommissioned or only removed from the code.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { troubles } from '../probe/probe-results';
import { probe } from '../probe/prober';
import { ADDRESS } from '../topology';
import { deploy, plan, reachable, serves } from './deployment';
import { MAIN } from './doctor';
import { LabSuite } from './test';

/** Tests of owners on devices, and of handing them over. */
export const ownership: LabSuite = {
  name: 'owners',
  tests: [
    {
      name: 'two owners on one gateway leave each other alone',
      run: async (lab) => {
        await deploy(lab, { variant: 'two owners' });
        await serves(lab, 'the first owner');
        strictEqual(await reachable(lab, ADDRESS.publicWeb1Second), '80');
        await deploy(lab, { variant: 'second owner retired' });
        await serves(lab, 'the first owner, alone');
        strictEqual(await reachable(lab, ADDRESS.publicWeb1Second), 'none');
      },
    },
    {
      name: 'a renamed owner, and a gateway removed from the code, are planned away',
      run: async (lab) => {
        for (const variant of ['other owner', 'gateway gone']) {
          const { text } = await plan(lab, { variant });
          match(text, /terraform_data\.edge1_hosting_holder will be destroyed/);
        }
      },
    },
    {
      name: 'a server moves to another stack without a lost packet',
      run: async (lab) => {
        const { stack } = await plan(lab);
        const lease = /id\s+= "([0-9a-f-]{36})"/.exec(
          (await stack.run(['state', 'show', '-no-color', 'terraform_data.web1_hosting_holder'])).out,
        )?.[1];
        ok(lease);
        const probing = await probe(lab, { sessions: [443] });
        await deploy(lab, { variant: 'server released' });
        await deploy(lab, { variant: 'adopting', lease, state: 'moved' });
        const probed = await probing.stop();
        const { changes, stack: moved } = await plan(lab, { variant: 'adopting', lease, state: 'moved' });
        // Otherwise the next test's deployment would meet a server of another state.
        await moved.destroy();
        strictEqual(changes, false);
        deepStrictEqual(troubles(probed), []);
        const [session] = probed.sessions;
        ok(session && session.ended === '' && session.silentFor < 1000, JSON.stringify(session));
      },
    },
    {
      name: 'a decommissioned gateway is removed, which the plan shows',
      run: async (lab) => {
        await deploy(lab);
        const { text } = await deploy(lab, { variant: 'gateway retired' });
        match(text, /edge1_hosting_holder will be destroyed/);
        strictEqual((await lab.does('edge1', 'ip -br addr show wan0')).includes(ADDRESS.publicWeb1), false);
        strictEqual(await reachable(lab), 'none');
      },
    },
    {
      name: 'a gateway that only disappears from the code stays as it is until it is removed by hand',
      run: async (lab) => {
        await deploy(lab);
        const { gateway } = lab.environment();
        const connection = join(lab.folder, 'edge1.json');
        writeFileSync(connection, JSON.stringify(gateway));
        await deploy(lab, { variant: 'gateway gone' });
        await serves(lab, 'by a gateway that no state knows of');

        const edge1 = (...words: readonly string[]) =>
          lab.exec('operator', [process.execPath, MAIN, ...words, '--connection', connection]);
        const said = (await edge1('verify', 'edge1')).out;
        const [, lease] = /^ *owner token: ([0-9a-f-]{36})$/m.exec(said) ?? [];
        ok(lease, said);
        const { status, out, err } = await edge1('retract', 'edge1', '--owner', 'hosting', '--lease', lease);
        strictEqual(status, 0, out + err);
        strictEqual(await reachable(lab), 'none');
      },
    },
  ],
};
