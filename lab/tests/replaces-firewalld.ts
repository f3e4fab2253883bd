// Tests a server release on firewalld that replaces another firewall (netfilter-persistent, ufw, the lab's stand-in of
// csf), and the way back to csf, with lock-outs and power losses in the confirm timeout.
import { doesNotMatch, match, strictEqual } from 'node:assert';
import { must, run, until } from '../command';
import { Lab } from '../lab';
import { Probed } from '../probe/probe-results';
import { probe } from '../probe/prober';
import { theirRules } from '../other-firewall-rules';
import { ADDRESS } from '../topology';
import { asConfirmed } from './assert-confirmed';
import { cpanels } from './cpanel-service';
import { installCsf } from './csf';
import { nothingGotIn } from './assert-nothing-got-in';
import { IMAP_CLOSED, deploy, destroys, expectAsProven, failsToApply, plan, reachable } from './deployment';
import { rules } from './replaced-firewalls';
import { LabSuite } from './test';

const THEIRS = theirRules('22,443,993');

const ON_FIREWALLD = { variant: 'on firewalld, in their place' };
const FIREWALLD_LOCKED_OUT = { variant: 'on firewalld, in their place, locked out' };

/**
 * Runs an action while it probes: no port that only the zones would open may ever answer, and the session must go on.
 */
async function throughout<T>(lab: Lab, does: () => Promise<T>): Promise<T> {
  const prober = await probe(lab, { forbidden: [3306, 26], sessions: [443] });
  let probed: Probed | undefined;
  let done: T;
  try {
    done = await does();
  } finally {
    probed = await prober.stop();
  }
  nothingGotIn(probed);
  return done;
}

/** Not by SSH: csf drops established sessions when it loads, and denies all others until all its rules are loaded. */
const inside = async (lab: Lab, script: string): Promise<string> =>
  must(await lab.device('web1').inside(['sh', '-c', script]));

/** Returns "active enabled", and firewalld's table. */
const firewalldIs = (lab: Lab): Promise<string> =>
  inside(
    lab,
    'echo $(systemctl is-active firewalld) $(systemctl is-enabled firewalld) $(nft list tables | grep -wo firewalld | sort -u)',
  );
const OFF = 'inactive disabled\n';
const ON = 'active enabled firewalld\n';

const csfIs = (lab: Lab): Promise<string> =>
  inside(lab, 'echo $(ls /etc/csf/csf.disable 2>/dev/null || echo on) $(iptables -S | grep -c LOCALINPUT)');

const csfLoads = async (lab: Lab): Promise<void> =>
  until('csf has loaded', 60, async () => /^on [1-9]/.test(await csfIs(lab).catch(() => '')));
const CSF_OFF = '/etc/csf/csf.disable 0\n';

async function losesPowerInTrial(lab: Lab, variant: string, after: () => Promise<boolean>): Promise<void> {
  const { stack } = await plan(lab, { variant });
  const applying = stack.apply();
  await until('it is on trial', 60, after, 50);
  await lab.device('web1').losePowerAndStart();
  strictEqual((await applying).status, 1);
}

const isArmed = async (lab: Lab): Promise<() => Promise<boolean>> => {
  const asks = await lab.device('web1').inside(['sh', '-c', 'ls /etc/cpanel-edge/*/armed-*']);
  return async () => (await run(asks)).out !== '';
};

/** Tests in the order of one server's life. cPanel has a service in firewalld's default zone, which opens 3306. */
export const replacesFirewalld: LabSuite = {
  name: 'a server whose firewall gives way to firewalld',
  disks: true,
  tests: [
    {
      name: "netfilter-persistent's rules: a lock-out and a power loss leave firewalld off and these rules enabled",
      run: async (lab) => {
        await lab.does('web1', 'systemctl start firewalld');
        await cpanels(lab);
        await lab.does('web1', 'systemctl stop firewalld');
        await lab.does('web1', `iptables-restore <<'END'\n${THEIRS}END\nnetfilter-persistent save 2>/dev/null`);
        await lab.does('web1', 'systemctl enable --now netfilter-persistent');
        await lab.device('web1').ownDisk?.sync();
        await deploy(lab, { variant: 'before firewalld' });
        const before = await rules(lab);
        await throughout(lab, async () => {
          const { stack } = await plan(lab, FIREWALLD_LOCKED_OUT);
          await failsToApply(stack);
        });
        strictEqual(await rules(lab), before);
        strictEqual(await firewalldIs(lab), OFF);
        match(await lab.does('web1', 'systemctl is-enabled netfilter-persistent'), /^enabled/);
        await losesPowerInTrial(lab, FIREWALLD_LOCKED_OUT.variant, await isArmed(lab));
        strictEqual(await rules(lab), before);
        strictEqual(await firewalldIs(lab), OFF);
        strictEqual(await reachable(lab), '443,993');
      },
    },
    {
      name: "netfilter-persistent's rules: gone after the confirm and a start, back after a removal, with firewalld off as before",
      run: async (lab) => {
        const before = await rules(lab);
        const taken = await throughout(lab, () => deploy(lab, ON_FIREWALLD));
        await expectAsProven(lab, taken.stack);
        await asConfirmed(lab, 'in their place');
        strictEqual(await firewalldIs(lab), ON);
        strictEqual((await plan(lab, ON_FIREWALLD)).changes, false);
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
        match(await lab.does('web1', 'systemctl is-enabled netfilter-persistent || :'), /disabled/);
        const { stack } = await deploy(lab, ON_FIREWALLD);
        await destroys(stack);
        strictEqual(await rules(lab), before);
        strictEqual(await firewalldIs(lab), OFF);
        match(await lab.does('web1', 'systemctl is-enabled netfilter-persistent'), /^enabled/);
        await lab.device('web1').reboot();
        strictEqual(await rules(lab), before);
        strictEqual(await reachable(lab, ADDRESS.web1, 'neighbour'), '22,443,993');
      },
    },
    {
      name: 'ufw: the same, with a power loss after the confirm and another release after that',
      run: async (lab) => {
        await lab.does(
          'web1',
          'iptables -P INPUT ACCEPT; iptables -P FORWARD ACCEPT; iptables -F; rm /etc/iptables/rules.v4 /etc/iptables/rules.v6; DEBIAN_FRONTEND=noninteractive dpkg --purge iptables-persistent netfilter-persistent && dpkg --install /root/ufw.deb',
        );
        await lab.does('web1', 'ufw allow 22/tcp && ufw allow 443/tcp && ufw allow 993/tcp && ufw --force enable');
        await lab.device('web1').ownDisk?.sync();
        await deploy(lab, { variant: 'before firewalld' });
        const before = await rules(lab);
        await throughout(lab, async () => {
          const { stack } = await plan(lab, FIREWALLD_LOCKED_OUT);
          await failsToApply(stack);
          strictEqual(await rules(lab), before);
          await deploy(lab, ON_FIREWALLD);
        });
        await asConfirmed(lab, 'in its place');
        match(await lab.does('web1', 'ufw status'), /inactive/);
        await lab.device('web1').losePowerAndStart();
        await asConfirmed(lab, 'after loss of power');
        const { stack } = await deploy(lab, { variant: 'on firewalld, in their place, imap closed' });
        await asConfirmed(lab, 'another release', IMAP_CLOSED);
        await destroys(stack);
        strictEqual(await rules(lab), before);
        strictEqual(await firewalldIs(lab), OFF);
        match(await lab.does('web1', 'ufw status; ufw --force disable'), /Status: active/);
      },
    },
    {
      name: 'csf: a lock-out and a power loss bring it back, the next apply replaces it, and a removal starts it',
      run: async (lab) => {
        await installCsf(lab);
        await deploy(lab, { variant: 'before firewalld' });
        const before = await rules(lab);
        match(before, /LOCALINPUT/);
        await throughout(lab, async () => {
          const { stack } = await plan(lab, FIREWALLD_LOCKED_OUT);
          await failsToApply(stack);
          strictEqual(await rules(lab), before);
          strictEqual(await firewalldIs(lab), OFF);
        });
        await losesPowerInTrial(lab, FIREWALLD_LOCKED_OUT.variant, await isArmed(lab));
        await csfLoads(lab);
        strictEqual(await firewalldIs(lab), OFF);
        const taken = await throughout(lab, () => deploy(lab, ON_FIREWALLD));
        await expectAsProven(lab, taken.stack);
        await asConfirmed(lab, 'in its place');
        strictEqual(await csfIs(lab), CSF_OFF);
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
        const { stack } = await deploy(lab, ON_FIREWALLD);
        await destroys(stack);
        strictEqual(await firewalldIs(lab), OFF);
        match(await csfIs(lab), /^on [1-9]/);
        await lab.device('web1').reboot();
        await csfLoads(lab);
        strictEqual(await firewalldIs(lab), OFF);
      },
    },
    {
      name: 'back to csf in one delivery: after a lock-out or a power loss firewalld runs again with our release',
      run: async (lab) => {
        await deploy(lab, ON_FIREWALLD);
        await asConfirmed(lab, 'on firewalld');
        await throughout(lab, async () => {
          const { stack } = await plan(lab, { variant: 'on csf, in its place, locked out' });
          await failsToApply(stack);
        });
        await plan(lab, ON_FIREWALLD);
        await asConfirmed(lab, 'after the lock-out');
        strictEqual(await firewalldIs(lab), ON);
        strictEqual(await csfIs(lab), CSF_OFF);
        const asked = (): Promise<string | undefined> => csfIs(lab).catch(() => undefined);
        await losesPowerInTrial(
          lab,
          'on csf, in its place, locked out',
          async () => (await asked())?.startsWith('/') !== true,
        );
        await until('csf is off again', 60, async () => (await asked()) === CSF_OFF);
        await plan(lab, ON_FIREWALLD);
        await asConfirmed(lab, 'after loss of power');
        const back = await throughout(lab, () => deploy(lab, { variant: 'on csf, in its place' }));
        await expectAsProven(lab, back.stack);
        await asConfirmed(lab, 'on csf');
        strictEqual(await firewalldIs(lab), OFF);
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'csf after a start');
        const { stack } = await deploy(lab, { variant: 'on csf, in its place' });
        await destroys(stack);
        doesNotMatch(await lab.does('web1', 'cat /etc/csf/csf.conf /etc/csf/csf.allow'), /cpanel-edge/);
        match(await csfIs(lab), /^on [1-9]/);
        strictEqual(await firewalldIs(lab), OFF);
      },
    },
  ],
};
