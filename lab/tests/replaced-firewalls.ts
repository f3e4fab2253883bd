// Tests a server release that replaces another firewall (netfilter-persistent, ufw, firewalld, the lab's stand-in of
// csf): the other one is off with the confirm, and on again after a rollback or a removal.
import { doesNotMatch, match, strictEqual } from 'node:assert';
import { run, until } from '../command';
import { Lab } from '../lab';
import { probe } from '../probe/prober';
import { LabStack } from '../stack';
import { theirRules } from '../other-firewall-rules';
import { ADDRESS } from '../topology';
import { asConfirmed } from './assert-confirmed';
import { nothingGotIn } from './assert-nothing-got-in';
import { IMAP_CLOSED, deploy, destroys, expectAsProven, failsToApply, plan, reachable } from './deployment';
import { installCsf } from './csf';
import { types } from './doctor';
import { LabSuite } from './test';

const IN_PLACE = { variant: 'in their place' };

/** Returns all rules of both families, without their counters and dates. */
export const rules = async (lab: Lab): Promise<string> =>
  (await lab.does('web1', 'iptables-save; ip6tables-save')).replace(/^#.*\n/gm, '').replace(/ \[\d+:\d+\]/g, '');

/**
 * Delivers a release beside another firewall, and then in its place. No port that neither opens may answer, and the
 * session must go on.
 */
async function takesItsPlace(lab: Lab, beside: string): Promise<LabStack> {
  await deploy(lab, { variant: 'server as before' });
  strictEqual(await reachable(lab), beside);
  const prober = await probe(lab, { forbidden: [3306, 21], sessions: [443] });
  const { stack } = await deploy(lab, IN_PLACE);
  const probed = await prober.stop();
  nothingGotIn(probed);
  await asConfirmed(lab, 'in its place');
  strictEqual((await plan(lab, IN_PLACE)).changes, false);
  return stack;
}

async function locksOut(lab: Lab): Promise<void> {
  const { stack } = await plan(lab, { variant: 'in their place, locked out' });
  await failsToApply(stack);
}

const THEIRS = theirRules('22,443,3306');

/** Tests in the order of one server's life: each of Debian's firewalls, csf's stand-in, and the way back. */
export const replaces: LabSuite = {
  name: 'a server whose firewall gives way',
  disks: true,
  tests: [
    {
      name: "netfilter-persistent's rules: gone after the confirm and a start, back after a removal",
      run: async (lab) => {
        await lab.does('web1', `iptables-restore <<'END'\n${THEIRS}END\nnetfilter-persistent save 2>/dev/null`);
        await lab.does('web1', 'systemctl enable --now netfilter-persistent');
        const before = await rules(lab);
        await takesItsPlace(lab, '443');
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
        match(await lab.does('web1', 'systemctl is-enabled netfilter-persistent || :'), /disabled/);
        const { stack } = await deploy(lab, IN_PLACE);
        await destroys(stack);
        strictEqual(await rules(lab), before);
        match(await lab.does('web1', 'systemctl is-enabled netfilter-persistent'), /^enabled/);
        strictEqual(await reachable(lab, ADDRESS.web1, 'neighbour'), '22,443,3306');
        await lab.does(
          'web1',
          'iptables -P INPUT ACCEPT; iptables -P FORWARD ACCEPT; iptables -F; rm /etc/iptables/rules.v4 /etc/iptables/rules.v6',
        );
      },
    },
    {
      name: 'ufw: replaced, and enabling it again is reported',
      run: async (lab) => {
        await lab.does(
          'web1',
          'DEBIAN_FRONTEND=noninteractive dpkg --purge iptables-persistent netfilter-persistent && dpkg --install /root/ufw.deb',
        );
        await lab.does('web1', 'ufw allow 22/tcp && ufw allow 443/tcp && ufw allow 3306/tcp && ufw --force enable');
        await expectAsProven(lab, await takesItsPlace(lab, '443'));
        match(await lab.does('web1', 'ufw status'), /inactive/);
        await lab.does('web1', 'ufw --force enable');
        const said = await types(lab, 'verify', 'web1');
        match(said.out, /replaces\) runs again/);
        strictEqual(said.status === 0, false, said.out);
        await deploy(lab, { variant: 'in their place, imap closed' });
        await asConfirmed(lab, 'stopped again', IMAP_CLOSED);
      },
    },
    {
      name: 'ufw: a lock-out or a power loss before the confirm brings it back as it was, and the next apply converges',
      run: async (lab) => {
        await lab.does('web1', 'ufw --force enable');
        await lab.device('web1').ownDisk?.sync();
        const before = await rules(lab);
        await locksOut(lab);
        strictEqual(await rules(lab), before);
        match(await lab.does('web1', 'ufw status'), /Status: active/);
        const { stack } = await plan(lab, { variant: 'in their place, locked out' });
        const applying = stack.apply();
        const stopped = await lab.device('web1').inside(['sh', '-c', 'ls /run/cpanel-edge/*.stopped']);
        await until('ufw is stopped', 60, async () => (await run(stopped)).out !== '');
        await lab.device('web1').losePowerAndStart();
        strictEqual((await applying).status, 1);
        match(await lab.does('web1', 'ufw status'), /Status: active/);
        strictEqual(await reachable(lab), '443');
        await deploy(lab, IN_PLACE);
        await asConfirmed(lab, 'converged');
        await lab.device('web1').losePowerAndStart();
        await asConfirmed(lab, 'after loss of power');
        match(await lab.does('web1', 'ufw status'), /inactive/);
        await destroys((await plan(lab, IN_PLACE)).stack);
        match(await lab.does('web1', 'ufw status'), /Status: active/);
        strictEqual(await reachable(lab, ADDRESS.web1, 'neighbour'), '22,443,3306');
        await deploy(lab, IN_PLACE);
        await asConfirmed(lab, 'delivered again');
      },
    },
    {
      name: 'firewalld: replaced, back after a lock-out, and not started by the device afterwards',
      run: async (lab) => {
        await lab.does(
          'web1',
          'systemctl enable --now firewalld; firewall-cmd --quiet --permanent --add-port=443/tcp --add-port=3306/tcp; firewall-cmd --reload',
        );
        match((await types(lab, 'verify', 'web1')).out, /replaces\) runs again/);
        await locksOut(lab);
        match(
          await lab.does(
            'web1',
            'systemctl is-active firewalld; systemctl is-enabled firewalld; firewall-cmd --list-ports',
          ),
          /^active\nenabled\n443\/tcp 3306\/tcp/,
        );
        await takesItsPlace(lab, '443');
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
        doesNotMatch(await lab.does('web1', 'nft list tables'), /firewalld/);
      },
    },
    {
      name: 'csf: replaced; a removal starts it, and not ufw and firewalld, which were replaced before',
      run: async (lab) => {
        await deploy(lab, IN_PLACE);
        await installCsf(lab);
        match(await lab.does('web1', 'iptables -S; ls -la /etc/csf; journalctl -u csf | tail -n 20'), /LOCALINPUT/);
        const { stack } = await deploy(lab, { variant: 'in their place, imap closed' });
        await asConfirmed(lab, 'in the place of csf', IMAP_CLOSED);
        doesNotMatch(await lab.does('web1', 'iptables -S'), /LOCALINPUT/);
        await destroys(stack);
        match(await lab.does('web1', 'iptables -S'), /LOCALINPUT/);
        match(
          await lab.does('web1', 'ufw status; systemctl is-active firewalld lfd || :'),
          /Status: inactive\ninactive\nactive/,
        );
      },
    },
  ],
};
