// Tests what `verify` and `doctor` report if cPanel's NAT file agrees with the gateway's mappings, differs from them or
// from the release, or is missing.

import { parseCpanelNat, listGatewayPolicies, listNatDifferences, listNatNotes } from '../../driver/cpanel-nat';
import { CpnatIntent, OneToOneNatIntent } from '../../lib/intent/intent';
import { Wish } from '../support';
import { MAIL, holdersOf } from './doctor/samples';
import { said } from './doctor/print-sample-diagnosis';

const FILE = '/var/cpanel/cpnat';
const HERE = ['cpnat there', 'line 1 10.0.0.10 203.0.113.10'];
const REBUILT =
  "/usr/local/cpanel/scripts/build_cpnat, which asks myip.cpanel.net from each address; on a server with accounts read cPanel's page on 1:1 NAT first";

describe("the agent's answer about cPanel's NAT file", () => {
  test('is parsed', () =>
    expect(
      parseCpanelNat([
        ...HERE,
        'line 2 - ?',
        'myip ip.example',
        'pure-ftpd there',
        'passiveportrange 49152 65534',
        'forcepassiveip 203.0.113.10',
      ]),
    ).toEqual({
      file: 'there',
      lines: [
        { line: 1, local: '10.0.0.10', public: '203.0.113.10' },
        { line: 2, local: '', public: '?' },
      ],
      asks: 'ip.example',
      ftp: { passive: { first: 49_152, last: 65_534 }, announced: '203.0.113.10' },
    }));
  test.each([[[]], [['cpnat sometimes']], [['line 1 10.0.0.10 203.0.113.10']], [['cpnat there', 'cpnat absent']]])(
    'is ignored if it is malformed: %j',
    (lines) => expect(parseCpanelNat(lines)).toBeUndefined(),
  );
  test('is unknown if the file has more lines than the agent reads', () =>
    expect(parseCpanelNat([...HERE, 'cpnat more'])?.file).toBe('unknown'));
  test.each(['passiveportrange 5 4', 'passiveportrange 0 9', 'passiveportrange x 9', 'passiveportrange 1 65536'])(
    '%s is no port range',
    (line) => expect(parseCpanelNat([...HERE, 'pure-ftpd there', line])?.ftp).toEqual({}),
  );
});

const OF_MAIL = holdersOf(MAIL);

/** Returns verify's notes on the guide's mail server, whose public address is 203.0.113.10. */
function notes(lines: readonly string[], wish: Wish = MAIL): readonly string[] {
  const holders = wish === MAIL ? OF_MAIL : holdersOf(wish);
  const server = holders.find(({ role }) => role === 'server')!;
  return listNatNotes(parseCpanelNat(lines), server.release!, () => listGatewayPolicies(holders));
}

describe('the notes for a server that runs its release', () => {
  test('are empty if cPanel agrees with the gateway, and without cPanel', () => {
    expect(notes(HERE)).toEqual([]);
    expect(notes([])).toEqual([]);
    expect(notes(['cpnat unknown'])).toEqual([]);
  });
  test.each([
    [
      'cpnat absent',
      `${FILE} is not there, so cPanel takes 10.0.0.10 for its public address; as root there: ${REBUILT}`,
    ],
    ['cpnat empty', `${FILE} is empty, so cPanel takes 10.0.0.10 for its public address; as root there: ${REBUILT}`],
  ])('%s', (line, expected) => expect(notes([line])).toEqual([expected]));
  test.each([
    [
      'another address',
      ['10.0.0.10 203.0.113.11'],
      [`${FILE} has 203.0.113.11 for 10.0.0.10 (line 1), not 203.0.113.10`],
    ],
    [
      'no line',
      ['10.0.0.9 203.0.113.9'],
      [`${FILE} has no line for 10.0.0.10, so cPanel takes it for its public address`],
    ],
    [
      'no answer',
      ['10.0.0.10 -'],
      [`line 1 of ${FILE} has no public address for 10.0.0.10: build_cpnat had no answer when it asked from there`],
    ],
    [
      'an earlier line for another address',
      ['10.0.0.9 203.0.113.10', '10.0.0.10 203.0.113.10'],
      [
        `line 2 of ${FILE} has no effect, as line 1 has 203.0.113.10 for 10.0.0.9 first: cPanel takes 10.0.0.10 for its public address`,
        `line 2 of ${FILE}: line 1 has 203.0.113.10 for 10.0.0.9 first (cpnat/shadowed-line)`,
      ],
    ],
    [
      'an invalid line',
      ['10.0.0.10 203.0.113.10', '? ?'],
      [`line 2 of ${FILE}: it is not a local and a public IPv4 address, divided by a blank (cpnat/bad-line)`],
    ],
  ])('%s', (_, lines, expected) => {
    const found = notes(['cpnat there', ...lines.map((line, i) => `line ${i + 1} ${line}`)]);
    expect(found.map((line) => line.replace(`; as root there: ${REBUILT}`, ''))).toEqual(expected);
  });
  test('name the page that cPanel asks for its address', () =>
    expect(notes(['cpnat absent', 'myip ip.example'])[0]).toContain('which asks ip.example from each'));
  test("don't name a page that isn't known", () =>
    expect(notes(['cpnat absent', 'myip ?'])[0]).toContain('which asks the page of /etc/cpsources.conf from each'));
  test('count unknown words of a line as two', () =>
    expect(
      notes(['cpnat there', 'line 1 ? 203.0.113.10', 'line 2 ? 203.0.113.12', 'line 3 10.0.0.10 203.0.113.10'])[0],
    ).toMatch(/^line 3 of \/var\/cpanel\/cpnat has no effect, as line 1 has 203\.0\.113\.10/));
  test('are empty for a stack of another version', () =>
    expect(
      listGatewayPolicies(OF_MAIL.map((one) => ({ ...one, release: { ...one.release!, policy: 'of tomorrow' } }))),
    ).toEqual([]));
  test('list ten of a hundred bad lines', () => {
    const bad = Array.from({ length: 100 }, (_, i) => `line ${i + 2} ? ?`);
    const found = notes([...HERE, ...bad]);
    expect([found.length, found.at(-1)]).toEqual([11, 'and 90 more like it']);
  });
  test('are empty on addresses if the stack has no gateway', () => {
    const [, server] = OF_MAIL;
    expect(listNatNotes(parseCpanelNat(['cpnat absent']), server!.release!, () => [])).toEqual([]);
  });
  test('use the mapping by which the server leaves, if it has two', () => {
    const both = (more: object): Wish =>
      mapped([{ name: 'b', virtualIp: 'b', internal: { server: 'mail1' }, ...more }]);
    expect(notes(['cpnat there', 'line 1 10.0.0.10 203.0.113.11'], both({ inboundOnly: true }))[0]).toMatch(
      /, not 203\.0\.113\.10;/,
    );
    expect(notes(HERE, both({ inboundOnly: true }))).toEqual([]);
  });
  test('are empty if the only mapping is for some peers', () =>
    expect(notes(['cpnat absent'], mapped([], { destination: ['198.51.100.0/24'] }))).toEqual([]));
});

describe("a release with cPanel's NAT file", () => {
  const [mail] = MAIL.servers!;
  const said = (cpnat: CpnatIntent): Wish => ({ ...MAIL, servers: [{ ...mail!, cpnat }] });
  const differs = (wish: Wish, ...lines: readonly string[]): readonly string[] => {
    const { release } = holdersOf(wish).find(({ role }) => role === 'server')!;
    return listNatDifferences(parseCpanelNat(lines), release!);
  };
  const OTHER = ['cpnat there', 'line 1 10.0.0.10 203.0.113.11'];

  test("contains the file's lines; a release without the file is the same as before", () => {
    const [saying, silent] = [said({}), MAIL].map(
      (wish) => holdersOf(wish).find(({ role }) => role === 'server')!.release!,
    );
    expect(saying!.cpnat).toEqual(['nat-mode on', 'in-use refuse', 'pair 10.0.0.10 203.0.113.10']);
    expect(saying!.lines).toContain('cpnat 10.0.0.10: 203.0.113.10');
    expect([saying!.text, 'cpnat' in silent!]).toEqual([silent!.text, false]);
    expect(saying!.digest).not.toBe(silent!.digest);
  });
  test('another address is drift and no note', () => {
    expect(differs(said({}), ...OTHER)).toEqual([`${FILE} has 203.0.113.11 for 10.0.0.10 (line 1), not 203.0.113.10`]);
    expect(notes(OTHER, said({}))).toEqual([]);
    expect(differs(said({}), ...HERE)).toEqual([]);
    expect(differs(MAIL, ...OTHER)).toEqual([]);
  });
  test('is unknown without cPanel', () => expect(differs(said({}))).toEqual([]));
  test("a file that can't be read differs from the release", () =>
    expect(differs(said({}), 'cpnat unknown')).toEqual([
      `${FILE} can't be read whole: whether it has the pairs of the release is not known`,
    ]));
  test('NAT mode off', () => {
    expect(differs(said({ natMode: 'off' }), 'cpnat absent')).toEqual([]);
    expect(differs(said({ natMode: 'off' }), 'cpnat empty')).toEqual([
      `${FILE} is there, and the release has NAT mode off`,
    ]);
  });
  test('the note on passive connections follows the release', () =>
    expect(
      notes(
        ['cpnat there', 'pure-ftpd there', 'forcepassiveip 192.0.2.7'],
        ftp(said({ pairs: [{ local: '10.0.0.10', public: '192.0.2.7' }] })),
      ),
    ).toEqual([]));
  test('another passive setting of Pure-FTPd is drift', () => {
    const wish = said({ passiveFtp: {} });
    expect(differs(wish, ...HERE, 'pure-ftpd there')).toEqual([
      'Pure-FTPd has no address for passive connections, not 203.0.113.10',
    ]);
    expect(differs(wish, ...HERE, 'pure-ftpd there', 'forcepassiveip 203.0.113.10')).toEqual([]);
    expect(differs(wish, ...HERE)).toEqual([]);
  });
  const ftp = (wish: Wish): Wish => ({
    ...wish,
    servers: wish.servers!.map((one) => ({ ...one, profile: { ...one.profile, services: ['ftp', '443/tcp'] } })),
  });
});

/** The mail server with a changed mapping, and further mappings for 203.0.113.11. */
function mapped(more: readonly OneToOneNatIntent[], change: object = {}): Wish {
  const { gateway } = MAIL;
  return {
    ...MAIL,
    gateway: {
      ...gateway!,
      virtualIps: [
        ...gateway!.virtualIps!,
        { name: 'b', interface: 'wan0', address: '203.0.113.11', kind: 'ip-alias' },
      ],
      mappings: [{ ...gateway!.mappings![0]!, ...change }, ...more],
    },
  };
}

describe('Pure-FTPd', () => {
  const [mail] = MAIL.servers!;
  const files: Wish = { ...MAIL, servers: [{ ...mail!, profile: { ...mail!.profile, services: ['ftp', '443/tcp'] } }] };
  const [FTPD, RANGE, ANNOUNCED] = ['pure-ftpd there', 'passiveportrange 49152 65534', 'forcepassiveip 203.0.113.10'];
  const after = ' in /var/cpanel/conf/pureftpd/local, then /usr/local/cpanel/scripts/setupftpserver pure-ftpd --force';

  test.each([
    ['as the profile opens it', [FTPD, RANGE, ANNOUNCED], []],
    ['no Pure-FTPd', [], []],
    [
      'another range',
      [FTPD, 'passiveportrange 30000 50000', ANNOUNCED],
      [
        `Pure-FTPd has passive ports 30000-50000, of which the profile does not open 30000: transfers fail (ports/ftp-passive-mismatch); one range in both, PassivePortRange: FIRST LAST${after}`,
      ],
    ],
    ['a part of the range', [FTPD, 'passiveportrange 50000 50100', ANNOUNCED], []],
    [
      'no address of its own',
      [FTPD, RANGE],
      [
        `Pure-FTPd sends clients to 10.0.0.10 for passive transfers, and it has no ForcePassiveIP: ForcePassiveIP: 203.0.113.10${after}`,
      ],
    ],
    [
      'a wrong one',
      [FTPD, RANGE, 'forcepassiveip 203.0.113.99'],
      [
        `Pure-FTPd sends clients to 203.0.113.99 for passive transfers, and no mapping has that address: ForcePassiveIP: 203.0.113.10${after}`,
      ],
    ],
    ["a name, which the agent doesn't print", [FTPD, RANGE, 'forcepassiveip ?'], []],
  ])('%s', (_, lines, expected) => expect(notes([...HERE, ...lines], files)).toEqual(expected));
  test("isn't checked if the profile opens no FTP", () =>
    expect(notes([...HERE, FTPD, 'passiveportrange 1 2'])).toEqual([]));
});

describe('doctor', () => {
  const asked = (lines: readonly string[]): string => {
    const cpanelNat = parseCpanelNat(lines);
    return said({ server: { facts: cpanelNat ? { cpanelNat } : {} } });
  };
  test('says that cPanel knows the address, and nothing without cPanel', () => {
    expect(asked(HERE)).toContain(`✓ cPanel knows its public address: ${FILE} has 203.0.113.10 for 10.0.0.10 (line 1)`);
    expect(asked([])).not.toContain('cPanel knows');
  });
  test("says that cPanel doesn't know it, which blocks no client", () => {
    const lines = asked(['cpnat absent']);
    expect(lines).toContain(
      `✗ cPanel knows its public address: ${FILE} is not there, so cPanel takes 10.0.0.10 for its public address`,
    );
    expect(lines).toMatch(
      /What to do: as root on mail1 \(.*\): \/usr\/local\/cpanel\/scripts\/build_cpnat, which asks/,
    );
  });
});
