// Tests that a server with Debian's package of APF runs the confirmed release after reboots, restarts, a lock-out and a
// loss of power, that verify reports a changed port, and that a removal leaves APF as it was before.
import { doesNotMatch, match, strictEqual } from 'node:assert';
import { must, run, until } from '../command';
import { Lab } from '../lab';
import { ADDRESS } from '../topology';
import { asConfirmed } from './assert-confirmed';
import { IMAP_CLOSED, deploy, destroys, expectAsProven, failsToApply, plan, reachable } from './deployment';
import { types } from './doctor';
import { LabSuite } from './test';

/** Asserts that the confirmed release runs again, which isn't the stack that was planned last. */
async function asConfirmedAgain(lab: Lab, when: string): Promise<void> {
  await plan(lab, { variant: 'on APF' });
  await asConfirmed(lab, when);
}

/**
 * APF as an administrator sets it up, without IPv6. Other programs' rules that deny more than the release are left
 * alone, and `verify` would report them.
 */
const SET_UP = `set -e
sed -i /2001:db8/d /etc/network.batch
for i in eth0 mgmt0; do ip -6 addr flush dev $i scope global; done
dpkg -i --force-depends /root/apf-firewall.deb
cd /etc/apf-firewall
sed -i 's/^DEVEL_MODE="1"/DEVEL_MODE="0"/; s/^SET_MONOKERN="0"/SET_MONOKERN="1"/; s/^IG_TCP_CPORTS="22"/IG_TCP_CPORTS="22,25"/
  s/^BLK_P2P_PORTS=.*/BLK_P2P_PORTS=""/; s/^PKT_SANITY_PZERO="1"/PKT_SANITY_PZERO="0"/' conf.apf
sed -i 's/RUN="no"/RUN="yes"/' /etc/default/apf-firewall
systemctl daemon-reload
systemctl enable apf-firewall
systemctl restart apf-firewall`;

export async function installApf(lab: Lab): Promise<void> {
  await must(await lab.device('web1').inside(['sh', '-c', SET_UP]));
  await lab.device('web1').ownDisk?.sync();
}

/** Waits for APF's service: until it is through, everything is open. */
const started = (lab: Lab): Promise<string> =>
  lab.does('web1', 'until [ "$(systemctl is-active apf-firewall)" = active ]; do sleep 0.2; done');

/** Tests in the order of one server's life, with Debian's package. */
export const apf: LabSuite = {
  name: 'a server with APF',
  disks: true,
  tests: [
    {
      name: 'APF as an administrator starts it opens its own list of ports',
      tier: 'quick',
      run: async (lab) => {
        await installApf(lab);
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /^22,25$/);
      },
    },
    {
      name: 'after one delivery packets from every side agree with the proof',
      tier: 'quick',
      run: async (lab) => {
        const { stack } = await deploy(lab, { variant: 'on APF' });
        await expectAsProven(lab, stack);
        await asConfirmed(lab, 'delivered');
        strictEqual((await plan(lab, { variant: 'on APF' })).changes, false);
      },
    },
    {
      name: 'runs the confirmed release after a reboot',
      tier: 'quick',
      run: async (lab) => {
        await lab.device('web1').reboot();
        await started(lab);
        await asConfirmed(lab, 'rebooted');
      },
    },
    {
      name: 'runs the confirmed release after its nightly restart, a restart of its service and a restart of the server',
      run: async (lab) => {
        for (const does of [
          '/etc/cron.daily/apf-firewall',
          'systemctl restart apf-firewall',
          'iptables -F; systemctl restart apf-firewall',
        ]) {
          await lab.does('web1', does);
          await asConfirmed(lab, does);
        }
        await lab.device('web1').reboot();
        await started(lab);
        await asConfirmed(lab, 'rebooted');
      },
    },
    {
      name: 'a release that locks the operator out rolls back by itself, also across a power loss, and the next apply converges',
      run: async (lab) => {
        const { stack } = await plan(lab, { variant: 'on APF, locked out' });
        await failsToApply(stack);
        await asConfirmedAgain(lab, 'after the rollback');
        const applying = (await plan(lab, { variant: 'on APF, locked out' })).stack.apply();
        const armed = await lab.device('web1').inside(['sh', '-c', 'ls /etc/cpanel-edge/*/armed-*']);
        await until('it is on trial', 60, async () => (await run(armed)).out !== '');
        await lab.device('web1').losePowerAndStart();
        await started(lab);
        strictEqual((await applying).status, 1);
        await asConfirmedAgain(lab, 'after loss of power in a trial');
        await deploy(lab, { variant: 'on APF, imap closed' });
        await asConfirmed(lab, 'converged', IMAP_CLOSED);
        await deploy(lab, { variant: 'on APF' });
        await asConfirmed(lab, 'as before');
      },
    },
    {
      name: 'verify reports a port that a person opens',
      run: async (lab) => {
        const edit = (script: string): Promise<string> =>
          lab.does('web1', `sed -i '${script}' /etc/apf-firewall/conf.apf; iptables -F; apf -r >/dev/null 2>&1`);
        await edit('s/^IG_TCP_CPORTS="/&9999,/');
        const edited = await types(lab, 'verify', 'web1');
        strictEqual(edited.status, 1, edited.out);
        match(edited.out, /\b9999\b/);
        await edit('s/^IG_TCP_CPORTS="9999,/IG_TCP_CPORTS="/');
        await asConfirmed(lab, 'put right');
      },
    },
    {
      name: 'a removal leaves APF as it was before, also after a restart',
      run: async (lab) => {
        const { stack } = await deploy(lab, { variant: 'on APF' });
        await destroys(stack);
        doesNotMatch(
          await lab.does('web1', 'cd /etc/apf-firewall; cat conf.apf *.rules /etc/default/apf-firewall'),
          /cpanel-edge/,
        );
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /^22,25$/);
        await lab.device('web1').reboot();
        await started(lab);
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /^22,25$/);
      },
    },
  ],
};
