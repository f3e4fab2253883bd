// Tests that a server can move from nftables to firewalld and back, that reloads, restarts and a loss of power let
// nothing forbidden in, and that a removal leaves firewalld's files as they were.
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from 'node:assert';
import { run, until } from '../command';
import { Lab } from '../lab';
import { Probed } from '../probe/probe-results';
import { Prober, probe } from '../probe/prober';
import { ADDRESS } from '../topology';
import { cpanels } from './cpanel-service';
import { asConfirmed } from './assert-confirmed';
import {
  IMAP_CLOSED,
  LAB_PORTS,
  deploy,
  destroys,
  expectAsProven,
  failsToApply,
  plan,
  reachable,
  serves,
} from './deployment';
import { types } from './doctor';
import { LOADING_TIME } from '../faults/platform';
import { nothingGotIn } from './assert-nothing-got-in';
import { LabSuite } from './test';

/** Port 20 isn't open in any release. */
const EVERYTHING = /^20-22,.*\b3306\b/;

/** Returns shell that waits for a condition. */
const once = (condition: string): string => `timeout 10 sh -c 'until ${condition}; do :; done'`;

const probing = (lab: Lab): Promise<Prober> => probe(lab, { forbidden: [3306, 21], sessions: [443] });

const closedAtMostBriefly = (probed: Probed): void => nothingGotIn(probed, LOADING_TIME);

/**
 * Returns the digests of firewalld's files on the server, without its backups, and without files named `but`, such as
 * ours.
 */
const written = (lab: Lab, but = '*.old'): Promise<string> =>
  lab.does(
    'web1',
    `cd /etc/firewalld; find . -type f ! -name '*.old' ! -name '${but}' -exec sha256sum {} + | sort -k 2`,
  );

/**
 * Tests in the order of one server's life: from nftables to firewalld and back, on a host with cPanel's service in the
 * zone.
 */
export const firewalld: LabSuite = {
  name: 'a server on firewalld',
  disks: true,
  tests: [
    {
      name: 'as firewalld and cPanel are installed, databases are open',
      tier: 'quick',
      run: async (lab) => {
        await lab.does('web1', 'systemctl enable --now firewalld');
        await cpanels(lab);
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), EVERYTHING);
      },
    },
    {
      name: "one delivery moves it from nftables; the zone's ports are closed, and no forbidden connection ever succeeds",
      tier: 'quick',
      run: async (lab) => {
        await deploy(lab, { variant: 'before firewalld' });
        await serves(lab, 'a table of nft beside firewalld');
        const prober = await probing(lab);
        const { stack } = await deploy(lab, { variant: 'on firewalld' });
        closedAtMostBriefly(await prober.stop());
        doesNotMatch(await lab.does('web1', 'nft list tables'), /cpanel_edge/);
        await expectAsProven(lab, stack);
        strictEqual((await plan(lab, { variant: 'on firewalld' })).changes, false);
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
      name: 'outages by reloads and a restart of firewalld are as short as permitted, and the confirmed release runs afterwards and after a start',
      run: async (lab) => {
        const prober = await probing(lab);
        for (const does of [
          'firewall-cmd --reload',
          // It answers again once the reload is done.
          'systemctl reload firewalld; firewall-cmd --state',
          'firewall-cmd --complete-reload',
          'systemctl restart firewalld',
          // The second restart meets the first one's start.
          'systemctl restart firewalld & sleep 0.8; systemctl restart firewalld; wait',
          // One meets a reload, in which no rules are loaded; the other one meets that as it starts.
          [
            `firewall-cmd --reload & ${once('nft list table inet firewalld_policy_drop >/dev/null 2>&1')}`,
            `systemctl restart firewalld & ${once('[ "$(systemctl show -P SubState firewalld)" = start-post ]')}`,
            'systemctl restart firewalld; wait',
          ].join('; '),
        ]) {
          // As if they were minutes apart: systemd refuses the sixth start in ten seconds.
          await lab.does('web1', `systemctl reset-failed firewalld; ${does}`);
          await asConfirmed(lab, does);
        }
        closedAtMostBriefly(await prober.stop());
        // It removes all rules that it had loaded: the host is open, and verify reports it.
        await lab.does('web1', 'systemctl stop firewalld');
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), EVERYTHING);
        strictEqual((await types(lab, 'verify', 'web1', '--quiet')).status, 1);
        await lab.does('web1', 'systemctl start firewalld');
        await asConfirmed(lab, 'started');
      },
    },
    {
      name: 'a reboot and a power loss keep the confirmed release and drop an armed one',
      run: async (lab) => {
        // Also while it stops.
        const prober = await probing(lab);
        await lab.device('web1').reboot();
        await asConfirmed(lab, 'rebooted');
        const { tests } = await prober.stop();
        deepStrictEqual(
          tests.filter(({ expect, successes }) => expect === 'silence' && successes.length > 0),
          [],
        );
        const losePower = async (): Promise<void> => {
          await lab.device('web1').losePowerAndStart();
        };
        await losePower();
        await asConfirmed(lab, 'after loss of power');
        const { stack } = await plan(lab, { variant: 'on firewalld, locked out' });
        const applying = stack.apply();
        const armed = await lab.device('web1').inside(['sh', '-c', 'ls /etc/cpanel-edge/*/armed-*']);
        await until('it is on trial', 60, async () => (await run(armed)).out !== '');
        await losePower();
        strictEqual((await applying).status, 1);
        await plan(lab, { variant: 'on firewalld' });
        await asConfirmed(lab, 'after loss of power in a trial');
      },
    },
    {
      name: 'a release that locks the operator out rolls back by itself, and the next apply converges',
      run: async (lab) => {
        const { stack } = await plan(lab, { variant: 'on firewalld, locked out' });
        await failsToApply(stack);
        strictEqual((await lab.ssh('web1', 'true')).status, 0);
        await serves(lab, 'after the rollback');
        await deploy(lab, { variant: 'on firewalld' });
        await asConfirmed(lab, 'converged');
        strictEqual((await plan(lab, { variant: 'on firewalld' })).changes, false);
      },
    },
    {
      name: 'a delivery refuses runtime rules of firewalld that it would lose; permanent ones stay',
      run: async (lab) => {
        await lab.does('web1', `firewall-cmd --add-rich-rule='rule family=ipv4 source address=${ADDRESS.peer} reject'`);
        const { stack } = await plan(lab, { variant: 'on firewalld, imap closed' });
        const refused = await failsToApply(stack);
        match(refused.out + refused.err, /What firewalld runs differs from its files/);
        // The gateway's own delivery closes the port there.
        strictEqual(await reachable(lab, ADDRESS.web1, 'neighbour'), LAB_PORTS);
        await lab.does('web1', 'firewall-cmd --runtime-to-permanent');
        await deploy(lab, { variant: 'on firewalld, imap closed' });
        await asConfirmed(lab, 'written down', IMAP_CLOSED);
        match(await lab.does('web1', 'firewall-cmd --list-rich-rules'), /reject/);
        await lab.does(
          'web1',
          `firewall-cmd --permanent --remove-rich-rule='rule family=ipv4 source address=${ADDRESS.peer} reject'; firewall-cmd --reload`,
        );
        await deploy(lab, { variant: 'on firewalld' });
      },
    },
    {
      name: "a reload with a person's broken file leaves no rules; the confirmed release comes back, and forbidden connections stay denied",
      run: async (lab) => {
        const theirs = '/etc/firewalld/ipsets/theirs.xml';
        const bring = 'cpanel-edge-device rules';
        await lab.does(
          'web1',
          `mkdir -p /etc/firewalld/ipsets; echo '<ipset type="hash:net"><entry>192.0.2.0/24</entry><entry>192.0.2.7</entry></ipset>' >${theirs}; firewall-cmd --reload || :`,
        );
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), EVERYTHING);
        await lab.does('web1', bring);
        await serves(lab, 'what was confirmed, beside a file that is none');
        const prober = await probing(lab);
        await lab.does('web1', `${bring}; ${bring}`);
        closedAtMostBriefly(await prober.stop());
        strictEqual((await lab.does('web1', 'firewall-cmd --state 2>&1 || :')).trim(), 'failed');
        await lab.does('web1', `rm ${theirs}; systemctl restart firewalld`);
        await asConfirmed(lab, 'mended');
      },
    },
    {
      name: "cPanel's program opens nothing; a policy evaluated before ours is drift with its place, and a delivery behind it is refused",
      run: async (lab) => {
        await cpanels(lab);
        await asConfirmed(lab, 'cPanel’s program ran');
        await lab.does(
          'web1',
          [
            'firewall-cmd --permanent --new-policy=first',
            'firewall-cmd --permanent --policy=first --set-priority=-32768',
            'firewall-cmd --permanent --policy=first --add-ingress-zone=ANY',
            'firewall-cmd --permanent --policy=first --add-egress-zone=HOST',
            'firewall-cmd --permanent --policy=first --add-port=3306/tcp',
            'firewall-cmd --reload',
          ].join(' && '),
        );
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /\b3306\b/);
        const drift = await types(lab, 'verify', 'web1');
        strictEqual(drift.status, 1, drift.out);
        match(drift.out, /also open now: tcp 3306 on /);
        const { stack } = await plan(lab, { variant: 'on firewalld, imap closed' });
        const applied = await failsToApply(stack);
        match(applied.out + applied.err, /\b3306\b[^]* was not delivered/);
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), /\b993\b/);
        await lab.does('web1', 'firewall-cmd --permanent --delete-policy=first && firewall-cmd --reload');
        await deploy(lab, { variant: 'on firewalld' });
        await asConfirmed(lab, 'it is gone');
      },
    },
    {
      name: 'a move back to nftables and a removal leave firewalld as it was before',
      run: async (lab) => {
        const before = await written(lab, 'cf-*');
        const prober = await probing(lab);
        const { stack } = await deploy(lab, { variant: 'before firewalld' });
        closedAtMostBriefly(await prober.stop());
        // Beside an nft table the zone is evaluated, too, and cPanel's service has no QUIC.
        const verified = await types(lab, 'verify', 'web1');
        strictEqual(verified.status, 3, verified.out);
        match(verified.out, /narrowed: .* udp 443 /);
        await serves(lab, 'a table of nft again');
        strictEqual(await written(lab), before);
        await deploy(lab, { variant: 'on firewalld' });
        await destroys(stack);
        strictEqual(await written(lab), before);
        strictEqual(
          await lab.does(
            'web1',
            'firewall-cmd --check-config; firewall-cmd --state; ls /etc/systemd/system/firewalld.service.d 2>/dev/null || :',
          ),
          'success\nrunning\n',
        );
        await lab.device('web1').reboot();
        match(await reachable(lab, ADDRESS.web1, 'neighbour'), EVERYTHING);
        strictEqual(await lab.does('web1', 'firewall-cmd --state'), 'running\n');
        ok(!(await lab.does('web1', 'nft list ruleset')).includes('cf-hosting'));
      },
    },
  ],
};
