import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { wild } from '../showing/reported';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';
import { page } from './says';

const { says } = page('exposure.md');
const built = builtCommand();
const folder = temporaryFolder();
const run = (...words: readonly string[]): Printed => typed(built, ['exposure', ...words], { cwd: folder });
const first = (...words: readonly string[]): string => run(...words).out.split('\n')[0]!;

beforeAll(() => {
  writeFileSync(join(folder, 'rules.nft'), wild('fail2ban'));
  for (const name of ['csf', 'firewalld', 'docker', 'libvirt']) writeFileSync(join(folder, `${name}.nft`), wild(name));
});

/** What the page types at a server, on one that has these rules, an address of each family and a default route. */
function typedAt(server: RegExp, loading: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const [, command] = server.exec(read('docs/exposure.md'))!;
  const host = [
    'ip link set lo up; ip link add eth0 type veth peer name beside; ip link set beside up; ip link set eth0 up',
    'ip addr add 203.0.113.10/24 dev eth0; ip addr add 2001:db8::10/64 dev eth0 nodad',
    'ip route add default via 203.0.113.1; ip route add default via 2001:db8::1',
    loading,
  ];
  const { stdout, status, stderr } = spawnSync('unshare', ['-n', 'sh', '-ec', host.join('\n') + `\n{ ${command!}; }`], {
    ...{ cwd: folder, encoding: 'utf8' },
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const can = spawnSync('unshare', ['-n', 'sh', '-c', 'nft list ruleset && iptables-nft-save && ipset save']).status === 0;
describeWhere(
  can,
  'what the page types at a server',
  'root, nft, iptables and ipset',
)('at the server itself', () => {
  says('tells the rest in the same go, and then there is nothing left to assume', () => {
    writeFileSync(join(folder, 'told'), typedAt(/^ssh root@server "(nft list .*)" > rules\.nft$/m, 'nft -f rules.nft', {}));
    const { status, said, out } = run('told', '--all');
    expect({ status, said }).toEqual({ status: 0, said: '' });
    expect(out).not.toContain('assumed');
    expect(out).toMatch(/^given: .*eth0 has 203\.0\.113\.10\/24, 2001:db8::10\/64\ngiven: it does not forward$/m);
    expect(out).toContain('tcp 25,80,443');
  });

  says('A server with iptables has both families and its sets in programs of their own', () => {
    const filter = (rule: string): string => `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${rule}\nCOMMIT\n`;
    const files = {
      four: filter('-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'),
      six: filter('-A INPUT -p tcp -m set --match-set friends src -j ACCEPT'),
    };
    const loading =
      'ipset create friends hash:ip family inet6; ipset add friends 2001:db8:9::7; iptables-nft-restore four; ip6tables-nft-restore six';
    writeFileSync(join(folder, 'rules.txt'), typedAt(/^ssh root@server '(iptables-save .*)' > rules\.txt$/m, loading, files));
    const { out } = run('rules.txt', '--all');
    expect(out.split('\n')[0]).toBe('Open to the internet: tcp 22. For some sources only: tcp.');
    expect(out).toContain('to 2001:db8::10  from 2001:db8:9::7');
    expect(out.match(/^assumed: .*$/gm)).toEqual([expect.stringMatching(/^assumed: iptables-legacy has no rules beside these/)]);
  });
});

says('Of several servers at once, `--facts FILE` is told of each.', () => {
  writeFileSync(join(folder, 'ip.txt'), '2: eth0    inet 203.0.113.10/24 scope global eth0\n');
  expect(run('rules.nft', 'firewalld.nft', '--facts', 'ip.txt', '--all').out.match(/^given: eth0 has 203\.0\.113\.10\/24$/gm)).toHaveLength(
    2,
  );
});

says('`--interface lan0:inside`, `--interface eth0=198.51.100.50/24,2001:db8::50/64:outside`', () => {
  const words = ['lan0:inside', 'eth0=198.51.100.50/24,2001:db8::50/64:outside', 'others:inside'].flatMap((one) => ['--interface', one]);
  const { out } = run('rules.nft', ...words, '--forwards', 'no', '--all');
  expect(out).toContain(
    'given: lan0 is inside; eth0 has 198.51.100.50/24, 2001:db8::50/64, is outside; every interface that the rules do not name is inside\n' +
      'given: it does not forward\n',
  );
});

/** The answer that each question of the table begins with. */
const ASKED: readonly (readonly [quote: string, begins: string])[] = [
  ['`--to 203.0.113.10`', 'to 203.0.113.10, if that is this server: let through tcp 22,25,80,143,443,993; icmp/icmpv6'],
  ['`--service mysql`', 'mysql from the internet: not let through'],
  ['`--port 3306`', 'port 3306 from the internet: not let through'],
  ['`--port 53/udp`', 'port 53/udp from the internet: not let through'],
  ['`--port 8000-8010`', 'port 8000-8010 from the internet: not let through'],
  ['`--from 198.51.100.7`', 'from 198.51.100.7, arriving from the internet: let through tcp 22,25,80,143,443,993; icmp'],
  ['`--service mysql --from internet`', 'mysql from the internet: not let through'],
];
for (const [quote, begins] of ASKED)
  says(quote, () => expect(first('rules.nft', ...quote.replaceAll('`', '').split(' '))).toContain(begins));

says('`--vantage outside`, `inside`, `server` (what it sends itself), `localhost`, or an interface', () => {
  const from = (...words: readonly string[]): string => first('rules.nft', '--port', '443', '--vantage', ...words);
  expect(from('outside')).toMatch(/^port 443 from the internet: let through tcp 443 /);
  expect(from('server')).toBe('port 443 from the server itself: let through from anywhere (policy accept, line 42).');
  expect(from('localhost')).toBe('port 443 from localhost: let through from anywhere (line 29).');
  expect(from('inside', '--interface', 'lan0:inside')).toMatch(/^port 443 from inside: let through tcp 443 /);
  expect(from('lan0', '--interface', 'lan0:inside')).toMatch(/^port 443 by lan0: let through tcp 443 /);
});

says('Of up to four files each has its own answer in the first line.', () => {
  const four = ['rules.nft', 'csf.nft', 'firewalld.nft', 'docker.nft'];
  const names = (line: string): readonly string[] => [...line.matchAll(/(?:^| )(\w+\.nft): /g)].map(([, name]) => name!);
  expect(names(first(...four))).toEqual(four);
  expect(names(first(...four, '--service', 'ssh'))).toEqual(four);
  expect(first(...four, 'libvirt.nft', '--service', 'ssh')).toMatch(/ 1 more are answered below\.$/);
});

says('Where no set in the text has an element, that is said; by `--all` alone, if one could only close.', () => {
  const text = (rule: string): string =>
    `table inet x {\nset a {\ntype ipv4_addr\n}\nchain c {\ntype filter hook input priority 0; policy drop;\n${rule}\n}\n}\n`;
  const ABOUT = 'no set or map of the text has an element (a)';
  for (const [rule, brief] of [
    ['ip saddr @a accept', true],
    ['ip saddr @a drop', false],
  ] as const) {
    writeFileSync(join(folder, 'terse.nft'), text(rule));
    expect([run('terse.nft').out.includes(ABOUT), run('terse.nft', '--all').out.includes(ABOUT)]).toEqual([brief, true]);
  }
});

says(
  "An address that is leased (`<ipaddr>dhcp</ipaddr>`) it doesn't say, and what is for it is UNKNOWN: in a copy of the file write the one",
  () => {
    const box = read('__tests__/platforms/pfsense/wild/dynamic.xml');
    const [, instead] = /`(<ipaddr>203\.0\.113\.5<\/ipaddr><subnet>24<\/subnet>)`/.exec(read('docs/exposure.md'))!;
    writeFileSync(join(folder, 'leased.xml'), box);
    writeFileSync(join(folder, 'config.xml'), box.replace('<ipaddr>dhcp</ipaddr>', instead!));
    const asked = (name: string): string => first(name, '--to', '203.0.113.5', '--port', '443/tcp', '--vantage', 'outside');
    expect(asked('leased.xml')).toMatch(
      /through it: UNKNOWN from .*, led to 10\.0\.1\.50 \(line 115: the address of wanip is leased and not known\)\.$/,
    );
    expect(asked('config.xml')).toMatch(/through it: let through from .*, led to 10\.0\.1\.50 \(/);
  },
);

says('With `--fail-on` everything is shown.', () =>
  expect(run('rules.nft', '--fail-on', 'reachable')).toEqual({ ...run('rules.nft', '--all'), status: 1 }),
);
