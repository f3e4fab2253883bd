// Tests docs/how-to/exposure.md by typing its commands: each prints what the page says of it.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { Facts, NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { reportOf, wild } from '../exposure/report-on-file';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();
const run = (...words: readonly string[]): Printed => typed(built, ['exposure', ...words], { cwd: folder });

beforeAll(() => {
  writeFileSync(join(folder, 'rules.nft'), wild('fail2ban'));
  writeFileSync(join(folder, 'firewalld.nft'), wild('firewalld'));
});

/** Runs the page's commands on a server with these rules, an address of each family and a default route. */
function typedAt(server: RegExp, loading: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const [, command] = server.exec(read('docs/how-to/exposure.md'))!;
  const host = [
    'ip link set lo up; ip link add eth0 type veth peer name beside; ip link set beside up; ip link set eth0 up',
    'ip addr add 203.0.113.10/24 dev eth0; ip addr add 2001:db8::10/64 dev eth0 nodad',
    'ip route add default via 203.0.113.1; ip route add default via 2001:db8::1',
    loading,
  ];
  const { stdout, status, stderr } = spawnSync('unshare', ['-n', 'sh', '-ec', host.join('\n') + `\n{ ${command!}; }`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const can =
  spawnSync('unshare', ['-n', 'sh', '-c', 'nft list ruleset && iptables-nft-save && ipset save']).status === 0;
describeWhere(
  can,
  'what the page types at a server',
  'root, nft, iptables and ipset',
)('on the server itself', () => {
  test("rules of nft with the server's facts: no assumptions", () => {
    writeFileSync(
      join(folder, 'told'),
      typedAt(/^ssh root@server "(nft list .*)" > rules\.nft$/m, 'nft -f rules.nft', {}),
    );
    const { status, said, out } = run('told', '--all');
    expect({ status, said }).toEqual({ status: 0, said: '' });
    expect(out).not.toContain('assumed');
    expect(out).toMatch(/^given: .*eth0 has 203\.0\.113\.10\/24, 2001:db8::10\/64\ngiven: it does not forward$/m);
    expect(out).toContain('tcp 25,80,443');
  });

  test('rules of iptables of both families with their sets', () => {
    const filter = (rule: string): string =>
      `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${rule}\nCOMMIT\n`;
    const files = {
      four: filter('-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'),
      six: filter('-A INPUT -p tcp -m set --match-set friends src -j ACCEPT'),
    };
    const loading =
      'ipset create friends hash:ip family inet6; ipset add friends 2001:db8:9::7; iptables-nft-restore four; ip6tables-nft-restore six';
    writeFileSync(
      join(folder, 'rules.txt'),
      typedAt(/^ssh root@server '(iptables-save .*)' > rules\.txt$/m, loading, files),
    );
    const { out } = run('rules.txt', '--all');
    expect(out.split('\n')[0]).toBe('Open to the internet: tcp 22. For some sources only: tcp.');
    expect(out).toContain('to 2001:db8::10  from 2001:db8:9::7');
    expect(out.match(/^assumed: .*$/gm)).toEqual([
      expect.stringMatching(/^assumed: iptables-legacy has no rules beside these/),
    ]);
  });
});

test('--facts FILE is for each of several servers', () => {
  writeFileSync(join(folder, 'ip.txt'), '2: eth0    inet 203.0.113.10/24 scope global eth0\n');
  expect(
    run('rules.nft', 'firewalld.nft', '--facts', 'ip.txt', '--all').out.match(
      /^given: eth0 has 203\.0\.113\.10\/24$/gm,
    ),
  ).toHaveLength(2);
});

test('--interface describes an interface, and --forwards says that it forwards', () => {
  const words = ['lan0:inside', 'eth0=198.51.100.50/24,2001:db8::50/64:outside', 'others:inside'].flatMap((one) => [
    '--interface',
    one,
  ]);
  const { out } = run('rules.nft', ...words, '--forwards', 'no', '--all');
  expect(out).toContain(
    'given: lan0 is inside; eth0 has 198.51.100.50/24, 2001:db8::50/64, is outside; every interface that the rules do not name is inside\n' +
      'given: it does not forward\n',
  );
});

/** Answers a question that is typed after `exposure rules.nft`, parsed as the command does. */
function answer(words: string, facts: Facts = NO_FACTS): string {
  const asking: Record<string, readonly string[]> = {};
  for (const [, option, value] of words.matchAll(/--(\w+) (\S+)/g)) asking[option!] = value!.split(',');
  return reportOf(wild('fail2ban'), asking, facts).headline;
}

/** The beginning of the answer to each question of the table. */
const ASKED: readonly (readonly [option: string, begins: string])[] = [
  ['--to 203.0.113.10', 'to 203.0.113.10, if that is this server: YES, tcp 22,25,80,143,443,993, icmp/icmpv6'],
  ['--service mysql', 'mysql: NO, not from the internet'],
  ['--port 3306', 'port 3306: NO, not from the internet'],
  ['--port 53/udp', 'port 53/udp: NO, not from the internet'],
  ['--port 8000-8010', 'port 8000-8010: NO, not from the internet'],
  ['--from 198.51.100.7', 'from 198.51.100.7, arriving from the internet: YES, tcp 22,25,80,143,443,993, icmp'],
  ['--service mysql --from internet', 'mysql: NO, not from the internet'],
];
test.each(ASKED)('%s is answered', (option, begins) => expect(answer(option)).toContain(begins));

test('--start is a side, the server itself, localhost or an interface', () => {
  const lan = parseInterfaceOption('lan0:inside')!;
  const from = (place: string, facts?: Facts): string => answer(`--port 443 --start ${place}`, facts);
  expect(from('outside')).toMatch(/^port 443: YES, tcp 443 /);
  expect(from('server')).toBe('port 443 from the server itself: YES, to any address (policy accept, rules.nft:42)');
  expect(from('localhost')).toBe('port 443 from localhost: YES (rules.nft:29)');
  expect(from('inside', lan)).toMatch(/^port 443 from inside: YES, tcp 443 /);
  expect(from('lan0', lan)).toMatch(/^port 443 by lan0: YES, tcp 443 /);
});

test('each of up to four files has its own answer in the headline', () => {
  const text =
    'table inet x {\nchain c {\ntype filter hook input priority 0; policy drop;\ntcp dport 22 accept\n}\n}\n';
  const all = ['a', 'b', 'c', 'd', 'e'].map(
    (name) => ({ is: 'rules', name, platform: 'nftables', text, omittedLines: [] }) as const,
  );
  const named = (many: number, asking = {}): readonly string[] => {
    const { headline, furtherLines } = createExposureReport(all.slice(0, many), NO_FACTS, parseQuestion(asking));
    return [...[headline, ...furtherLines].join('\n').matchAll(/(?:^| )([a-e]): /gm)].map(([, name]) => name!);
  };
  expect([named(4), named(4, { service: ['ssh'] }), named(5)]).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'b', 'c', 'd'],
    [],
  ]);
});

test('a text with empty sets says so; with --all only, if the sets could only close', () => {
  const text = (rule: string): string =>
    `table inet x {\nset a {\ntype ipv4_addr\n}\nchain c {\ntype filter hook input priority 0; policy drop;\n${rule}\n}\n}\n`;
  const ABOUT = 'no set or map of the text has an element (a)';
  for (const [rule, brief] of [
    ['ip saddr @a accept', true],
    ['ip saddr @a drop', false],
  ] as const) {
    const report = reportOf(text(rule));
    expect([{}, { all: true }].map((how) => printExposureText(report, how).includes(ABOUT))).toEqual([brief, true]);
  }
});

test("a box's DHCP address has a name, and is known once it is given as on the page", () => {
  const box = read('__tests__/platforms/pfsense/wild/dynamic.xml');
  const [, option] = /`--interface (wan=203\.0\.113\.5\/24)` tells it/.exec(read('docs/how-to/exposure.md'))!;
  const printHeadline = (facts = NO_FACTS): string =>
    reportOf(box, { to: ['203.0.113.5'], port: ['443/tcp'], start: ['outside'] }, facts, 'config.xml').headline;
  expect(printHeadline()).toMatch(
    /, if that is the leased address of wan: YES, from .*, translated to 10\.0\.1\.50 \(/,
  );
  expect(printHeadline(parseInterfaceOption(option!))).toMatch(
    /^(?!.*leased).*: YES, from .*, translated to 10\.0\.1\.50 \(/,
  );
});
