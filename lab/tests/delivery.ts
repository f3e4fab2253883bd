// Tests deliveries of the stack `lab`, from the first apply to destroy, and the connections and users by which
// devices are reached.

import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { Lab } from '../lab';
import { hostKeysOf } from '../keys';
import { troubles } from '../probe/probe-results';
import { probe } from '../probe/prober';
import { scan } from '../probe/scan';
import { ADDRESS } from '../topology';
import { LAB_PORTS, deploy, destroys, expectAsProven, failsToApply, plan, reachable, serves } from './deployment';
import { LabSuite } from './test';

/** Tests with one state, from the first apply to destroy. Each begins with the stack as it is. */
export const delivery: LabSuite = {
  name: 'a deployment and its life',
  tests: [
    {
      name: 'deploy: packets from every start location agree with the proof',
      tier: 'quick',
      run: async (lab) => {
        const { stack } = await deploy(lab);
        await expectAsProven(lab, stack);
      },
    },
    {
      name: 'a second apply has no changes',
      tier: 'quick',
      run: async (lab) => {
        const { changes, text } = await plan(lab);
        strictEqual(changes, false, text);
      },
    },
    {
      name: 'after a reboot of both devices exactly the confirmed ports are open',
      tier: 'quick',
      run: async (lab) => {
        await Promise.all(['edge1', 'web1'].map((device) => lab.device(device).reboot()));
        await serves(lab, 'rebooted');
      },
    },
    {
      name: 'wrapping a construct in another one plans no change',
      run: async (lab) => {
        const { changes, text } = await plan(lab, { variant: 'wrapped' });
        strictEqual(changes, false, text);
      },
    },
    {
      name: 'closing one port ends its session only, and an open port never fails',
      run: async (lab) => {
        await deploy(lab);
        const probing = await probe(lab, { either: [993], sessions: [443, 993] });
        await deploy(lab, { variant: 'imap closed' });
        await new Promise((resolve) => setTimeout(resolve, 2000));
        const probed = await probing.stop();
        const [https, imaps] = probed.sessions;
        ok(https && https.ended === '' && https.silentFor < 1000, `443: ${JSON.stringify(https)}`);
        ok(
          imaps && imaps.answers > 0 && (imaps.ended !== '' || imaps.silentFor > 1000),
          `993: ${JSON.stringify(imaps)}`,
        );
        deepStrictEqual(troubles(probed), []);
        ok(probed.tests.every(({ tried }) => tried > 5));
        await serves(lab, 'imap closed', LAB_PORTS.replace('993,', ''));
        await deploy(lab);
        await serves(lab, 'open again');
      },
    },
    {
      name: 'a release that locks the operator out rolls back by itself, and the next apply converges',
      tier: 'quick',
      run: async (lab) => {
        await deploy(lab);
        const { stack } = await plan(lab, { variant: 'locked out' });
        await failsToApply(stack);
        strictEqual((await lab.ssh('web1', 'true')).status, 0);
        await serves(lab, 'after the rollback');
        await deploy(lab);
        strictEqual((await plan(lab)).changes, false);
        await serves(lab, 'converged');
      },
    },
    {
      name: 'rules and addresses are back after reboots, a power loss, and each action on nftables.service',
      run: async (lab) => {
        await deploy(lab);
        for (const device of ['edge1', 'web1']) {
          await lab.device(device).reboot();
          await serves(lab, `${device} rebooted`);
          await lab.device(device).cut();
          await lab.device(device).start();
          await lab.device(device).ready();
          await serves(lab, `${device} after loss of power`);
          for (const verb of ['start', 'reload', 'restart', 'stop', 'start']) {
            await lab.does(device, `systemctl ${verb} nftables`);
            await serves(lab, `nftables.service: ${verb} on ${device}`);
          }
        }
        strictEqual((await plan(lab)).changes, false);
      },
    },
    {
      name: "another program's drop rule is reported and left unchanged",
      run: async (lab) => {
        await deploy(lab);
        await withTable(
          lab,
          'web1',
          'inet',
          'type filter hook input priority -5; policy accept\nip saddr 198.51.100.0/24 drop',
          async () => {
            const { output } = await deploy(lab, { variant: 'imap closed' });
            ok(/198\.51\.100\.0/.test(output), output);
            await lab.does('web1', 'nft list table inet foreign');
            strictEqual(await reachable(lab, ADDRESS.publicWeb1, 'peer'), 'none');
          },
        );
      },
    },
    {
      name: "another program's redirect is reported with its line, and lets nothing in",
      run: async (lab) => {
        await deploy(lab);
        const redirect = `type nat hook prerouting priority -150\nip daddr ${ADDRESS.publicWeb1} tcp dport 443 dnat to ${ADDRESS.neighbour}`;
        await withTable(lab, 'edge1', 'ip', redirect, async () => {
          const { output } = await deploy(lab, { variant: 'imap closed' });
          ok(output.includes(`tcp dport 443 dnat to ${ADDRESS.neighbour}`), output);
          await lab.does('edge1', 'nft list table ip foreign');
          await serves(lab, 'with the redirect', LAB_PORTS.replace('443,', '').replace('993,', ''));
        });
        await deploy(lab);
        await serves(lab, 'without the redirect');
      },
    },
    {
      name: 'a plan file is applied from an empty folder',
      run: async (lab) => {
        await deploy(lab);
        const { stack } = await plan(lab, { variant: 'imap closed' });
        const applied = await stack.applyElsewhere(join(lab.folder, 'elsewhere'));
        strictEqual(applied.status, 0, `${applied.out}${applied.err}`);
        await serves(lab, 'imap closed', LAB_PORTS.replace('993,', ''));
      },
    },
    {
      name: 'destroy restores the gateway and keeps the server closed',
      run: async (lab) => {
        await deploy(lab);
        const { stack } = await plan(lab);
        const destroyed = await destroys(stack);
        const addresses = await lab.does('edge1', 'ip -br addr show wan0');
        strictEqual(addresses.includes(ADDRESS.publicWeb1), false, `${addresses}${destroyed.out}`);
        // Tables that Debian's nftables.service loaded for an earlier test aren't ours to remove.
        const tables = (await lab.does('edge1', 'nft list tables'))
          .split('\n')
          .filter((line) => line !== '' && line !== 'table inet filter');
        deepStrictEqual(tables, []);
        strictEqual((await scan(lab, { from: 'internet', to: ADDRESS.publicWeb1 }, '1-1000')).silent.length, 1000);
        // The gateway doesn't translate any more. So the server is asked at its own address, from a subnet outside its
        // trusted networks: closed ports stay closed.
        strictEqual(await reachable(lab, ADDRESS.web1, 'office'), LAB_PORTS);
        strictEqual((await lab.ssh('web1', 'true')).status, 0);
      },
    },
  ],
};

/** Loads a table of another program on a device for a while, with one chain. */
async function withTable(
  lab: Lab,
  device: string,
  family: string,
  chain: string,
  during: () => Promise<void>,
): Promise<void> {
  await lab.does(device, 'nft -f -', { input: `table ${family} foreign {\nchain one {\n${chain}\n}\n}\n` });
  try {
    await during();
  } finally {
    await lab.does(device, `nft delete table ${family} foreign`);
  }
}

/** Tests on fresh devices: connections and users of devices. */
export const reaching: LabSuite = {
  name: 'how devices are reached',
  tests: [
    {
      name: 'a wrong host key is refused at once, before anything is sent',
      run: async (lab) => {
        const right = lab.environment();
        const { stack } = await plan(lab, {
          environment: { ...right, gateway: { ...right.gateway, hostKeys: right.server.hostKeys } },
        });
        const start = Date.now();
        await failsToApply(stack);
        ok(Date.now() - start < 30_000);
        strictEqual((await lab.ssh('edge1', 'test -e /usr/local/sbin/cpanel-edge-device')).status, 1);
        await stack.destroy();
      },
    },
    {
      name: 'a host key of any single type is enough, with /tmp noexec',
      run: async (lab) => {
        for (const device of ['edge1', 'web1']) await lab.does(device, 'mount -t tmpfs -o noexec tmpfs /tmp');
        const { gateway, server } = lab.environment();
        const [edge, web] = [hostKeysOf(lab.device('edge1').root), hostKeysOf(lab.device('web1').root)];
        for (const [at, key] of edge.entries()) {
          await deploy(lab, {
            environment: { gateway: { ...gateway, hostKeys: [key] }, server: { ...server, hostKeys: [web[at]!] } },
          });
        }
        await serves(lab, 'noexec');
        await (await plan(lab)).stack.destroy();
      },
    },
    {
      name: 'a bootstrapped user with sudo can deliver; without the bootstrap the refusal names the command',
      run: async (lab) => {
        for (const device of ['edge1', 'web1']) {
          await lab.device(device).reboot();
          await lab.does(device, 'rm -f /usr/local/sbin/cpanel-edge-device');
        }
        const refused = await (
          await plan(lab, { environment: lab.environment('deploy'), state: 'sudo' })
        ).stack.apply();
        strictEqual(refused.status, 1);
        ok(`${refused.out}${refused.err}`.includes('bootstrap'), `${refused.out}${refused.err}`);
        const script = await lab.exec('operator', [
          process.execPath,
          join(__dirname, '../../dist/cli/main.js'),
          'bootstrap',
          '--user',
          'deploy',
        ]);
        for (const device of ['edge1', 'web1']) await lab.does(device, 'sh -s', { input: script.out });
        await deploy(lab, { environment: lab.environment('deploy'), state: 'sudo' });
        await serves(lab, 'by sudo');
        await (await plan(lab, { environment: lab.environment('deploy'), state: 'sudo' })).stack.destroy();
      },
    },
  ],
};
