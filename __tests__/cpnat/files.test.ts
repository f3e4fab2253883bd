// Tests that cPanel's NAT files (/var/cpanel/cpnat, cpsources.conf, pure-ftpd.conf) are recognised by their paths, and
// which values are parsed from their lines.

import { parseCpnatLines, evaluateCpnat } from '../../lib/cpnat/evaluate-cpnat';
import { NatFileName, ParsedNatFiles, findNatFileName, parseNatFiles } from '../../lib/cpnat/nat-files';
import { parseAddress, printAddress } from '../../lib/net/address';

const of = (name: NatFileName, text: string): ParsedNatFiles => parseNatFiles(new Map([[name, text]]));
const cpnat = (text: string): ParsedNatFiles['cpnat'] => of('var/cpanel/cpnat', text).cpnat;

/** What cPanel takes 10.0.0.10 for, and where it takes a line for something else than it looks like. */
function taken(text: string): readonly [string, ...string[]] {
  const lines = cpnat(text);
  if (typeof lines !== 'object') return [lines ?? 'nothing'];
  const read = evaluateCpnat(parseCpnatLines(lines));
  const one = read.of(parseAddress('10.0.0.10')!);
  return [
    one.is === 'public' ? printAddress(one.address) : one.is,
    ...read.mistakes.map(({ code, line }) => `${code} ${line}`),
  ];
}

const HERE = '10.0.0.10 203.0.113.10\n';

describe('/var/cpanel/cpnat', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['as build_cpnat writes it', HERE, ['203.0.113.10']],
    ['without an end', HERE.trimEnd(), ['203.0.113.10']],
    ['with lines of Windows, tabs, and more words', '10.0.0.10\t \t203.0.113.10 more and more\r\n', ['203.0.113.10']],
    ['nothing in it', '', ['empty']],
    ['white space in it', '\n  \n', ['empty']],
    ['an address that was not answered', '10.0.0.10 \n', ['nothing']],
    ['the same of Windows', '10.0.0.10\r\n', ['nothing']],
    ['another address alone', '10.0.0.9 203.0.113.9\n', ['no line']],
    ['a blank before', ` ${HERE}`, ['no line', 'cpnat/bad-line 1']],
    ['a tab before', `\t${HERE}`, ['no line', 'cpnat/bad-line 1']],
    ['a comment that is none', `#${HERE}`, ['no line', 'cpnat/bad-line 1']],
    ['the same before the line', `#${HERE}${HERE}`, ['shadowed', 'cpnat/bad-line 1', 'cpnat/shadowed-line 2']],
    ['a remark', `# ours\n${HERE}`, ['203.0.113.10', 'cpnat/bad-line 1']],
    ['two remarks', `# ours\n# ours\n${HERE}`, ['203.0.113.10', 'cpnat/bad-line 1', 'cpnat/bad-line 2']],
    ['a name for the public address', '10.0.0.10 www.example.org\n', ['nothing', 'cpnat/bad-line 1']],
    [
      'names for the public addresses',
      '10.0.0.9 a\n10.0.0.10 a\n',
      ['nothing', 'cpnat/bad-line 1', 'cpnat/bad-line 2', 'cpnat/shadowed-line 2'],
    ],
    ['a network', '10.0.0.10/24 203.0.113.10\n', ['no line', 'cpnat/bad-line 1']],
    ['a number too large', '10.0.0.10 203.0.113.256\n', ['nothing', 'cpnat/bad-line 1']],
    ['a public address twice', `10.0.0.9 203.0.113.10\n${HERE}`, ['shadowed', 'cpnat/shadowed-line 2']],
    ['a local address twice', `${HERE}10.0.0.10 203.0.113.11\n`, ['203.0.113.11', 'cpnat/duplicate-local 2']],
    ['loopback', `127.0.0.1 203.0.113.1\n${HERE}`, ['203.0.113.10', 'cpnat/loopback-local 1']],
    ['IPv6', `2001:db8::10 2001:db8::11\n${HERE}`, ['203.0.113.10', 'cpnat/ipv6 1']],
    ['an empty line between', `\n${HERE}\n${HERE}`, ['203.0.113.10']],
    ['a control character', `10.0.0.10\u001b[31m 203.0.113.10\n`, ['no line', 'cpnat/bad-line 1']],
  ])('with %s', (_, text, expected) => expect(taken(text)).toEqual(expected));

  test('shows no words of what is none of its kind', () =>
    expect(JSON.stringify(cpnat('root:$6$never:19000:0\nnever never\n10.0.0.5 never\u001b\n'))).not.toContain('never'));
  test('of more lines than a server has addresses is not known', () => {
    expect(cpnat(HERE.repeat(5000))).toHaveLength(5000);
    expect(cpnat(HERE.repeat(5001))).toBe('unknown');
  });
});

describe('/etc/cpsources.conf', () => {
  test.each([
    ['MYIP=https://ifconfig.example/ip\n', 'ifconfig.example'],
    ['HTTPUPDATE=x\nMYIP=http://a.example/\nMYIP=http://192.0.2.9:8080/v1.0/\r\n', '192.0.2.9'],
    ['MYIP=http://me:secret@ip.example/secret?key=secret', 'ip.example'],
    ['MYIP=http://me:a/secret@ip.example/', '?'],
    ['MYIP=secret\n', '?'],
    ['MYIP=\n', '?'],
    ['#MYIP=http://a.example/\n MYIP=http://b.example/\n', undefined],
    ['', undefined],
  ])('%j asks %s', (text, expected) => expect(of('etc/cpsources.conf', text).myip).toBe(expected));
});

describe('/etc/pure-ftpd.conf', () => {
  test.each<readonly [string, ParsedNatFiles]>([
    [
      'PassivePortRange          49152 65534\nForcePassiveIP\t203.0.113.5\n',
      { passiveFtp: { first: 49_152, last: 65_534 }, announced: '203.0.113.5' },
    ],
    ['passiveportrange 1 2\r\nPASSIVEPORTRANGE 3 4\r\nPassivePortRange x 5\n', { passiveFtp: { first: 3, last: 4 } }],
    ['# PassivePortRange 1 2\n#ForcePassiveIP 203.0.113.5\n', {}],
    ['PassivePortRange 5 4\n', {}],
    ['PassivePortRange 0 4\n', {}],
    ['PassivePortRange 1 65536\n', {}],
    ['PassivePortRange 7\nForcePassiveIP\n', {}],
    ['ForcePassiveIP ftp.example.org\n', { announced: '?' }],
    ['ForcePassiveIP 5f4dcc3b5aa765d6\n', { announced: '?' }],
  ])('%j', (text, expected) => expect(of('etc/pure-ftpd.conf', text)).toEqual(expected));
});

test('they are known by the end of their path', () => {
  expect(['var/cpanel/cpnat', 'backup/web1/etc/cpsources.conf', 'etc/pure-ftpd.conf'].map(findNatFileName)).toEqual([
    'var/cpanel/cpnat',
    'etc/cpsources.conf',
    'etc/pure-ftpd.conf',
  ]);
  expect(
    ['cpnat', 'var/cpanel/cpnat.exim.conf', 'myvar/cpanel/cpnat', 'etc/cpsources.conf/x', ''].map(findNatFileName),
  ).toEqual(Array(5).fill(undefined));
});
