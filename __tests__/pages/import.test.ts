import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { at } from '../platforms/pfsense/read/boxes';
import { find } from '../platforms/pfsense/import/found';
import { wild } from '../showing/reported';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';
import { page } from './says';

const { says } = page('import.md');
const built = builtCommand();
const folder = temporaryFolder();
const [, host, words] = /^ {4}ssh root@web1 "(.*)" > web1\.txt\n {4}npx cpanel-edge import (.*)$/m.exec(read('docs/import.md'))!;

const FACTS = '2: eth0    inet 198.51.100.50/24 scope global eth0\ndefault via 198.51.100.1 dev eth0\n';
const rules = (...more: readonly string[]): string =>
  `table inet filter {\nchain input {\ntype filter hook input priority 0; policy drop;\n${[
    ...more,
    'iif "lo" accept',
    'ct state established accept',
    'ip saddr 192.0.2.0/24 tcp dport 22 accept',
    'tcp dport { 80, 443 } accept',
  ].join('\n')}\n}\n}\n`;

/** What the command says of these texts, and its report. */
function imported(texts: Readonly<Record<string, string>>, ...more: readonly string[]): Printed & { readonly report: string } {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  const done = typed(built, ['import', ...Object.keys(texts), ...words!.split(' ').slice(1), '--force', ...more], {
    cwd: folder,
  });
  return { ...done, report: done.status === 2 ? '' : readFileSync(join(folder, 'stacks/web1.report.md'), 'utf8') };
}
const exposureOf = (report: string): string => /## Exposure\n([^]*?)\n## /.exec(report)![1]!;

const can = spawnSync('unshare', ['-n', 'sh', '-c', 'iptables-nft-save && ipset save']).status === 0;
describeWhere(
  can,
  'what the page types at a server',
  'root, iptables and ipset',
)('at the server itself', () => {
  says('import web1.txt --device web1 --platform-version 1.0.6', () => {
    const filter = (...lines: readonly string[]): string =>
      `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n${lines.join('\n')}\nCOMMIT\n`;
    const web = '-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT';
    writeFileSync(join(folder, 'four'), filter('-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT', web));
    writeFileSync(join(folder, 'six'), filter(web));
    const setting = [
      'ip link set lo up; ip link add eth0 type veth peer name beside; ip link set beside up; ip link set eth0 up',
      'ip addr add 203.0.113.10/24 dev eth0; ip addr add 2001:db8::10/64 dev eth0 nodad',
      'ip route add default via 203.0.113.1; ip route add default via 2001:db8::1',
      'iptables-nft-restore four; ip6tables-nft-restore six',
      `{ ${host!}; }`,
    ];
    const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-ec', setting.join('\n')], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    const { status, out, report } = imported({ 'web1.txt': stdout });
    // What each firewall of ours lets in of ICMPv6.
    expect([status, out]).toEqual([1, expect.stringContaining('2 services; carried over as more: 0, not carried over: 0\n')]);
    expect(exposureOf(report).match(/^[-+~] .*/gm)).toEqual([
      expect.stringMatching(/^\+ opens from the internet by eth0: 2001:db8::10 icmpv6 mld/),
    ]);
    const stack = readFileSync(join(folder, 'stacks/web1.ts'), 'utf8');
    for (const line of ["services: ['http', 'https'],", "management: { from: ['192.0.2.0/24'], port: 22 },", "replaces: ['iptables'],"])
      expect(stack).toContain(line);
  });
});

says("what one address or one interface has and others haven't | closed: the exposure says it", () => {
  const { report } = imported({
    rules: rules('iifname "eth1" tcp dport 3306 accept'),
    ip: `${FACTS}3: eth1    inet 198.51.100.77/32 scope global eth1\n`,
  });
  expect(exposureOf(report)).toContain('- closes from the internet by eth1: 198.51.100.50, 198.51.100.77 tcp 3306 from anywhere\n');
});

says("a server that can't reach itself | open by its loopback interface: the exposure says it", () => {
  const { report } = imported({ rules: rules('iif "lo" drop'), ip: FACTS });
  expect(exposureOf(report)).toContain(
    '+ opens from localhost: 127.0.0.0/8, 198.51.100.50 all protocols from 127.0.0.0/8, 198.51.100.50\n',
  );
});

says('translations to its own public addresses | left to its [gateway]', () => {
  const own = 'table ip own {\nchain o {\ntype nat hook output priority -100;\nip daddr 203.0.113.10 dnat to 198.51.100.50\n}\n}\n';
  const { report } = imported({ rules: own + rules(), ip: FACTS });
  expect(exposureOf(report)).toContain(
    '~ leads elsewhere, or as somebody else from the device itself: 203.0.113.10 all protocols from 198.51.100.50\n',
  );
});

says('where all others are more than 40 prefixes (all but one address are 32)', () => {
  const but = (some: string): Printed & { readonly report: string } =>
    imported({ rules: rules(`ip saddr { ${some} } tcp dport 443 drop`), ip: FACTS });
  expect(but('192.0.2.7').out).toContain('carried over as more: 0,');
  const { out, report } = but('192.0.2.7, 198.51.100.9');
  expect(out).toContain('carried over as more: 1,');
  expect(report).toMatch(/^- `tcp 443 from any IPv4 but 192\.0\.2\.7, 198\.51\.100\.9`: /m);
});

says("so are those of cPanel's own script, which closes nothing", () =>
  expect(imported({ rules: wild('cpanel'), ip: FACTS })).toMatchObject({
    status: 2,
    out: '',
    said: expect.stringMatching(/^import\/everything-open /),
  }),
);

says('| port forwards, outbound NAT, NPt | they are no mappings |', () => {
  const npt = `<npt><interface>wan</interface><source>${at('fd00:1::/48')}</source><destination>${at('2001:db8:1::/48')}</destination></npt>`;
  const { mappings, left } = find({ oneToOne: npt });
  expect([mappings, left.map(({ entry }) => entry.called)]).toEqual([[], [expect.stringMatching(/^prefix translation|^NPt/)]]);
});

says(
  `Where a text was read and no stack can become of it, the report alone is written, and says why and
what stays; the command says the same, a line for each, and its exit status is 2.`,
  () => {
    const box = join(__dirname, '../platforms/pfsense/wild/forwards.xml');
    const { status, said } = typed(built, ['import', box, '-o', 'nothing'], { cwd: folder });
    expect([status, said.match(/^ {2}left: port forward/gm)]).toEqual([2, ['  left: port forward', '  left: port forward']]);
    expect(readdirSync(join(folder, 'nothing'))).toEqual(['edge1.report.md']);
    const report = readFileSync(join(folder, 'nothing/edge1.report.md'), 'utf8');
    expect(report).toMatch(/^Nothing was imported: [^]*^## Why$[^]*^## Not carried over\n\n- port forward .*\n- port forward .*$/m);
    // Nor does it stand in the way.
    expect(typed(built, ['import', box, '-o', 'nothing'], { cwd: folder }).said).toContain('cli/nothing-imported');
  },
);
