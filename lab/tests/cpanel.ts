// Tests a server beside stand-ins of cPanel's own firewall script, Host Access Control and cPHulk bans (lab/cpanel):
// the release stays in effect, and `verify`, `doctor` and `exposure` name the rules of cPanel.
import { deepStrictEqual, doesNotMatch, match, strictEqual } from 'node:assert';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from '../lab';
import { ADDRESS } from '../topology';
import { cpnatTests } from './cpnat';
import { LAB_PORTS, deploy, destroys, expectAsProven, reachable, serves } from './deployment';
import { MAIN, types } from './doctor';
import { LabSuite } from './test';

const DUMP = '/etc/sysconfig/nftables.conf';

/** The unit, as on Enterprise Linux. */
const UNIT = `[Unit]
Description=Netfilter Tables
Wants=network-pre.target
Before=network-pre.target

[Service]
Type=oneshot
ProtectSystem=full
ProtectHome=true
ExecStart=/sbin/nft -f ${DUMP}
ExecReload=/sbin/nft 'flush ruleset; include "${DUMP}";'
ExecStop=/sbin/nft flush ruleset
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
`;

/** Types a command on web1 as cPanel & WHM does. */
const cpanels = (lab: Lab, words: string): Promise<string> =>
  lab.does('web1', `/usr/local/cpanel/firewall.sh ${words}`);

const tables = async (lab: Lab): Promise<readonly string[]> =>
  (await lab.does('web1', 'nft list tables')).split('\n').filter(Boolean).sort();

/** 20 isn't on cPanel's list of ports. */
const EVERYTHING = /^20-22,.*\b3306\b/;

const OURS = 'table inet cpanel_edge_hosting_host';
const THEIRS = 'table inet filter';

/** Tests in the order of one server's life. */
export const cpanel: LabSuite = {
  name: 'what cPanel itself does to a firewall',
  tests: [
    {
      name: 'a fresh installation is open: packets and exposure agree',
      run: async (lab) => {
        const { root } = lab.device('web1');
        mkdirSync(join(root, 'usr/local/cpanel'), { recursive: true });
        mkdirSync(join(root, 'etc/sysconfig'), { recursive: true });
        cpSync(join(__dirname, '../cpanel/firewall.sh'), join(root, 'usr/local/cpanel/firewall.sh'));
        writeFileSync(join(root, 'etc/systemd/system/nftables.service'), UNIT);
        await lab.does('web1', `systemctl daemon-reload; : >${DUMP}`);
        await cpanels(lab, 'configure');
        const input = await lab.does('web1', 'nft list ruleset; ip -o addr; ip -o route; sysctl net.ipv4.ip_forward');
        const { status, out } = await lab.exec('operator', [process.execPath, MAIN, 'exposure', '--all', '-'], {
          input,
        });
        strictEqual(status, 0, out);
        match(out, /^Open to the internet: all protocols \(policy accept, /);
        match(out, /error ports\/everything-open/);
        match(out, /rules of configure_firewall_for_cpanel, which changes them/);
        match(await reachable(lab, ADDRESS.web1), EVERYTHING);
      },
    },
    {
      name: "beside cPanel's rules packets agree with the proof, also after another run of its program, a restart of its service and of the server",
      run: async (lab) => {
        const { stack } = await deploy(lab, { variant: 'server as before' });
        await expectAsProven(lab, stack);
        await cpanels(lab, 'configure');
        await serves(lab, 'its program ran again');
        match(await lab.does('web1', `cat ${DUMP}`), new RegExp(`${OURS} \\{`));
        await lab.does('web1', 'systemctl restart nftables');
        deepStrictEqual(await tables(lab), [OURS, THEIRS]);
        await serves(lab, 'its service was restarted');
        await lab.device('web1').reboot();
        deepStrictEqual(await tables(lab), [OURS, THEIRS]);
        await serves(lab, 'the server was restarted');
        const { status, out } = await types(lab, 'verify', 'web1', '--quiet');
        deepStrictEqual([status, out], [0, '']);
      },
    },
    ...cpnatTests,
    {
      name: "without rules to dump cPanel's program restarts the service, and our rules stay",
      run: async (lab) => {
        await lab.does('web1', `: >${DUMP}`);
        await cpanels(lab, 'configure skip');
        await serves(lab, 'its program ran');
        deepStrictEqual(await tables(lab), [OURS, THEIRS]);
        await cpanels(lab, 'configure');
      },
    },
    {
      name: "a release that cPanel's program dumped doesn't replace a later one",
      run: async (lab) => {
        await deploy(lab, { variant: 'imap closed' });
        const older = await lab.does('web1', `grep -c 993 ${DUMP}`);
        strictEqual(Number(older) > 0, true);
        const closed = LAB_PORTS.replace('993,', '');
        for (const does of ['systemctl restart nftables', 'systemctl reload nftables']) {
          await lab.does('web1', does);
          await serves(lab, does, closed);
        }
        await lab.device('web1').reboot();
        await serves(lab, 'the server was restarted', closed);
        await deploy(lab, { variant: 'server as before' });
      },
    },
    {
      name: 'Host Access Control opens nothing beyond our rules; ports that it closes are reported with its name and the place to change it',
      run: async (lab) => {
        await cpanels(lab, 'host-access ALL tcp 3306 accept');
        await serves(lab, 'it accepts 3306');
        await cpanels(lab, `host-access ${ADDRESS.peer} tcp 443 drop`);
        // cPanel's list of ports is evaluated after ours.
        const doctor = await types(lab, 'doctor', ADDRESS.publicWeb1, '--from', ADDRESS.peer);
        strictEqual(doctor.status, 1, doctor.out);
        match(
          doctor.out,
          /Most likely: line \d+ of table inet filter \(Host Access Control\) on web1 refuses [^]*change it in WHM, /,
        );
        const verified = await types(lab, 'verify', 'web1');
        strictEqual(verified.status, 0, verified.out);
        match(
          verified.out,
          /no drift: closed there: tcp 443 .* by line \d+ of table inet filter \(Host Access Control\)/,
        );
        strictEqual((await reachable(lab, ADDRESS.publicWeb1, 'peer')).split(',').includes('443'), false);
      },
    },
    {
      name: "a ban of cPHulk has effect only if its chain comes before cPanel's list of ports: verify, doctor and packets agree",
      run: async (lab) => {
        const ban = async (): Promise<string> => {
          await cpanels(lab, `ban ${ADDRESS.peer} 3600`);
          return reachable(lab, ADDRESS.publicWeb1, 'peer');
        };
        // Of our open ports, only ping and udp 443 aren't on cPanel's list, which is evaluated first; Host Access
        // Control closes tcp 443.
        strictEqual(await ban(), LAB_PORTS.replace('443,', ''));
        const listed = await types(lab, 'verify', 'web1');
        strictEqual(listed.status, 0, listed.out);
        doesNotMatch(listed.out, /closed there: tcp .*cPHulk/);
        match(listed.out, /no drift: perhaps closed there: udp 443 .*\(cPHulk\): an element may expire/);
        // It empties the whole table, so the jump to the bans is gone.
        await cpanels(lab, 'configure skip');
        strictEqual(await ban(), LAB_PORTS);
        await lab.does('web1', 'nft flush chain inet filter cphulk; nft delete chain inet filter cphulk');
        strictEqual(await ban(), 'none');
        const doctor = await types(lab, 'doctor', `${ADDRESS.publicWeb1}:25`, '--from', ADDRESS.peer);
        strictEqual(doctor.status === 0, false, doctor.out);
        match(doctor.out, /the client's address stands in line \d+ of table inet filter \(cPHulk\)/);
        const banned = await types(lab, 'verify', 'web1');
        strictEqual(banned.status, 0, banned.out);
        match(banned.out, /no drift: perhaps closed there: .*table inet filter \(cPHulk\): an element may expire/);
      },
    },
    {
      name: 'a removal leaves the server as cPanel has it, also after restarts',
      run: async (lab) => {
        await cpanels(lab, 'configure');
        const { stack } = await deploy(lab, { variant: 'server as before' });
        match(await lab.does('web1', `cat ${DUMP}`), new RegExp(`${OURS} \\{`));
        await destroys(stack);
        doesNotMatch(await lab.does('web1', `cat ${DUMP}`), /cpanel_edge/);
        for (const restart of ['its service', 'the server'] as const) {
          if (restart === 'the server') await lab.device('web1').reboot();
          else await lab.does('web1', 'systemctl restart nftables');
          deepStrictEqual([restart, ...(await tables(lab))], [restart, THEIRS]);
          match(await reachable(lab, ADDRESS.web1), EVERYTHING, restart);
        }
      },
    },
  ],
};
