// Tests a gateway on iptables, alone and with a server on iptables: change from nftables and back without an outage,
// reloads and flushes, reboots, drift, the legacy backend, and removal.
import { deepStrictEqual, doesNotMatch, match, strictEqual } from 'node:assert';
import { Lab } from '../lab';
import { troubles } from '../probe/probe-results';
import { probe } from '../probe/prober';
import { ADDRESS } from '../topology';
import { LAB_PORTS, deploy, destroys, expectAsProven, plan, reachable, serves } from './deployment';
import { types } from './doctor';
import { LabSuite } from './test';

const WITHOUT_IMAP = LAB_PORTS.replace('993,', '');

const deploysWithoutTrouble = async (lab: Lab, variant: string) => {
  const probing = await probe(lab, { sessions: [443] });
  const { stack } = await deploy(lab, { variant });
  const probed = await probing.stop();
  deepStrictEqual(troubles(probed), []);
  strictEqual(probed.sessions[0]?.ended, '');
  return stack;
};

/** A lab of its own, with devices as Debian installs them. */
export const bothOnIptables: LabSuite = {
  name: 'a gateway and a server on iptables',
  tests: [
    {
      name: 'after one delivery to both packets from every side agree with the proof, and another apply has no changes',
      tier: 'quick',
      run: async (lab) => {
        const { stack } = await deploy(lab, { variant: 'both on iptables' });
        await expectAsProven(lab, stack);
        strictEqual((await plan(lab, { variant: 'both on iptables' })).changes, false);
      },
    },
    {
      name: 'both run the confirmed release after a reboot',
      tier: 'quick',
      run: async (lab) => {
        await Promise.all(['edge1', 'web1'].map((device) => lab.device(device).reboot()));
        await serves(lab, 'rebooted');
        for (const device of ['edge1', 'web1'])
          strictEqual((await types(lab, 'verify', device, '--quiet')).status, 0, device);
      },
    },
  ],
};

/**
 * Tests in the order of one gateway's life: from nftables to iptables and back, on a host that keeps its own rules by
 * netfilter-persistent.
 */
export const iptablesGateway: LabSuite = {
  name: 'a gateway on iptables',
  tests: [
    {
      name: 'one delivery moves it from nftables without an outage',
      run: async (lab) => {
        await lab.does('edge1', 'iptables -A FORWARD -s 192.0.2.66 -j DROP; netfilter-persistent save');
        await deploy(lab);
        const stack = await deploysWithoutTrouble(lab, 'gateway on iptables');
        await expectAsProven(lab, stack);
        doesNotMatch(await lab.does('edge1', 'nft list tables'), /cpanel_edge/);
        strictEqual((await plan(lab, { variant: 'gateway on iptables' })).changes, false);
      },
    },
    {
      name: 'closing a port, and adding and removing a mapping, disturbs no other connection',
      run: async (lab) => {
        await deploy(lab, { variant: 'gateway on iptables, imap closed' });
        await serves(lab, 'closed', WITHOUT_IMAP);
        await deploysWithoutTrouble(lab, 'gateway on iptables, second mapping');
        strictEqual(await reachable(lab, ADDRESS.publicWeb1Second), '80');
        await deploysWithoutTrouble(lab, 'gateway on iptables');
        strictEqual(await reachable(lab, ADDRESS.publicWeb1Second), 'none');
        doesNotMatch(await lab.does('edge1', 'iptables-save'), /\bco-|203\.0\.113\.11/);
      },
    },
    {
      name: "its rules are in force at every moment while the host's rules are loaded again, saved or flushed",
      run: async (lab) => {
        const probing = await probe(lab, {});
        for (const does of [
          'netfilter-persistent reload',
          'netfilter-persistent save',
          'systemctl restart netfilter-persistent',
        ]) {
          await lab.does('edge1', does);
          await serves(lab, does);
        }
        deepStrictEqual(troubles(await probing.stop()), []);
        await lab.does('edge1', 'netfilter-persistent flush');
        await serves(lab, 'flushed');
        await lab.does('edge1', 'netfilter-persistent reload');
        match(await lab.does('edge1', 'iptables-save'), /-s 192\.0\.2\.66\/32 -j DROP/);
        strictEqual((await types(lab, 'verify', 'edge1', '--quiet')).status, 0);
      },
    },
    {
      name: 'the rules are back after a reboot and a power loss, also if a file of the host has an older release or none',
      run: async (lab) => {
        await lab.does('edge1', 'cp /etc/iptables/rules.v4 /root');
        await deploy(lab, { variant: 'gateway on iptables, imap closed' });
        await lab.does('edge1', 'cp /root/rules.v4 /etc/iptables');
        await lab.device('edge1').cut();
        await lab.device('edge1').start();
        await lab.device('edge1').ready();
        await serves(lab, 'after loss of power, with an older release in the file', WITHOUT_IMAP);
        await lab.does('edge1', 'rm /etc/iptables/rules.*');
        await lab.device('edge1').reboot();
        await serves(lab, 'rebooted without the files', WITHOUT_IMAP);
        await deploy(lab, { variant: 'gateway on iptables' });
      },
    },
    {
      name: "other programs' accept rules open nothing, their translations before ours are drift, and the next delivery puts our rules first again",
      run: async (lab) => {
        await lab.does(
          'edge1',
          `iptables -I FORWARD -j ACCEPT; iptables -I INPUT -j ACCEPT; iptables -t nat -I PREROUTING -d ${ADDRESS.publicWeb1} -p tcp --dport 3306 -j DNAT --to-destination ${ADDRESS.web1}`,
        );
        await serves(lab, 'others let everything in');
        strictEqual((await types(lab, 'verify', 'edge1', '--quiet')).status, 0);
        await lab.does('edge1', 'iptables -t mangle -I FORWARD -p tcp --dport 3306 -j ACCEPT');
        const opened = await types(lab, 'verify', 'edge1');
        strictEqual(opened.status, 1, opened.out);
        match(opened.out, /3306/);
        await deploy(lab, { variant: 'gateway on iptables, imap closed' });
        await serves(lab, 'first again', WITHOUT_IMAP);
        await lab.does('edge1', 'iptables -t mangle -F FORWARD; iptables -t nat -F PREROUTING');
        const flushed = await types(lab, 'verify', 'edge1');
        strictEqual(flushed.status, 1, flushed.out);
        await lab.does('edge1', 'netfilter-persistent reload');
        await serves(lab, 'loaded again after somebody had flushed what leads there', WITHOUT_IMAP);
        strictEqual((await types(lab, 'verify', 'edge1', '--quiet')).status, 0);
        await deploysWithoutTrouble(lab, 'gateway on iptables');
      },
    },
    {
      name: 'a move to nftables and back takes one delivery each, without an outage',
      run: async (lab) => {
        await deploysWithoutTrouble(lab, 'as it is');
        doesNotMatch(await lab.does('edge1', 'cat /etc/iptables/*; iptables-save'), /c[go]-hosting/);
        await deploysWithoutTrouble(lab, 'gateway on iptables');
      },
    },
    {
      name: 'works with the legacy back end, too; a removal leaves nothing, also after a reboot',
      run: async (lab) => {
        await deploy(lab);
        await lab.does(
          'edge1',
          'iptables -F; for p in iptables ip6tables; do update-alternatives --set $p /usr/sbin/$p-legacy; done',
        );
        await deploy(lab, { variant: 'gateway on iptables, imap closed' });
        const { stack } = await deploy(lab, { variant: 'gateway on iptables' });
        await expectAsProven(lab, stack);
        await destroys(stack);
        for (const when of ['retracted', 'rebooted']) {
          if (when === 'rebooted') await lab.device('edge1').reboot();
          doesNotMatch(
            await lab.does('edge1', 'iptables-save; iptables-nft-save; cat /etc/iptables/*; ip -o addr'),
            /c[go]-hosting|203\.0\.113\.10\b/,
            when,
          );
        }
      },
    },
  ],
};
