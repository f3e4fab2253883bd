// Tests docs/how-to/import.md by typing its commands: rules of a server become a stack, and a box of which no stack can
// be made has the report alone.

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();
const [, host, words] = /^ {4}ssh root@web1 "(.*)" > web1\.txt\n {4}npx cpanel-edge import (.*)$/m.exec(
  read('docs/how-to/import.md'),
)!;

/** Returns the command's output for these texts, and its report. */
function imported(
  texts: Readonly<Record<string, string>>,
  ...more: readonly string[]
): Printed & { readonly report: string } {
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
)('on the server itself', () => {
  test('rules of iptables with their sets and addresses become a stack', () => {
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
    const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-ec', setting.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const { status, out, report } = imported({ 'web1.txt': stdout });
    // Each of our platforms allows these ICMPv6 messages.
    expect([status, out]).toEqual([
      1,
      expect.stringContaining('2 services; carried over as more: 0, not carried over: 0\n'),
    ]);
    expect(exposureOf(report).match(/^[-+~] .*/gm)).toEqual([
      expect.stringMatching(/^\+ opens from the internet by eth0: 2001:db8::10 icmpv6 mld/),
    ]);
    const stack = readFileSync(join(folder, 'stacks/web1.ts'), 'utf8');
    for (const line of [
      "services: ['http', 'https'],",
      "management: { from: ['192.0.2.0/24'], port: 22 },",
      "replaces: ['iptables'],",
    ])
      expect(stack).toContain(line);
  });
});

test("a box that can't become a stack gets only the report, which lists what stays: exit 2", () => {
  const box = join(__dirname, '../platforms/pfsense/wild/forwards.xml');
  const { status, said } = typed(built, ['import', box, '-o', 'nothing'], { cwd: folder });
  expect([status, said.match(/^ {2}left: port forward/gm)]).toEqual([
    2,
    ['  left: port forward', '  left: port forward'],
  ]);
  expect(readdirSync(join(folder, 'nothing'))).toEqual(['edge1.report.md']);
  const report = readFileSync(join(folder, 'nothing/edge1.report.md'), 'utf8');
  expect(report).toMatch(
    /^Nothing was imported: [^]*^## Why$[^]*^## Not carried over\n\n- port forward .*\n- port forward .*$/m,
  );
  // The report doesn't prevent the next import either.
  expect(typed(built, ['import', box, '-o', 'nothing'], { cwd: folder }).said).toContain('cli/nothing-imported');
});
