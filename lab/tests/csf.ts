// Tests a server with the lab's stand-in of csf (lab/csf): delivery, restarts, power loss, rollback, drift, the change
// to nftables and back, and removal. Also exports installCsf, which installs the stand-in for other suites.
import { doesNotMatch, match, strictEqual } from 'node:assert';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { must, run, until } from '../command';
import { Lab } from '../lab';
import { ADDRESS } from '../topology';
import { asConfirmed } from './assert-confirmed';
import { IMAP_CLOSED, deploy, destroys, expectAsProven, failsToApply, plan, reachable } from './deployment';
import { types } from './doctor';
import { LabSuite } from './test';

export async function installCsf(lab: Lab): Promise<void> {
  const { root } = lab.device('web1');
  cpSync(join(__dirname, '../csf'), join(root, 'usr/local/lab-csf'), { recursive: true });
  // Not by SSH: csf drops established connections that conntrack didn't track from their start.
  await must(await lab.device('web1').inside(['sh', '/usr/local/lab-csf/install.sh']));
  await lab.device('web1').ownDisk?.sync();
}

/** Returns csf's own files and those of its services. */
const written = (lab: Lab): Promise<string> =>
  lab.does(
    'web1',
    'cd /etc/csf; sha256sum csf.conf csf.allow csf.deny; ls /etc/systemd/system/csf.service.d 2>/dev/null || :',
  );

/** Tests in the order of one server's life. csf is a stand-in (lab/csf), which makes real rules of csf's files. */
export const csf: LabSuite = {
  name: 'a server with csf',
  disks: true,
  tests: [
    {
      name: 'csf as installed opens its own lists of ports',
      tier: 'quick',
      run: async (lab) => {
        await installCsf(lab);
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /^20-22,/);
      },
    },
    {
      name: 'after one delivery packets from every side agree with the proof, in both families',
      tier: 'quick',
      run: async (lab) => {
        await lab.does('web1', `printf '%s\\n' 'tcp|in|d=9999|s=192.0.2.77' >>/etc/csf/csf.allow`);
        const refused = (await plan(lab, { variant: 'on csf' })).stack;
        const applied = await refused.apply();
        strictEqual(applied.status, 1, applied.out);
        match(applied.out + applied.err, /\b9999\b/);
        await lab.does('web1', `sed -i '/9999/d' /etc/csf/csf.allow; csf -r`);
        const { stack } = await deploy(lab, { variant: 'on csf' });
        await expectAsProven(lab, stack);
        await asConfirmed(lab, 'delivered');
        strictEqual((await plan(lab, { variant: 'on csf' })).changes, false);
      },
    },
    {
      name: 'runs the confirmed release after a reboot',
      tier: 'quick',
      run: async (lab) => {
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
      },
    },
    {
      name: 'runs the confirmed release after restarts of csf, of its service and of the server',
      run: async (lab) => {
        for (const does of ['csf -r', 'csf -ra', 'systemctl restart csf']) {
          await lab.does('web1', does);
          await asConfirmed(lab, does);
        }
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
        await lab.device('web1').losePowerAndStart();
        await asConfirmed(lab, 'after loss of power');
      },
    },
    {
      name: 'a release that locks the operator out rolls back by itself, also across a power loss, and the next apply converges',
      run: async (lab) => {
        const { stack } = await plan(lab, { variant: 'on csf, locked out' });
        await failsToApply(stack);
        await asConfirmedAgain(lab, 'after the rollback');
        const again = await plan(lab, { variant: 'on csf, locked out' });
        const applying = again.stack.apply();
        const armed = await lab.device('web1').inside(['sh', '-c', 'ls /etc/cpanel-edge/*/armed-*']);
        await until('it is on trial', 60, async () => (await run(armed)).out !== '');
        await lab.device('web1').losePowerAndStart();
        strictEqual((await applying).status, 1);
        await asConfirmedAgain(lab, 'after loss of power in a trial');
        await deploy(lab, { variant: 'on csf, imap closed' });
        await asConfirmed(lab, 'converged', IMAP_CLOSED);
        await deploy(lab, { variant: 'on csf' });
        await asConfirmed(lab, 'as before');
      },
    },
    {
      name: "a person's wrong line opens nothing and is reported; so is a port that a person opens",
      run: async (lab) => {
        await lab.does('web1', `sed -i 's/^TCP_IN = "/&9999,/' /etc/csf/csf.conf; csf -r`);
        const edited = await types(lab, 'verify', 'web1');
        strictEqual(edited.status, 1, edited.out);
        match(edited.out, /\b9999\b/);
        await lab.does('web1', `sed -i 's/^TCP_IN = "9999,/TCP_IN = "/' /etc/csf/csf.conf; csf -r`);
        await asConfirmed(lab, 'put right');
      },
    },
    {
      name: 'to nftables and back: csf first runs beside the table as before, and then alone again',
      run: async (lab) => {
        await deploy(lab, { variant: 'before firewalld' });
        doesNotMatch(await lab.does('web1', 'cat /etc/csf/csf.conf /etc/csf/csf.allow'), /cpanel-edge/);
        // The ports that neither of the two closes: csf's default lists have no 2078 and no 2096.
        const open = (await reachable(lab)).split(',');
        strictEqual(open.includes('443') && !open.includes('3306') && !open.includes('8443'), true, open.join());
        strictEqual((await types(lab, 'verify', 'web1')).status === 1, false);
        await deploy(lab, { variant: 'on csf' });
        doesNotMatch(await lab.does('web1', 'nft list tables'), /cpanel_edge/);
        await asConfirmed(lab, 'csf again');
      },
    },
    {
      name: 'nftables replaces csf and csf comes back, in one delivery each; after a lock-out or a power loss csf is off again',
      run: async (lab) => {
        const isOff = (): Promise<string> =>
          lab.does('web1', 'ls /etc/csf/csf.disable 2>/dev/null; iptables -S | grep -c LOCALINPUT || :');
        await deploy(lab, { variant: 'in their place' });
        await asConfirmed(lab, 'in its place');
        strictEqual(await isOff(), '/etc/csf/csf.disable\n0\n');
        const { stack } = await plan(lab, { variant: 'on csf, locked out' });
        await failsToApply(stack);
        strictEqual(await isOff(), '/etc/csf/csf.disable\n0\n');
        const again = await plan(lab, { variant: 'on csf, locked out' });
        const applying = again.stack.apply();
        // After csf has loaded, and while the server starts, no source gets in.
        const asked = (): Promise<string | undefined> => isOff().catch(() => undefined);
        await until('csf is back', 60, async () => (await asked())?.startsWith('/') !== true);
        await lab.device('web1').losePowerAndStart();
        strictEqual((await applying).status, 1);
        await until('csf is off again', 60, async () => (await asked()) === '/etc/csf/csf.disable\n0\n');
        await plan(lab, { variant: 'in their place' });
        await asConfirmed(lab, 'after loss of power');
        const back = await deploy(lab, { variant: 'on csf' });
        await expectAsProven(lab, back.stack);
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'csf after a start');
      },
    },
    {
      name: 'a removal leaves csf as it was before, also after a restart',
      run: async (lab) => {
        const { stack } = await deploy(lab, { variant: 'on csf' });
        const during = await written(lab);
        await destroys(stack);
        doesNotMatch(await lab.does('web1', 'cat /etc/csf/csf.conf /etc/csf/csf.allow'), /cpanel-edge/);
        strictEqual((await written(lab)) === during, false);
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /^20-22,/);
        await lab.device('web1').reboot();
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /^20-22,/);
      },
    },
  ],
};

/** Asserts that the confirmed release runs again, which isn't the stack that was planned last. */
async function asConfirmedAgain(lab: Lab, when: string): Promise<void> {
  await plan(lab, { variant: 'on csf' });
  await asConfirmed(lab, when);
}
