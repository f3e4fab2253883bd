// Tests cPanel's NAT files in the same folder or archive as rules: they are recognised and described, and the rules are
// evaluated as without them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { tarOfFiles } from './spread-samples';

const folder = temporaryFolder();
const built = builtCommand();

const NAT: Readonly<Record<string, string>> = {
  'var/cpanel/cpnat': '10.0.0.10 203.0.113.10\n10.0.0.11 203.0.113.10\n# $6$never never\n10.0.0.12\n',
  'var/cpanel/cpnat.exim.conf': 'never',
  'etc/cpsources.conf': 'MYIP=https://me:never@ip.example/never\n',
  'etc/pure-ftpd.conf': 'PassivePortRange 49152 65534\nForcePassiveIP 203.0.113.99\nMySQLConfigFile never\n',
};
const REMARKS = [
  'error cpnat/bad-line: /var/cpanel/cpnat: line 3: it is not a local and a public IPv4 address, divided by a blank.',
  'error cpnat/shadowed-line: /var/cpanel/cpnat: line 2: line 1 has 203.0.113.10 for 10.0.0.10 first.',
  'note cpnat/myip-custom: build_cpnat asks ip.example for the public addresses.',
];
const GIVEN = [
  'cPanel takes 203.0.113.10 for the public address of 10.0.0.10 (line 1 of /var/cpanel/cpnat)',
  'cPanel takes 10.0.0.11 for a public address itself (line 2 of /var/cpanel/cpnat)',
  'cPanel takes 10.0.0.12 for a public address itself (line 4 of /var/cpanel/cpnat)',
  'build_cpnat asks ip.example',
  'Pure-FTPd has passive ports 49152-65534',
  'Pure-FTPd sends clients to 203.0.113.99 for passive transfers',
];
const FIREWALLD: Readonly<Record<string, string>> = {
  'etc/firewalld/firewalld.conf': 'DefaultZone=public\n',
  'etc/firewalld/zones/public.xml': '<zone>\n  <service name="ssh"/>\n  <port port="443" protocol="tcp"/>\n</zone>\n',
  'usr/lib/firewalld/services/ssh.xml': '<service><port protocol="tcp" port="22"/></service>\n',
  'usr/lib/firewalld/policies/allow-host-ipv6.xml': '<policy target="CONTINUE"/>\n',
};
const RULES = `table inet filter {
	chain INPUT {
		type filter hook input priority filter; policy drop;
		tcp dport { 21, 49152-50000 } accept
	}
}
`;
const ADDRESSES = `2: eth0    inet 10.0.0.10/24 brd 10.0.0.255 scope global eth0
default via 10.0.0.1 dev eth0 proto static
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.10
`;
const put = (files: Readonly<Record<string, string>>): void =>
  Object.entries(files).forEach(([path, text]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  });
const below = (root: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));

function shown(...words: readonly string[]): {
  readonly remarks: readonly string[];
  readonly given: readonly string[];
  readonly out: string;
} {
  const { status, out, said } = typed(built, ['exposure', '--all', ...words], { cwd: folder });
  expect([status, said]).toEqual([0, '']);
  expect(out).not.toContain('never');
  const lines = out.split('\n');
  return {
    out,
    remarks: lines.flatMap((line) => / {2}(\w+ (?:cpnat\/|ports\/ftp-passive-mismatch).*)/.exec(line)?.[1] ?? []),
    given: lines.flatMap((line) => /^given: (.*(?:cPanel|build_cpnat|Pure-FTPd).*)/.exec(line)?.[1] ?? []),
  };
}

test('in a folder or a tar of their own beside rules, in any order', async () => {
  put({ ...below('nat', NAT), 'rules.nft': RULES });
  writeFileSync(join(folder, 'nat.tar'), await tarOfFiles(NAT));
  const passive =
    'warning ports/ftp-passive-mismatch: FTP (tcp 21) is open at this server, and of its passive ports tcp 50001-65534 are closed to some who reach it.';
  for (const words of [
    ['rules.nft', 'nat'],
    ['nat', 'rules.nft'],
    ['rules.nft', 'nat.tar'],
  ]) {
    const { remarks, given, out } = shown(...words);
    expect([...remarks].sort()).toEqual([...REMARKS, passive].sort());
    expect(given).toEqual(GIVEN);
    expect(out).toMatch(/^Open to the internet: tcp 21,49152-50000\.$/m);
  }
});

test('among the files of a firewall, whose rules are evaluated as without them', async () => {
  put(below('whole-one', { ...FIREWALLD, ...NAT }));
  writeFileSync(join(folder, 'whole-one.tar'), await tarOfFiles({ ...FIREWALLD, ...NAT }));
  put(below('alone', FIREWALLD));
  // Their lines come first, so the rules' lines have other numbers.
  const plain = (out: string): readonly string[] =>
    out
      .split('\n')
      .flatMap((line) =>
        /cpnat\/|^given: (cPanel|build_cpnat|Pure-FTPd)|^Worth a look|^$/.test(line)
          ? []
          : [line.replace(/(lines?) [\d, ]+/g, '$1 N')],
      );
  const alone = plain(shown('alone').out);
  expect(alone).toContainEqual(expect.stringContaining('tcp 22,443'));
  for (const name of ['whole-one', 'whole-one.tar']) {
    const { remarks, given, out } = shown(name);
    expect([...remarks].sort()).toEqual([...REMARKS].sort());
    expect(given).toEqual(GIVEN);
    expect(plain(out.replaceAll(name, 'alone'))).toEqual(alone);
  }
});

test('as verify --json has them; other texts in that place are ignored', () => {
  const lines = [
    { line: 1, local: '10.0.0.10', public: '203.0.113.10' },
    { line: 2, local: '10.0.0.11', public: '203.0.113.10' },
    { line: 3, local: '#', public: '?3' },
    { line: 4, local: '10.0.0.12', public: '' },
  ];
  const ftp = { passive: { first: 49152, last: 65534 }, announced: '203.0.113.99' };
  const told = { file: 'there', lines, asks: 'ip.example', ftp };
  const facts = {
    addresses: '',
    links: '',
    routes: '',
    forwarding: { ip: false, ip6: false },
    legacyTables: [],
    version: '1.0.6',
  };
  const of = (cpanelNat: unknown): ReturnType<typeof shown> => {
    put({
      'device.json': JSON.stringify({ schema: 2, device: 'web1', ruleset: RULES, facts: { ...facts, cpanelNat } }),
    });
    return shown('device.json');
  };
  expect(of(told).given).toEqual(GIVEN);
  expect([...of(told).remarks].sort()).toEqual([
    ...REMARKS,
    expect.stringMatching(/^warning ports\/ftp-passive-mismatch: /),
  ]);
  expect(of({ file: 'empty', lines: [] }).remarks).toEqual([expect.stringMatching(/^error cpnat\/empty: /)]);
  for (const odd of [
    undefined,
    null,
    7,
    [],
    {},
    { file: 'absent', lines: [] },
    { file: 'x', asks: 'a b', ftp: { passive: { first: 9, last: 2 } } },
  ])
    expect(of(odd)).toMatchObject({ given: [], remarks: [] });
  for (const odd of [
    7,
    [7],
    [{ line: 0, local: 'a', public: 'b' }],
    [{ line: 1, local: 'a b', public: '' }],
    [{ line: 1e9, local: 'a', public: '' }],
  ])
    expect(of({ file: 'there', lines: odd }).given).toEqual([
      expect.stringMatching(/^\/var\/cpanel\/cpnat can’t be read, or has more/),
    ]);
});

test('an empty file, one without need, and a complete one', () => {
  const of = (cpnat: string): readonly string[] => {
    put({ 'one/var/cpanel/cpnat': cpnat, 'rules.nft': RULES });
    return shown('rules.nft', 'one').remarks;
  };
  expect(of('')).toEqual([expect.stringMatching(/^error cpnat\/empty: /)]);
  expect(of('203.0.113.9 203.0.113.9\n')).toEqual([expect.stringMatching(/^warning cpnat\/flag-without-nat: /)]);
  expect(of('10.0.0.10 203.0.113.10\n')).toEqual([]);
});

test('are refused without rules, beside several rulesets, and for several servers', async () => {
  put({
    ...below('nat', NAT),
    ...below('other', NAT),
    ...below('both/a', NAT),
    ...below('both/b', NAT),
    'rules.nft': RULES,
    'more.nft': RULES,
  });
  const refused = (...words: readonly string[]): string => {
    const { status, out, said } = typed(built, ['exposure', ...words], { cwd: folder });
    expect([status, out]).toEqual([2, '']);
    return said;
  };
  for (const words of [['nat'], ['nat', 'other', 'rules.nft'], ['rules.nft', 'nat', 'more.nft']])
    expect(refused(...words)).toMatch(/^review\/nat-files-alone at nat: /);
  expect(refused('rules.nft', 'both')).toMatch(/^review\/nat-file-twice at both: It has \/etc\/cpsources\.conf twice/);
});

test('import takes the rules of such a folder and nothing else', () => {
  put({ ...below('whole-one', { ...FIREWALLD, ...NAT }), ...below('without', FIREWALLD), addresses: ADDRESSES });
  const [one, other] = ['whole-one', 'without'].map((name) => {
    const { status, out, said } = typed(
      built,
      ['import', '--force', '--platform-version', '1.0.6', name, 'addresses'],
      { cwd: folder },
    );
    return [`${status}`, out, said].map((text) => text.replaceAll(name, 'X'));
  });
  expect(one).toEqual(other);
  expect(one).toEqual([expect.stringMatching(/^[01]$/), expect.stringMatching(/\S/), expect.anything()]);
});

test("a text that begins with rules is left whole, since the end of a NAT file in it isn't known", () => {
  const after = `==> /var/cpanel/cpnat <==\n10.0.0.10 203.0.113.10\n`;
  expect(recognizeText(`${RULES}\n${after}`, 'x')).toMatchObject({ is: 'rules', text: expect.stringContaining(after) });
  expect(recognizeText(`${RULES}\n${after}`, 'x')).not.toHaveProperty('natFiles');
});
