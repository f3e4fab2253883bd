// Tests a server on iptables: change from nftables and back without an outage, reloads and flushes, reboots, rollback,
// rules of other programs, drift, the legacy backend, and removal.
import { deepStrictEqual, doesNotMatch, match, strictEqual } from 'node:assert';
import { Lab } from '../lab';
import { troubles } from '../probe/probe-results';
import { probe } from '../probe/prober';
import { ADDRESS } from '../topology';
import { LAB_PORTS, deploy, destroys, expectAsProven, failsToApply, plan, reachable, serves } from './deployment';
import { types } from './doctor';
import { LabSuite } from './test';

const FIRST = '-A INPUT -j ce-hosting-in';

/**
 * The rules of configure_firewall_for_cpanel on Ubuntu. Source: Cpanel::Services::Firewall and Cpanel::XTables (2022).
 */
const CPANELS = [
  'iptables -N cP-Firewall-1-INPUT; iptables -I INPUT 1 -j cP-Firewall-1-INPUT; iptables -I FORWARD 1 -j cP-Firewall-1-INPUT',
  'for port in 21 22 25 53 80 110 143 443 993 2083 2087 3306; do iptables -A cP-Firewall-1-INPUT -m state --state NEW -m tcp -p tcp --dport $port -j ACCEPT; done',
].join('; ');

/** Returns the first rule for incoming packets in both families, and the nft tables that aren't of iptables. */
async function firstRules(lab: Lab): Promise<readonly string[]> {
  const said = await lab.does(
    'web1',
    "for p in ip6tables iptables; do $p-save -t mangle | grep -m 1 '^-A INPUT'; done; nft list tables | grep -v ' ip6\\? ' || :",
  );
  return said.split('\n').filter(Boolean);
}

/**
 * Tests in the order of one server's life: from nftables to iptables and back, on a host that keeps its own rules by
 * netfilter-persistent.
 */
export const iptables: LabSuite = {
  name: 'a server on iptables',
  tests: [
    {
      name: 'one delivery moves it from nftables without an outage',
      run: async (lab) => {
        await lab.does(
          'web1',
          'iptables -A INPUT -s 192.0.2.66 -j DROP; ip6tables -A INPUT -s 2001:db8:66::/48 -j DROP; netfilter-persistent save',
        );
        await deploy(lab, { variant: 'server as before' });
        const probing = await probe(lab, { sessions: [443] });
        const { stack } = await deploy(lab, { variant: 'on iptables' });
        const probed = await probing.stop();
        deepStrictEqual(troubles(probed), []);
        const [session] = probed.sessions;
        strictEqual(session?.ended, '');
        deepStrictEqual(await firstRules(lab), [FIRST, FIRST]);
        await expectAsProven(lab, stack);
        strictEqual((await plan(lab, { variant: 'on iptables' })).changes, false);
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
          'systemctl stop netfilter-persistent',
          'systemctl start netfilter-persistent',
        ]) {
          await lab.does('web1', does);
          await serves(lab, does);
        }
        deepStrictEqual(troubles(await probing.stop()), []);
        await lab.does('web1', 'netfilter-persistent flush');
        await serves(lab, 'flushed');
        await lab.does('web1', 'netfilter-persistent reload');
        deepStrictEqual(await firstRules(lab), [FIRST, FIRST]);
        match(await lab.does('web1', 'iptables-save'), /-s 192\.0\.2\.66\/32 -j DROP/);
        strictEqual((await types(lab, 'verify', 'web1', '--quiet')).status, 0);
      },
    },
    {
      name: 'the rules are back after reboots and a power loss, also if a file of the host has an older release or none',
      run: async (lab) => {
        await lab.does('web1', 'cp /etc/iptables/rules.v4 /etc/iptables/rules.v6 /root');
        await deploy(lab, { variant: 'on iptables, imap closed' });
        const closed = LAB_PORTS.replace('993,', '');
        await lab.device('web1').reboot();
        await serves(lab, 'rebooted', closed);
        await lab.does('web1', 'cp /root/rules.v4 /root/rules.v6 /etc/iptables');
        await lab.device('web1').cut();
        await lab.device('web1').start();
        await lab.device('web1').ready();
        await serves(lab, 'after loss of power, with an older release in the files', closed);
        await lab.does('web1', 'rm /etc/iptables/rules.*; systemctl disable netfilter-persistent');
        await lab.device('web1').reboot();
        await serves(lab, 'rebooted without the files', closed);
        await lab.does(
          'web1',
          'systemctl enable netfilter-persistent; cp /root/rules.v4 /root/rules.v6 /etc/iptables; netfilter-persistent reload',
        );
        await deploy(lab, { variant: 'on iptables' });
        await serves(lab, 'open again');
      },
    },
    {
      name: 'a release that locks the operator out rolls back by itself, and the next apply converges',
      run: async (lab) => {
        const { stack } = await plan(lab, { variant: 'on iptables, locked out' });
        await failsToApply(stack);
        strictEqual((await lab.ssh('web1', 'true')).status, 0);
        await serves(lab, 'after the rollback');
        await deploy(lab, { variant: 'on iptables' });
        strictEqual((await plan(lab, { variant: 'on iptables' })).changes, false);
      },
    },
    {
      name: "other programs' closed ports stay closed, and their accept rules at the top open nothing, as with each run of cPanel's script",
      run: async (lab) => {
        await lab.does(
          'web1',
          `iptables -N f2b-postfix; iptables -A f2b-postfix -s ${ADDRESS.peer} -j REJECT; iptables -A INPUT -j f2b-postfix`,
        );
        strictEqual(await reachable(lab, ADDRESS.publicWeb1, 'peer'), 'none');
        const doctor = await types(lab, 'doctor', ADDRESS.publicWeb1, '--from', ADDRESS.peer);
        strictEqual(doctor.status, 1, doctor.out);
        match(doctor.out, /Most likely: rule 1 of chain f2b-postfix of table ip filter \(fail2ban\) on web1 refuses/);
        await lab.does('web1', 'iptables -F f2b-postfix');
        await lab.does('web1', CPANELS);
        const { stack } = await deploy(lab, { variant: 'on iptables' });
        await expectAsProven(lab, stack);
        strictEqual((await types(lab, 'verify', 'web1', '--quiet')).status, 0);
      },
    },
    {
      name: 'an accept rule before ours is drift with its place, and the next delivery puts our rules first again',
      run: async (lab) => {
        await lab.does('web1', 'iptables -t mangle -I INPUT 1 -p tcp --dport 3306 -j ACCEPT');
        const opened = await types(lab, 'verify', 'web1');
        strictEqual(opened.status, 1, opened.out);
        match(opened.out, /also open now: tcp 3306 on /);
        await deploy(lab, { variant: 'on iptables, imap closed' });
        strictEqual((await types(lab, 'verify', 'web1')).status, 0);
        await serves(lab, 'first again', LAB_PORTS.replace('993,', ''));
        await lab.does('web1', 'iptables -t mangle -D INPUT -p tcp --dport 3306 -j ACCEPT');
        await deploy(lab, { variant: 'on iptables' });
      },
    },
    {
      name: 'beside nft tables a delivery is refused by name and changes nothing',
      run: async (lab) => {
        await lab.does('web1', 'nft add table inet other');
        const { stack } = await plan(lab, { variant: 'on iptables, imap closed' });
        const table = await stack.apply();
        await lab.does('web1', 'nft delete table inet other');
        strictEqual(table.status, 1, table.out);
        match(table.out + table.err, /rules of nft that iptables does not show \(table inet other\)/);
        strictEqual(await lab.does('web1', "iptables -t mangle -S ce-hosting-in | grep -c '[,:]993,'"), '1\n');
        await deploy(lab, { variant: 'on iptables' });
      },
    },
    {
      name: "after the move back to nftables only the host's own iptables rules are left, in its files, too",
      run: async (lab) => {
        const probing = await probe(lab, {});
        const { stack } = await deploy(lab, { variant: 'server as before' });
        deepStrictEqual(troubles(await probing.stop()), []);
        await expectAsProven(lab, stack);
        doesNotMatch(await lab.does('web1', 'iptables-save; ip6tables-save; cat /etc/iptables/*'), /ce-hosting/);
        await lab.device('web1').reboot();
        await serves(lab, 'rebooted');
        doesNotMatch(await lab.does('web1', 'iptables-save; ip6tables-save'), /ce-hosting/);
      },
    },
    {
      name: 'works with the legacy back end, too; a removal leaves the host as it was, also after a reboot',
      run: async (lab) => {
        await lab.does(
          'web1',
          'iptables -F; ip6tables -F; for p in iptables ip6tables; do update-alternatives --set $p /usr/sbin/$p-legacy; done; netfilter-persistent reload',
        );
        const { stack } = await deploy(lab, { variant: 'on iptables' });
        await expectAsProven(lab, stack);
        await lab.device('web1').reboot();
        await serves(lab, 'rebooted');
        await destroys(stack);
        for (const when of ['retracted', 'rebooted']) {
          if (when === 'rebooted') await lab.device('web1').reboot();
          doesNotMatch(
            await lab.does('web1', 'iptables-save; ip6tables-save; cat /etc/iptables/*'),
            /ce-hosting/,
            when,
          );
          match(await reachable(lab, ADDRESS.web1), /^20-22,.*\b3306\b/, when);
        }
        match(await lab.does('web1', 'iptables-save'), /-s 192\.0\.2\.66\/32 -j DROP/);
      },
    },
  ],
};
