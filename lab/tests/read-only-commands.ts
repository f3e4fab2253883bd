// Tests commands that only read: `verify` reports drift, rules of others and Terraform's state, and a login of
// `bootstrap --reader` can run `verify` and `doctor` and nothing else.
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Outcome } from '../command';
import { Lab } from '../lab';
import { REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';
import { deploy, plan } from './deployment';
import { types } from './doctor';
import { isShownOn } from './assert-page-shows';
import { LabSuite } from './test';
import { AGENT_PATH } from '../../driver/agent-program';

/** Account that may log in with the operator's key and only read. */
const READER = 'monitor';

/** Types a command on a device as the reader. */
const asReader = (lab: Lab, device: string, command: string): Promise<Outcome> => {
  const argv = lab.sshArguments(device, 'root', [command]).map((word) => word.replace(/^root@/, `${READER}@`));
  return lab.exec('operator', argv);
};

const TOKEN = '0123456789abcdef';

export const reading: LabSuite = {
  name: 'reading',
  tests: [
    {
      name: 'verify prints a line for every device, and nothing with --quiet',
      run: async (lab) => {
        await deploy(lab);
        const all = await types(lab, 'verify');
        deepStrictEqual(
          [all.status, all.out],
          [0, 'edge1 as delivered: gateway hosting\nweb1 as delivered: server hosting\n'],
          all.err,
        );
        const quiet = await types(lab, 'verify', '--quiet');
        deepStrictEqual([quiet.status, quiet.out, quiet.err], [0, '', '']);
      },
    },
    {
      name: 'a port opened by hand on both devices is reported as a port, then with its line',
      run: async (lab) => {
        await lab.does('edge1', 'nft add element inet cpanel_edge_hosting_gw s_ports { 3306 }');
        isShownOn('how-to/verify.md', (await types(lab, 'verify')).out);
        await lab.does('web1', 'nft add element inet cpanel_edge_hosting_host s_ports { 3306 }');
        const { status, out } = await types(lab, 'verify', '--quiet');
        for (const device of ['edge1', 'web1']) await lab.does(device, 'cpanel-edge-device rules');
        strictEqual(status, 1, out);
        match(
          out,
          /differs: also open now: tcp 3306 on 203\.0\.113\.10 from anywhere but 203\.0\.113\.99 \(the internet by wan0; .*\), reaching 10\.0\.0\.10, by line \d+ of table inet cpanel_edge_hosting_gw/,
        );
        match(
          out,
          /differs: also open now: tcp 3306 on 10\.0\.0\.10, .* by line \d+ of table inet cpanel_edge_hosting_host/,
        );
        ok(out.indexOf('also open now') < out.indexOf('a line that is not ours is in our table'), out);
        strictEqual((await types(lab, 'verify')).status, 0);
      },
    },
    {
      name: "another program's open port is drift, its bans aren't, and what it closes to all is narrowed",
      run: async (lab) => {
        const chain =
          'type nat hook prerouting priority -150; policy accept;\nip daddr 203.0.113.10 tcp dport 3306 dnat to 10.0.0.10:25';
        await lab.does('edge1', 'nft -f -', { input: `table ip foreign {\nchain one {\n${chain}\n}\n}\n` });
        const opened = await types(lab, 'verify', 'edge1');
        await lab.does('edge1', 'nft delete table ip foreign');
        strictEqual(opened.status, 1);
        match(
          opened.out,
          /also open now: tcp 3306 on 203\.0\.113\.10 .*, reaching 10\.0\.0\.10, by line 4 of table ip foreign/,
        );
        const ban = `set banned {\ntype ipv4_addr\nflags timeout\nelements = { ${ADDRESS.peer} timeout 1h }\n}\n`;
        const rules = `type filter hook input priority -1; policy accept;\nip saddr @banned drop\ntcp dport 25 ip saddr ${ADDRESS.office} drop`;
        await lab.does('web1', 'nft -f -', { input: `table inet f2b {\n${ban}chain one {\n${rules}\n}\n}\n` });
        const banned = await types(lab, 'verify', 'web1');
        await lab.does('web1', 'nft add rule inet f2b one tcp dport 25 drop');
        const closed = await types(lab, 'verify', 'web1');
        await lab.does('web1', 'nft delete table inet f2b');
        deepStrictEqual([banned.status, closed.status], [0, 3], banned.out + closed.out);
        match(banned.out, /no drift: closed there: tcp 25 on .* by line 11 of table inet f2b/);
        match(
          closed.out,
          /^ {2}narrowed: from the internet by eth0: 10\.0\.0\.10, 10\.9\.0\.10 tcp 25 from anywhere .*; 2001:\S+, fe80::\/10 tcp 25 .* would not pass; line \d+ drops it/m,
        );
        match(
          closed.out,
          /^ {2}narrowed: from the internet by mgmt0: 10\.0\.0\.10, 10\.9\.0\.10 tcp 25 from anywhere but [0-9.]+ was asked for, and would not pass; line \d+ drops it/m,
        );
        match(
          banned.out,
          /no drift: perhaps closed there: tcp .* from 198\.51\.100\.7 .*line 10 of table inet f2b: an element may expire/,
        );
      },
    },
    {
      name: 'a firewall that starts later and closes all but SSH has an exit status of its own, also with --quiet, and an apply reports it',
      run: async (lab) => {
        const chain =
          'type filter hook input priority 10; policy drop;\niif lo accept\nct state established,related accept\ntcp dport 22 accept';
        await lab.does('web1', 'nft -f -', { input: `table inet later {\nchain in {\n${chain}\n}\n}\n` });
        const { status, out } = await types(lab, 'verify', '--quiet');
        const { stack } = await plan(lab);
        const applied = await stack.run([
          'apply',
          '-no-color',
          '-auto-approve',
          '-replace=terraform_data.web1_hosting',
        ]);
        await lab.does('web1', 'nft delete table inet later');
        strictEqual(status, 3, out);
        match(
          out,
          /^ {2}narrowed: from .* by eth0.*: .* would not pass; chain in of table inet later has policy drop/m,
        );
        doesNotMatch(out, /edge1/);
        match(
          applied.out,
          /web1 already runs release [^]*Others' rules close to most what it opens, as said above: [^]*Next, in [^]*another firewall's/,
        );
        strictEqual((await types(lab, 'verify', '--quiet')).status, 0);
      },
    },
    {
      name: 'disabled or missing units are a difference, and the next delivery repairs and names them',
      run: async (lab) => {
        await lab.does(
          'web1',
          'systemctl --quiet disable cpanel-edge.service && rm /etc/systemd/system/nftables.service.d/cpanel-edge.conf',
        );
        const broken = await types(lab, 'verify', '--quiet');
        strictEqual(broken.status, 1);
        match(
          broken.out,
          /differs: .*cpanel-edge\.conf is gone: [^]*differs: cpanel-edge\.service .* is disabled: [^]*a restart brings: perhaps nothing of it/,
        );
        const { stack } = await plan(lab);
        const applied = await stack.run([
          'apply',
          '-no-color',
          '-auto-approve',
          '-replace=terraform_data.web1_hosting',
        ]);
        match(
          applied.out,
          /this release, now and after every restart\. Mended: .*cpanel-edge\.conf is gone: .*is disabled: /,
        );
        strictEqual((await types(lab, 'verify', '--quiet')).status, 0);
      },
    },
    {
      name: "Terraform's state is compared, too",
      run: async (lab) => {
        const { stack } = await plan(lab);
        const state = join(lab.folder, 'state.json');
        writeFileSync(state, (await stack.run(['show', '-json'])).out);
        strictEqual((await types(lab, 'verify', '--state', state)).status, 0);
        await stack.run(['taint', 'terraform_data.web1_hosting']);
        await stack.run(['state', 'rm', 'terraform_data.edge1_hosting_holder']);
        writeFileSync(state, (await stack.run(['show', '-json'])).out);
        const { status, out } = await types(lab, 'verify', '--state', state);
        await stack.run(['untaint', 'terraform_data.web1_hosting']);
        strictEqual(status, 1);
        match(
          out,
          /differs: Terraform's state has release [0-9a-f]{12} tainted, its apply failed; the device runs [0-9a-f]{12}/,
        );
        match(out, /differs: Terraform's state holds the owner token none; the device has [0-9a-f-]{36}/);
      },
    },
    {
      name: 'a reading account is enough for verify and doctor',
      run: async (lab) => {
        const script = (
          await lab.exec('operator', [
            process.execPath,
            join(REPOSITORY, 'dist/cli/main.js'),
            'bootstrap',
            '--reader',
            READER,
          ])
        ).out;
        const key = readFileSync(`${lab.operatorKey}.pub`, 'utf8');
        for (const device of ['edge1', 'web1']) {
          await lab.does(device, `useradd --create-home --shell /bin/sh ${READER}`);
          const home = `/home/${READER}/.ssh`;
          await lab.does(
            device,
            `install -d -m 700 -o ${READER} ${home} && cat >${home}/authorized_keys && chown ${READER} ${home}/authorized_keys`,
            {
              input: key,
            },
          );
        }
        const before = await types(lab, 'verify', '--user', READER);
        strictEqual(before.status, 2);
        match(before.err, /driver\/sudo-refused/);
        for (const device of ['edge1', 'web1']) await lab.does(device, 'sh -s', { input: script });
        const verified = await types(lab, 'verify', '--user', READER);
        deepStrictEqual([verified.status, verified.err], [0, ''], verified.out);
        const asked = await types(lab, 'doctor', ADDRESS.publicWeb1, '--user', READER);
        strictEqual(asked.status, 0, `${asked.out}${asked.err}`);
      },
    },
    {
      name: 'a reading account may read and nothing else',
      run: async (lab) => {
        const held = async (): Promise<string> =>
          lab.does('edge1', 'nft -s list ruleset; ls -lR /etc/cpanel-edge; ip -o addr show wan0');
        const before = await held();
        for (const word of ['protocol', 'status', 'read', 'facts', 'look']) {
          const { status, out, err } = await asReader(lab, 'edge1', `sudo -n ${AGENT_PATH} ${word}`);
          strictEqual(status, 0, `${word}: ${err}`);
          match(out, /\ncpanel-edge: ok |^cpanel-edge: ok /, word);
        }
        const changing = [
          `upload gateway hosting a ${'0'.repeat(64)} ${TOKEN}`,
          `check gateway hosting ${TOKEN}`,
          `arm gateway hosting ${TOKEN} 60`,
          `confirm gateway hosting ${TOKEN}`,
          `rollback gateway hosting ${TOKEN}`,
          `undo gateway hosting ${TOKEN}`,

          `outcome gateway hosting ${TOKEN}`,
          `retract gateway hosting a ${TOKEN}`,
          'forget gateway hosting a',
          `accept ${'0'.repeat(64)}`,
          'boot',
          'rules',
          'addresses',
          'service stop',
          'service start',
          '',
          'status x',
          'look x',
          'read ruleset',
          "'read rules'",
        ].map((words) => `${AGENT_PATH} ${words}`);
        const others = [
          'sh',
          'id',
          `sh ${AGENT_PATH} rules`,
          `-u nobody ${AGENT_PATH} read`,
          `-E X=1 ${AGENT_PATH} rules`,
          'nft list ruleset',
        ];
        for (const command of [...changing, ...others]) {
          const { status, out, err } = await asReader(lab, 'edge1', `sudo -n ${command}`);
          ok(status !== 0, command);
          match(err, /sudo: /, command);
          doesNotMatch(out, /cpanel-edge:|uid=/, command);
        }
        strictEqual((await asReader(lab, 'edge1', `${AGENT_PATH} status`)).out, 'cpanel-edge: refused not-root\n');
        strictEqual(
          (await asReader(lab, 'edge1', `test -w ${AGENT_PATH} || test -w /usr/local/sbin || test -r /etc/cpanel-edge`))
            .status,
          1,
        );
        strictEqual(await held(), before);
      },
    },
    {
      name: 'look refuses malformed questions',
      run: async (lab) => {
        const asked = (input: string): Promise<string> => lab.does('edge1', `${AGENT_PATH} look || true`, { input });
        for (const line of [
          'public a;id',
          'public $(id)',
          'arrives ../../x',
          'arrives -x',
          'port 1x',
          'protocol tcp6',
          'inside `id`',
          'wire a b',
          'source ::1\tx',
        ])
          strictEqual(await asked(`${line}\n`), 'cpanel-edge: refused wrong-argument question\n', line);
        match(await asked(`public ${ADDRESS.publicWeb1}\nport 443\n`), /\ncpanel-edge: ok look\n$/);
      },
    },
    {
      name: 'an account without the right to read gets that message and exit 2',
      run: async (lab) => {
        const { status, err } = await types(lab, 'verify', 'edge1', '--user', 'deploy');
        strictEqual(status, 2);
        match(err, /driver\/sudo-refused/);
        strictEqual((await types(lab, 'doctor', ADDRESS.publicWeb1, '--user', 'nobody-here')).status, 2);
      },
    },
  ],
};
