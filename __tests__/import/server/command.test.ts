// Tests the command `import` of a server from its running rules or csf's files: it writes a profile and a report, and
// its exit status tells whether the exposure changes.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../../built-command';
import { temporaryFolder } from '../../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const ADMIN = readFileSync(join(__dirname, '../../platforms/iptables/wild/admin.rules'), 'utf8');
const [V4, V6] = ADMIN.split(/(?=^# \/etc\/iptables\/rules\.v6)/m) as [string, string];
const FACTS = `1: lo    inet 127.0.0.1/8 scope host lo
2: eth0    inet 198.51.100.50/24 brd 198.51.100.255 scope global eth0
2: eth0    inet6 2001:db8:0:1::50/64 scope global
default via 198.51.100.1 dev eth0 proto static
198.51.100.0/24 dev eth0 proto kernel scope link src 198.51.100.50
`;
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL6LcQrNEdyKy2pE6vCg0KwVvAb5+KqpJX8YMH2ZAj0D';
const VERSION = ['--platform-version', '1.0.6'];

const run = (words: readonly string[], input = ''): Printed =>
  typed(built, ['import', ...words], { cwd: folder, input });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('cpanel-edge import of a server', () => {
  it('writes a profile and a report of the differences: exit 1', () => {
    expect(run(['-', '-o', 'a', ...VERSION], ADMIN + FACTS)).toEqual({
      status: 1,
      out: `4 services; carried over as more: 2, not carried over: 2
the exposure differs
all of it: a/web1.report.md
SSH goes to 198.51.100.50: where that is wrong, change it in web1.ts
Examples, so change them in web1.ts before anything is delivered:
  host-key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN5mr2Ll9urYbyf5VSqjwUDFmpcojyAz7RUYBVmH7Kda
`,
      said: '',
    });
    expect(readdirSync(join(folder, 'a')).sort()).toEqual(['web1.report.md', 'web1.ts']);
    expect(read('a/web1.ts')).toBe(`import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { CpanelFirewallProfile, CpanelServer } from 'cpanel-edge';

/** What was open on web1. What differs, and why, says web1.report.md. */
export class Web1Stack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Terraform keeps its state in a file beside this one. Before a pipeline applies, give it a backend that locks
    // (PgBackend, S3Backend).

    // What is reachable. Nothing else is.
    const profile = new CpanelFirewallProfile(this, 'web1-profile', {
      services: ['http', 'https', 'http3', { ports: 873, protocol: 'tcp', from: ['192.0.2.0/28', '203.0.113.8'] }],
      sources: 'anywhere',
      management: { from: ['192.0.2.0/28', '203.0.113.8'], port: 22 },
      ping: 'anywhere',
    });

    // Owner and names of devices stay: what is on the devices is found by them.
    new CpanelServer(this, 'web1', {
      owner: 'hosting',
      platform: 'nftables',
      version: '1.0.6',
      // Where SSH reaches it, as root, or as the user that "user" names. Its keys are lines of
      // /etc/ssh/ssh_host_*_key.pub, from its console and not from the network.
      connection: { host: '198.51.100.50', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN5mr2Ll9urYbyf5VSqjwUDFmpcojyAz7RUYBVmH7Kda'] },
      replaces: ['iptables'],
      interfaces: [{ name: 'eth0', addresses: ['198.51.100.50/24', '2001:db8:0:1::50/64'] }],
      trustedNetworks: 'none',
      profile,
    });
  }
}
`);
    expect(read('a/web1.report.md')).toContain(
      '+ opens from the internet by eth0: 2001:db8:0:1::50 tcp 80 from anywhere\n+ opens from the internet by eth0: 2001:db8:0:1::50 udp 443 from anywhere\n- closes ',
    );
  });

  it('names the interface of packets that are closed, if the default route is on another one', () => {
    const rules = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iifname "lo" accept
    iifname "eth0" tcp dport { 22, 443 } accept
    iifname "eth1" accept
  }
}
`;
    run(
      ['-', '-o', 'inside', ...VERSION],
      `${rules}${FACTS}3: eth1    inet 10.5.0.50/24 brd 10.5.0.255 scope global eth1\n`,
    );
    expect(read('inside/web1.report.md')).toContain('- closes from inside by eth1: ');
    expect(read('inside/web1.report.md')).not.toContain('from the internet by eth1');
  });

  it("makes a profile of csf's lists: full bans become blocked, and a ban on one port is reported", () => {
    const conf = readFileSync(join(__dirname, '../../../lab/csf/csf.conf'), 'utf8')
      .replace(/^(TCP6?_IN) = .*$/gm, '$1 = "22,25,80,443,2083"')
      .replace(/^(UDP6?_IN) = .*$/gm, '$1 = "443"');
    const files = {
      'csf.allow': '198.51.100.0/28 # office\ntcp|in|d=3306|s=192.0.2.7\n',
      'csf.conf': conf,
      'csf.deny': '203.0.113.99 # lfd: (sshd) Failed SSH login\ntcp|in|d=25|s=192.0.2.66\n',
    };
    const text = Object.entries(files).map(([name, content]) => `==> /etc/csf/${name} <==\n${content}\n`);
    expect(run(['-', '-o', 'csf', ...VERSION], text.join('') + FACTS).status).toBe(1);
    const profile = read('csf/web1.ts');
    expect(/ {6}services: [\s\S]*? {6}ping/.exec(profile)![0])
      .toBe(`      services: ['http', 'https', 'http3', 'smtp', 'cpanel', { service: 'mysql', from: ['192.0.2.7'] }],
      sources: 'anywhere',
      management: { from: 'anywhere', port: 22 },
      blocked: ['203.0.113.99'],
      ping`);
    expect(profile).toContain("trustedNetworks: ['198.51.100.0/28']");
    expect(read('csf/web1.report.md')).toContain(
      '+ opens from the internet by eth0: 198.51.100.50 tcp 25 from 192.0.2.66',
    );
    // An address in csf.allow stays in that file.
    expect(read('csf/web1.report.md')).toMatch(
      /refuses the delivery with its line \(`driver\/not-proven`\): put it into the profile, or take/,
    );
  });

  it('names lines of iptables-save files by their files', () => {
    const createRules = (source: string): string => `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -s ${source} -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 443 -m limit --limit 5/sec -j ACCEPT
COMMIT
`;
    writeFileSync(join(folder, 'rules.v4'), createRules('192.0.2.0/24'));
    writeFileSync(join(folder, 'rules.v6'), createRules('2001:db8::/32'));
    writeFileSync(join(folder, 'facts'), FACTS);
    run(['facts', 'rules.v4', 'rules.v6', '-o', 'lines', '--device', 'db-1', ...VERSION]);
    expect(read('lines/db-1.report.md')).toMatch(/rules\.v4:7[^]*rules\.v6:7/);
  });

  it('accepts iptables-save files, and reports nothing without a difference: exit 0', () => {
    writeFileSync(join(folder, 'rules.v4'), V4);
    writeFileSync(join(folder, 'rules.v6'), V6);
    writeFileSync(join(folder, 'facts'), FACTS);
    expect(run(['rules.v4', 'rules.v6', '-o', 'b'])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^import\/unknown-version [^]*\nimport\/no-addresses /),
    });
    expect(run(['rules.v4', 'rules.v6', '-o', 'b', ...VERSION])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^import\/no-addresses/),
    });
    expect(run(['facts', 'rules.v4', 'rules.v6', '-o', 'b', '--device', 'db-1', ...VERSION]).status).toBe(1);
    expect(read('b/db-1.ts')).toContain('export class Db1Stack ');
    expect(read('b/db-1.report.md')).toMatch(/^# Import of `rules\.v4, rules\.v6` as db-1$/m);

    const closed = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif "lo" accept
    ct state established accept
    ip saddr 192.0.2.0/24 tcp dport 2222 accept
    tcp dport { 80, 443 } accept
  }
}
`;
    const facts = FACTS.replace(/.*inet6.*\n/, '');
    const { status, out } = run(['-', '-o', 'c', '--ssh-port', '2222', '--host-key', KEY, ...VERSION], closed + facts);
    expect([status, out]).toEqual([
      0,
      '2 services; carried over as more: 0, not carried over: 0\nthe exposure is unchanged\nall of it: c/web1.report.md\nSSH goes to 198.51.100.50: where that is wrong, change it in web1.ts\n',
    ]);
    expect(read('c/web1.ts')).toContain("management: { from: ['192.0.2.0/24'], port: 2222 }");
    expect(read('c/web1.report.md')).toContain('stay beside it');
    run(
      [
        '-',
        '-o',
        'c2',
        '--ssh-port',
        '2222',
        '--host-key',
        KEY,
        '--platform',
        'iptables',
        '--platform-version',
        '1.8.9',
      ],
      closed + facts,
    );
    expect(read('c2/web1.report.md')).toContain('iptables is refused (`device/other-firewall`)');
    expect(read('c2/web1.report.md')).not.toContain('stay beside it');
  });

  it.each([
    ['the same twice', ['rules.v4', '-'], `${V4}${FACTS}`, /^import\/several-texts at rules\.v4, standard input/],
    ['facts alone', ['facts', ...VERSION], '', /^import\/no-rules at facts/],
    [
      "a plan, or a text that isn't running rules",
      ['-'],
      '{"format_version":"1.2","planned_values":{}}',
      /^import\/no-rules|^review\//,
    ],
    [
      'two texts, one of them empty',
      ['rules.v4', '-'],
      'hello',
      /^review\/not-recognised(?![^]*(a plan|verify|synthesized|exposure --help))/,
    ],
    ['an invalid port', ['-', '--ssh-port', '0'], '', /--ssh-port/],
    ['an invalid version', ['-', '--platform-version', 'new'], '', /--platform-version/],
    ['rules cut off', ['-'], `${V4.slice(0, -60)}`, /^(iptables|nftables)\//],
  ])('refuses %s: exit 2, and nothing is written', (_, words, input, why) => {
    const { status, out, said } = run([...words, '-o', 'd'], input);
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(why)]);
    expect(said).not.toMatch(/^ {4}at /m);
    expect(existsSync(join(folder, 'd'))).toBe(false);
  });

  it.each([
    [
      'everything open',
      `# Generated by iptables-save v1.8.9\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n${FACTS}`,
      /^import\/everything-open /,
    ],
    ['no addresses', ADMIN, /^import\/no-addresses /],
    [
      'nothing open',
      `# Generated by iptables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 1:30000 -j ACCEPT\nCOMMIT\n${FACTS}`,
      /^import\/nothing-open .*\n {2}instead: .*\n {2}left: tcp 1-21,23-30000 from any IPv4: it lets nearly all sources in/,
    ],
  ])('for a server with %s writes only a report of the reasons: exit 2', (name, input, why) => {
    const into = name.replaceAll(' ', '-');
    const { status, out, said } = run(['-', '-o', into, ...VERSION], input);
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(why)]);
    expect(said).toContain(`\nall of it: ${into}/web1.report.md\n`);
    expect(readdirSync(join(folder, into))).toEqual(['web1.report.md']);
    const code = said.split(' ', 1)[0]!;
    expect(read(`${into}/web1.report.md`)).toContain(
      `Nothing was imported: no stack was written.\n\n## Why\n\n- \`${code}\` the running rules: `,
    );
  });

  it('overwrites nothing without --force', () => {
    expect(run(['-', '-o', 'a', ...VERSION], ADMIN + FACTS).said).toMatch(
      /^cli\/file-there at a: There are such files already: web1\.ts, /,
    );
    expect(run(['-', '-o', 'a', '--force', ...VERSION], ADMIN + FACTS).status).toBe(1);
  });
});
