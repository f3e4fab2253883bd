// Tests the command `import` of a gateway from a config.xml: it writes a stack, the captured config and a report, and
// its exit status tells whether the exposure changes.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const WILD = join(__dirname, '../platforms/pfsense/wild');
const box = (name: string): string => join(WILD, `${name}.xml`);

const vpn = readFileSync(box('vpn'), 'utf8');

const run = (words: readonly string[], input = ''): Printed =>
  typed(built, ['import', ...words], { cwd: folder, input });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('cpanel-edge import', () => {
  it('writes an environment, the captured config and a report', () => {
    const { status, out, said } = run([
      box('reflection'),
      '-o',
      'a',
      '--device',
      'gw1',
      '--owner',
      'mail',
      '--global-helper',
    ]);
    expect([status, said]).toEqual([0, '']);
    expect(out).toBe(`1 mapping, 1 virtual IP; entries to take off the box: 3, left on it: 0
the exposure is unchanged
all of it: a/gw1.report.md
SSH goes to 10.0.1.1: where that is wrong, change it in gw1.ts
Examples, so change them in gw1.ts before anything is delivered:
  host-key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5
`);
    expect(readdirSync(join(folder, 'a')).sort()).toEqual(['gw1.captured.xml', 'gw1.report.md', 'gw1.ts']);
    expect(read('a/gw1.ts')).toBe(`import { readFileSync } from 'node:fs';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { Gateway, NatReflection, OneToOneNat, VirtualIp } from 'cpanel-edge';

/** One mapping of what was on the box. What was left there, and why, says gw1.report.md. */
export class Gw1Stack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Terraform keeps its state in a file beside this one. Before a pipeline applies, give it a backend that locks
    // (PgBackend, S3Backend).

    // Owner and names of devices stay: what is on the devices is found by them.
    const gateway = new Gateway(this, 'gw1', {
      owner: 'mail',
      platform: 'pfsense',
      version: '2.7.2',
      // Where SSH reaches it, as root, or as the user that "user" names. Its keys are lines of
      // /etc/ssh/ssh_host_*_key.pub, from its console and not from the network.
      connection: { host: '10.0.1.1', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] },
      interfaces: [
        {
          name: 'wan',
          role: 'outside',
          addresses: ['203.0.113.2/28'],
          publicPrefixes: [{ prefix: '203.0.113.0/28', delivery: 'on-link' }],
        },
        { name: 'lan', role: 'inside', addresses: ['10.0.1.1/24'] },
        { name: 'opt1', role: 'inside', addresses: ['10.0.2.1/24'] },
      ],
      // What stays on the box, as "cpanel-edge capture" has it.
      capturedConfig: readFileSync(\`\${__dirname}/gw1.captured.xml\`, 'utf8'),
    });

    const virtualIps = {
      mail: new VirtualIp(this, 'vip-mail', {
        gateway,
        name: 'mail',
        interface: 'wan',
        address: '203.0.113.10',
        kind: 'ip-alias',
        mask: 32,
      }),
    };

    new OneToOneNat(this, 'nat-mail', {
      virtualIp: virtualIps.mail,
      name: 'mail',
      internal: '10.0.1.50',
      open: [{ ports: 25, protocol: 'tcp', from: 'anywhere', reason: 'mail' }],
    });

    new NatReflection(this, 'reflection', {
      gateway,
      mode: 'pure-nat',
      from: ['lan', 'opt1'],
      globalHelper: true,
    });
  }
}
`);
    expect(read('a/gw1.captured.xml')).not.toContain('203.0.113.10');
    expect(read('a/gw1.report.md')).toContain('Unchanged: the stack around what stays exposes what the box exposed.');
  });

  it("doesn't carry over a rule that accepts everything, and reports what that rule opens: exit 1", () => {
    const { status, out } = run([box('allow-all'), '-o', 'b']);
    expect([status, out]).toEqual([1, expect.stringContaining('one entry is objected to, and not carried over\n')]);
    const report = read('b/edge1.report.md');
    expect(report).toMatch(
      /^- rule 2 of wan "temporary": it lets all sources in on every port.*\n {2}- `from the internet by wan: /m,
    );
    expect(report).toMatch(/^- closes from the internet by wan: 10\.0\.1\.50, 203\.0\.113\.10 tcp 0-442,444-65535 /m);
    expect(read('b/edge1.ts')).toContain("open: [{ ports: 443, protocol: 'tcp', from: 'anywhere', reason: 'web' }]");
    expect(read('b/edge1.ts')).not.toMatch(/temporary|65535/);
    // The rule stays on the box until a person removes it, so the stack is verified with it.
    expect(read('b/edge1.captured.xml')).toContain('temporary');
  });

  it.each([
    [
      "a file that the box can't parse",
      (text: string) => text.replace('<filter>', '<filter><separator></separator><separator></separator>'),
      /separator occurs more than once/,
    ],
    [
      'an undecidable rule',
      (text: string) =>
        text.replace(
          '<filter>',
          '<filter><rule><type>pass</type><interface>wan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><any></any></source><destination><address>10.0.2.9</address></destination><os>Linux</os></rule>',
        ),
      /operating system/,
    ],
  ])('doesn\'t claim "unchanged" for a box with %s: exit 1', (_, change, why) => {
    const { status, out } = run(
      ['-', '-o', 'undecided', '--global-helper', '--force'],
      change(readFileSync(box('reflection'), 'utf8')),
    );
    expect([status, out]).toEqual([1, expect.stringContaining('\nwhether the exposure changes can not be decided\n')]);
    const report = read('undecided/edge1.report.md');
    expect(report).not.toContain('Unchanged');
    expect(report).toMatch(why);
  });

  it('overwrites nothing without --force', () => {
    const again = run([box('vpn'), '-o', 'b']);
    expect(again).toMatchObject({
      status: 2,
      out: '',
      said: expect.stringMatching(/^cli\/file-there at b: There are such files already: edge1\.ts, /),
    });
    expect(read('b/edge1.ts')).toContain("reason: 'web'");
    expect(run(['-', '-o', 'b', '--force'], readFileSync(box('vpn'), 'utf8')).status).toBe(1);
    expect(read('b/edge1.report.md')).toMatch(/^# Import of `standard input` as edge1$/m);
  });

  it.each([
    [
      'port forwards alone',
      [box('forwards')],
      '',
      /^cli\/nothing-imported at the configuration: No 1:1 entry of it can become a mapping\.\n {2}instead: .*\n {2}left: port forward "cameras" .*\n {2}left: port forward "web" .*\n$/,
    ],
    [
      'nothing that could become a mapping',
      [box('schedules')],
      '',
      /^cli\/nothing-imported [^]*\n {2}left: .*schedule work turns it on and off/,
    ],
    [
      "entries that the box doesn't load",
      [box('not-loaded')],
      '',
      /^cli\/nothing-imported [^]*\n {2}left: 1:1 entry "everything"/,
    ],
    [
      'DHCP addresses only',
      [box('dynamic')],
      '',
      /^import\/no-outside at pfSense: .*address of wan is leased[^]*\n {2}left: 1:1 entry "everything to the server" for wanip: /,
    ],
    [
      'no enabled outside interface',
      ['-'],
      vpn.replace('<enable></enable>', ''),
      /^import\/no-outside at pfSense: No outside interface that is switched on has an address/,
    ],
    [
      'a pair',
      [box('hosting')],
      '',
      /^pfsense\/high-availability [^]*\n {2}left: virtual IP "shared WAN" 203\.0\.113\.3: /,
    ],
    [
      'a version of an unknown release',
      ['-'],
      vpn.replace(/<version>[^<]*/, '<version>19.1'),
      /^import\/unknown-version at line 7: .*version 19\.1/,
    ],
    [
      'no version',
      ['-'],
      vpn.replace(/<version>.*/, ''),
      /^import\/unknown-version at the configuration: It says no version/,
    ],
  ])('for %s writes only a report of the reasons: exit 2', (_, words, input, why) => {
    const into = `nothing-${_.replaceAll(' ', '-')}`;
    const { status, out, said } = run([...words, '-o', into], input);
    const last = `all of it: ${into}/edge1.report.md\n`;
    expect([status, out, said.endsWith(`\n${last}`)]).toEqual([2, '', true]);
    expect(said.slice(0, -last.length)).toMatch(why);
    expect(readdirSync(join(folder, into))).toEqual(['edge1.report.md']);
    const report = read(`${into}/edge1.report.md`);
    expect(report).toContain('\nNothing was imported: no stack was written.\n\n## Why\n\n- `');
    // All reasons, in the same words: code is marked in the report.
    const plain = (text: string): string => text.replaceAll('`', '');
    for (const [, left] of said.matchAll(/^ {2}left: (.*)$/gm))
      expect(plain(report)).toContain(`\n- ${plain(left!)}\n`);
  });

  it.each([
    ['no such file', ['no-such-file'], '', /^cli\/file-unreadable at no-such-file/],
    ['no configuration', ['-'], '<pfsense>', /^pfsense\/capture-not-xml/],
    [
      'an unsupported version',
      ['-'],
      vpn.replace(/<version>[^<]*/, '<version>1.9'),
      /^pfsense\/capture-unknown-version at line 7: .*1\.9/,
    ],
    ['an impossible folder', [box('vpn'), '-o', '/dev/null/x'], '', /^cli\/file-unwritable at \/dev\/null\/x/],
    ['no name', [box('vpn'), '--device', 'Edge 1'], '', /--device/],
    ['no owner', [box('vpn'), '--owner', '-'], '', /--owner/],
    ['no key', [box('vpn'), '--host-key', 'SHA256:abc'], '', /^intent\/bad-host-key at --host-key/],
    [
      'two folders',
      [box('vpn'), '-o', 'd', '--project', 'd'],
      '',
      /'--project <folder>' cannot be used with option '-o, --out/,
    ],
  ])('refuses %s', (_, words, input, why) => {
    const { status, out, said } = run([...words, ...(words.includes('-o') ? [] : ['-o', 'd'])], input);
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(why)]);
    expect(said).not.toMatch(/^ {4}at /m);
    expect(existsSync(join(folder, 'd'))).toBe(false);
  });
});
