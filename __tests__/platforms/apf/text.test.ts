// Tests the parser of APF's files: folders that it refuses, settings that open or close ports or leave them unknown,
// the notes of a report, and the choice of APF's files among those of a server.

import { configFormat } from '../../../lib/platforms/apf/parse/config-format';
import { fileLayout } from '../../../lib/platforms/apf/parse/apf-paths';
import { parser } from '../../../lib/platforms/apf/parse/parser';
import { Refusal } from '../../../lib/problems/problem';
import { problemsOf } from '../../problems';
import { reportOf } from '../../exposure/report-on-file';
import { SERVER } from '../server-rows';
import { Folder, confOf, printed, seen } from './folder';

const refused = (text: string): readonly string[] =>
  problemsOf(() => parser.read(text, SERVER)).map(({ code, where }) => `${code} at ${where}`);
const assumed = (text: string): readonly string[] => configFormat.parsed(text).assumptions;

describe('APF: a text without APF’s files', () => {
  it('is refused, and the missing file is named', () => {
    expect(refused('')).toEqual(['apf/no-conf at line 1', 'apf/no-list at line 1', 'apf/no-list at line 1']);
    expect(refused(printed({}, {}, '', 'deny_hosts.rules'))).toEqual(['apf/no-list at line 1']);
    expect(refused(`${printed({})}\n==> backup/etc/apf-firewall/conf.apf <==\n`)[0]).toMatch(
      /^apf\/several at line \d+$/,
    );
    expect(refused(`${printed({})}\n==> etc/apf/conf.apf <==\n`)[0]).toMatch(/^apf\/several at line \d+$/);
  });

  it.each<[string, string]>([
    ['bytes', '\0\u0001\ufffd\u0085 ==> \u2028'],
    ['one line without end', `IG_TCP_CPORTS="${'22,'.repeat(100_000)}"`],
    ['a value without end', `IG_TCP_CPORTS="${'22,'.repeat(100_000)}`],
    ['quotes', '"'.repeat(100_001)],
    ['blanks', `${' '.repeat(100_000)}x`],
    ['letters', 'a'.repeat(100_000)],
    ['nested names', 'A=$A$A$A$A\n'.repeat(1_000)],
    ['backslashes', '\\'.repeat(100_001)],
    ['colons', ':='.repeat(100_000)],
    ['digits', '9'.repeat(100_000)],
    ['patterns', '(((a+)+)+)+$ [[[ *?'],
    ['options of iptables', 'tcp:in:d=22 -j DROP:s=203.0.113.1'],
    ['commands', 'tcp:in:d=$(reboot):s=203.0.113.1;reboot'],
    ['names of JavaScript properties', '__proto__:constructor:d=toString:s=10.0.0.1'],
  ])('%s in any of its files are parsed or refused, and nothing else is thrown', (_, text) => {
    for (const name of [
      'conf.apf',
      'allow_hosts.rules',
      'deny_hosts.rules',
      'preroute.rules',
      'etc/resolv.conf',
      'etc/default/apf-firewall',
    ])
      try {
        configFormat
          .parsed(printed({}, { [name]: name === 'conf.apf' ? confOf({}) + text : `${text}\n` }))
          .read(SERVER);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
  });

  it.each([
    'IG_TCP_CPORTS IG_UDP_CPORTS IG_ICMP_TYPES EG_TCP_CPORTS EG_TCP_UID TCP_STOP UDP_STOP ICMP_LIM TCR_PORTS'.split(
      ' ',
    ),
    'BLK_PORTS BLK_P2P_PORTS HELPER_SSH_PORT HELPER_FTP_PORT HELPER_FTP_DATA IFACE_IN IFACE_TRUSTED SET_TRIM LGATE_MAC'.split(
      ' ',
    ),
  ])('odd settings are parsed or refused: %s and others', (...keys) => {
    const on = { EGF: '1', TCR_PASS: '1', VF_LGATE: '1', BLK_IDENT: '1', RAB: '1' };
    for (const key of keys)
      for (const value of [
        '',
        '0',
        '-j',
        '! x',
        '@from',
        ';;;',
        '1_2_3',
        'a'.repeat(5000),
        '-A INPUT -j ACCEPT',
        '*',
        '__proto__',
        '(+)',
      ])
        expect(() => {
          try {
            configFormat.parsed(printed({ ...on, [key]: value })).read(SERVER);
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
        }).not.toThrow();
  });

  it('very many lines are parsed, or refused as too much', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24\n`).join('');
    const text = printed({ SET_TRIM: '0' }, { 'deny_hosts.rules': many });
    expect(refused(text).filter((one) => !one.startsWith('apf/too-much'))).toEqual([]);
  });
});

describe('APF: SET_MONOKERN off', () => {
  const facts = 'eth0    inet 198.51.100.50/24 scope global eth0\ndefault via 198.51.100.1 dev eth0\n';
  const headline = (monokern: string): string =>
    reportOf(`${printed({ SET_MONOKERN: monokern, IG_TCP_CPORTS: '22' })}2: ${facts}`, {}, undefined, 'apf').headline;

  it('is open if both cases are open, and UNKNOWN otherwise: the kernel may lack the module', () => {
    expect(headline('1')).not.toContain('UNKNOWN');
    expect(headline('0')).toMatch(/tcp 22\b.*UNKNOWN.*SET_MONOKERN is off, and where .*, APF loads nothing/);
  });
});

describe('APF: the notes of a report', () => {
  it('begin with the reason why everything is open, with its line', () => {
    expect(assumed(printed({ DEVEL_MODE: '1' }))[0]).toBe(
      'line 6: DEVEL_MODE is on: cron stops APF every five minutes. Everything is open',
    );
    expect(assumed(printed({}, { 'etc/default/apf-firewall': 'RUN="no"\n' }))[0]).toMatch(
      /^line \d+: RUN is not "yes": APF is not started\. Everything is open$/,
    );
    expect(assumed(printed({ IFACE_TRUSTED: 'eth0,eth1' }))[0]).toMatch(
      /^line 10: no interface eth0,eth1 has a route .* Everything is open$/,
    );
    const noProgram = printed({}).replace(/^\. .*$/m, '');
    expect(assumed(noProgram)[0]).toMatch(
      /^line 2: conf\.apf does not include internals\/internals\.conf: .* Everything is open$/,
    );
  });

  it('give the reason why everything is UNKNOWN', () => {
    expect(assumed(printed({}, {}, 'if x\n'))[0]).toMatch(
      /^line 53: only NAME="value" is followed here.*: everything is UNKNOWN$/,
    );
  });

  it('name what no file contains, and lines without effect', () => {
    const lists: Folder = { 'allow_hosts.rules': '192.0.2.9 # me\n2001:db8::1\n', 'glob_allow.rules': '192.0.2.1\n' };
    const said = assumed(
      printed({ SET_MONOKERN: '0', SYSCTL_ROUTE: '0', SET_FASTLOAD: '1', IG_TCP_CPORTS: '22,99999' }, lists),
    );
    expect(said).toEqual(
      expect.arrayContaining([
        'APF 9.7 filters nothing of IPv6: all of it is open',
        expect.stringMatching(/^line \d+: SET_MONOKERN is off: .* everything is open$/),
        expect.stringMatching(/^line \d+: SYSCTL_ROUTE is off: /),
        expect.stringMatching(/^line \d+: SET_FASTLOAD is on: /),
        expect.stringMatching(/^line \d+: APF empties glob_allow\.rules at every start/),
        'line 2: iptables refuses what APF makes of "IG_TCP_CPORTS="22,99999"". It is as if it were not there',
        'line 55: APF leaves out a line with a # in it. It is as if it were not there',
        'line 56: APF reads nothing of a line like this. It is as if it were not there',
        expect.stringMatching(/^not in the text, and taken for what the package has: .*preroute\.rules/),
      ]),
    );
  });
});

describe('APF: a report of a server with known addresses', () => {
  const told = (name: string): readonly string[] => {
    const facts = `1: ${name}    inet 198.51.100.50/24 scope global ${name}\n1: lo    inet6 ::1/128 scope host lo\ndefault via 198.51.100.1 dev ${name}\n`;
    return reportOf(`${printed({})}${facts}`, {}, undefined, 'apf').devices[0]!.assumptions;
  };

  it('assumes no addresses', () => {
    const supposed = (all: readonly string[]): readonly string[] =>
      all.filter((one) => /--facts|have no route/.test(one));
    expect(supposed(assumed(printed({})))).toHaveLength(2);
    expect(supposed(told('eth0'))).toEqual([]);
  });

  it('names the missing interface because of which everything is open', () => {
    expect(told('ens3').filter((one) => one.includes('Everything is open'))).toEqual([
      'conf.apf:7: no interface eth0 has a route of IPv4: APF loads nothing. Everything is open',
    ]);
  });
});

describe('APF: the choice of its files among those of a server', () => {
  const among = (...paths: readonly string[]): readonly string[] => [
    ...fileLayout.among(paths.map((path) => ({ path, isFile: true }))),
  ];

  it('takes those of a copy, of a tar and of the folder itself', () => {
    const etc = [
      'conf.apf',
      'VERSION',
      'allow_hosts.rules',
      'internals/reserved.networks',
      'internals/functions.apf',
      'vnet/192.0.2.1.rules',
    ];
    expect(among(...etc, 'internals/icmp.types', 'internals/.apf.restore', 'readme.txt')).toEqual(etc);
    const all = [
      ...etc.map((one) => `copy/etc/apf-firewall/${one}`),
      'copy/etc/resolv.conf',
      'copy/etc/default/apf-firewall',
    ];
    expect(among(...all, 'etc/resolv.conf', 'copy/etc/default/grub', 'copy/etc/passwd')).toEqual(all);
    expect(among('etc/apf/allow_hosts.rules', 'etc/passwd')).toEqual([]);
  });

  it.each(['/etc/apf-firewall/conf.apf', 'deny_hosts.rules', 'a/etc/apf/x', 'etc/default/apf-firewall'])(
    '%s is recognised by its path',
    (path) => expect(configFormat.recognises(`==> ${path} <==\n`)).toBe(true),
  );

  it.each(['notes/apf/todo', 'rules.conf', 'etc/default/grub', 'etc/csf/csf.conf'])('%s is not recognised', (path) =>
    expect(configFormat.recognises(`==> ${path} <==\n`)).toBe(false),
  );

  it('files with CRLF give the same result', () => {
    const text = printed({}, { 'deny_hosts.rules': '192.0.2.9\n' });
    expect(seen(text.replaceAll('\n', '\r\n'))).toEqual(seen(text));
  });
});
