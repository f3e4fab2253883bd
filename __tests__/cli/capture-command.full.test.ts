// Tests the command `capture`, of a file, of standard input or of a device by SSH: which parts of a gateway's
// config.xml or a server's facts it keeps, which it reports as left out, and that --check finds changes since an
// earlier capture.

import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { connectionOf } from '../driver/samples';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const CAPTURES = join(__dirname, '../platforms/pfsense/captures');
const captured = readFileSync(join(CAPTURES, 'secrets.captured.xml'), 'utf8');
const wild = (name: string): string =>
  readFileSync(join(__dirname, '../platforms/pfsense/wild', `${name}.xml`), 'utf8');

const run = (words: readonly string[], input = '', path = process.env['PATH']): Printed =>
  typed(built, ['capture', ...words], { cwd: folder, input, env: { PATH: path, TMPDIR: folder } });

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

describe('cpanel-edge capture', () => {
  it('prints the capture of a file, and lists apart what it left out', () => {
    const told = (text: string): string => text.replace('Bad addresses', 'Password: hunter2');
    const { status, out, said } = run(['-'], told(readFileSync(join(CAPTURES, 'secrets.xml'), 'utf8')));
    expect([status, out]).toEqual([0, told(captured)]);
    expect(said.split('\n')).toEqual([
      ...[
        'filter/rule/zz9',
        'installedpackages/acme',
        'installedpackages/haproxy',
        'installedpackages/miniupnpd/config/permuser1',
      ].map((name) => `left out, not known: ${name}`),
      'left out, not known: installedpackages/wireguard',
      'left out, not known: system/futureswitch',
      'looks like a secret, and stays: line 63, aliases/alias/descr. Look before you commit it.',
      '',
    ]);
  });

  it('reads standard input, and writes the whole file at once', () => {
    const { status, out, said } = run(['-', '-o', 'kept.xml'], captured);
    expect([status, out, said]).toEqual([0, '', '']);
    expect(readFileSync(join(folder, 'kept.xml'), 'utf8')).toBe(captured);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('leaves out the entries of chosen owners', () => {
    const own = captured.replace('<![CDATA[Web]]>', '<![CDATA[cpanel-edge:hosting/web]]>');
    expect(run(['-'], own).out).toContain('203.0.113.10');
    expect(run(['-', '--without', 'mail'], own).out).toContain('203.0.113.10');
    expect(run(['-', '--without', 'mail', '--without', 'hosting'], own).out).not.toContain('203.0.113.10');
  });

  it.each([
    [
      'no such file',
      ['no-such-file.xml'],
      '',
      /^cli\/file-unreadable at no-such-file\.xml: It can't be read: there is no such file or folder\./,
    ],
    [
      'rules of another firewall',
      [
        file(
          'rules.nft',
          'table inet x {\n  chain in {\n    type filter hook input priority 0; policy drop;\n  }\n}\n',
        ),
      ],
      '',
      /^import\/not-recognised at the configuration: It is of nftables, of which nothing is captured:/,
    ],
    [
      'an empty file',
      [file('empty.xml', '')],
      '',
      /^cli\/file-empty at empty\.xml: It is empty\.\n {2}instead: a configuration as the device has it, or what/,
    ],
    ['nothing on standard input', ['-'], ' \n', /^cli\/file-empty at standard input: /],
    [
      'an empty capture to compare with',
      [join(CAPTURES, 'secrets.xml'), '--check', file('empty.xml', '')],
      '',
      /^cli\/file-empty at empty\.xml: It is empty\.\n {2}instead: what cpanel-edge capture wrote\.$/m,
    ],
    ['a folder', ['.'], '', /^cli\/file-unreadable at \.: .*folder/],
    ['no configuration', ['-'], 'hello\n', /^pfsense\/capture-not-xml at line 1/],
    ['another firewall', ['-'], '<opnsense/>', /^pfsense\/capture-other-root/],
    ['an encrypted backup', ['-'], '---- BEGIN config.xml ----\n', /^pfsense\/capture-encrypted/],
    [
      'nowhere to write',
      ['-', '-o', 'no-folder/kept.xml'],
      '<pfsense/>',
      /^cli\/file-unwritable at no-folder\/kept\.xml/,
    ],
    ['no stack', ['edge1'], '', /^cli\/no-stack/],
    ['no owner', ['-', '--without', '../x'], '', /--without/],
    ['both', ['-', '-o', 'x', '--check', 'y'], '', /--check.*cannot be used/],
  ])('refuses %s', (_, words, input, why) => {
    const { status, out, said } = run(words, input);
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(why)]);
    expect(said).not.toMatch(/^ {4}at /m);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('cpanel-edge capture --check', () => {
  const kept = file('office.xml', wild('small-office'));

  it('accepts the same configuration, whatever differs without effect', () => {
    const other = wild('small-office').replace(/<hostname>[^<]*/, '<hostname>renamed');
    expect(other).not.toBe(wild('small-office'));
    expect(run(['-', '--check', kept], other)).toEqual({ status: 0, out: 'the same\n', said: '' });
  });

  it('accepts the same exposure, and says that the text differs', () => {
    const other = wild('small-office').replace('<![CDATA[mail server]]>', '<![CDATA[the mail server]]>');
    expect(run(['-', '--check', kept], other)).toEqual({
      status: 0,
      said: '',
      out: 'the configuration differs, and exposes the same: capture it again when you like\n',
    });
  });

  it('lists the ports that differ', () => {
    const rules =
      '<rule><type>pass</type><interface>wan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><any></any></source><destination><address>10.0.1.50</address><port>3306</port></destination></rule>';
    const { status, out } = run(['-', '--check', kept], wild('small-office').replace('<filter>', `<filter>${rules}`));
    expect([status, out]).toEqual([
      1,
      expect.stringMatching(
        /^\+ opens from the internet by wan: 10\.0\.1\.50, 203\.0\.113\.10 tcp 3306 from anywhere.*\nit exposes something else than was captured\n$/,
      ),
    ]);
    const closed = run(['-', '--check', kept], wild('small-office').replace(/<onetoone>[\s\S]*<\/onetoone>/, ''));
    expect([closed.status, closed.out]).toEqual([
      1,
      expect.stringMatching(/^- closes from the internet by wan: 203\.0\.113\.10 tcp 25,465,993 from anywhere/m),
    ]);
  });

  it('calls an undecidable difference unknown, not equal', () => {
    const before = file('schedules.xml', wild('schedules'));
    const { status, out } = run(
      ['-', '--check', before],
      wild('schedules').replace('<![CDATA[mail]]>', '<![CDATA[post]]>'),
    );
    expect([status, out]).toEqual([
      1,
      expect.stringMatching(
        /^\? can not be decided, as before from the internet by wan: .*\n[\s\S]*whether its exposure does can not be decided/,
      ),
    ]);
  });

  it("refuses a file that can't be compared", () => {
    expect(run(['-', '--check', 'no-such-file'], captured)).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^cli\/file-unreadable at no-such-file/m),
    });
    expect(run(['-', '--check', file('broken.xml', '<pfsense>')], captured)).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^pfsense\/capture-not-xml/m),
    });
  });
});

describe('cpanel-edge capture of a server', () => {
  const told = (...lines: readonly string[]): string =>
    `cpanel-edge: section system\n|ID=ubuntu\n|VERSION_ID="22.04"\ncpanel-edge: section server\n${lines.map((line) => `|${line}\n`).join('')}cpanel-edge: section cpanel-nat\n|cpnat absent\ncpanel-edge: ok facts\n`;
  const before = told('listens known', 'listens tcp 22 sshd', 'accounts 0');
  const facts = { system: 'ubuntu 22.04', hasAccounts: false, listens: { 'tcp 22': 'sshd' }, cpnat: 'absent' };

  it('keeps what the agent answered about it', () => {
    const { status, out, said } = run(['-'], before);
    expect([status, JSON.parse(out), said]).toEqual([0, facts, '']);
    expect(run(['-', '-o', 'web1.facts.json'], before)).toEqual({ status: 0, out: '', said: '' });
    expect(readFileSync(join(folder, 'web1.facts.json'), 'utf8')).toBe(out);
  });

  it('prints a line for each differing fact', () => {
    const kept = file('kept.json', JSON.stringify(facts));
    expect(run(['-', '--check', kept], before)).toEqual({ status: 0, out: 'the same\n', said: '' });
    const now = told('listens known', 'listens tcp 22 sshd', 'listens tcp 8080 java', 'accounts 3');
    expect(run(['-', '--check', kept], now)).toEqual({
      status: 1,
      said: '',
      out: '- fact accounts: no\n+ fact accounts: yes\n+ fact java listens: tcp 8080\nthe server has something else than was captured: capture it again\n',
    });
  });

  it.each([
    ['half of it', ['-'], before.replace('cpanel-edge: ok facts\n', ''), /^cli\/facts-not-whole at -/],
    ['an older program', ['-'], before.replace('section server', 'section other'), /^cli\/facts-not-whole at -/],
    ['a failure', ['-'], before.replace('ok facts', 'failed unreadable'), /^cli\/facts-not-whole at -/],
    [
      'no earlier capture',
      ['-', '--check', file('odd.json', 'no JSON')],
      before,
      /^intent\/wrong-type at odd\.json: This is the text/,
    ],
    [
      'unknown facts',
      ['-', '--check', file('new.json', '{"colour":"red"}')],
      before,
      /^intent\/unknown-key at new\.json: There is no "colour"/,
    ],
  ])('refuses %s', (_, words, input, why) => {
    const { status, out, said } = run(words, input);
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(why)]);
    expect(said).not.toMatch(/^ {4}at /m);
  });
});

describe('cpanel-edge capture of a device', () => {
  // Answers like a device's agent; the agent's own suites test what a real one prints.
  const answering = (ruleset: string, status = 'echo "cpanel-edge: ok status protocol=999 armed=no"'): string => {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(folder, 'ruleset'), ruleset);
    writeFileSync(
      join(bin, 'ssh'),
      `#!/bin/sh\ncase "$*" in\n-V) echo OpenSSH_9.2p1 >&2 ;;\n*status) ${status} ;;\n*read) echo "cpanel-edge: section ruleset"; sed 's/^/|/' '${join(folder, 'ruleset')}'\n` +
        'for s in version addresses links routes forwarding legacy; do echo "cpanel-edge: section $s"; done; echo "cpanel-edge: ok read" ;;\nesac\n',
    );
    chmodSync(join(bin, 'ssh'), 0o755);
    return `${bin}:${process.env['PATH']}`;
  };
  const connection = file('connection.json', JSON.stringify(connectionOf({ port: 1 })));
  const live = captured
    .replace('<captured/>', '<live>on</live>')
    .concat(
      '# pfctl -sn\nbinat on igb0 inet from 10.0.1.50 to any -> 203.0.113.10\n# pfctl -sr\npass in quick on igb0\n',
    );

  it('keeps the stored configuration, not the running one', () => {
    expect(run(['--connection', connection], '', answering(live))).toEqual({ status: 0, out: captured, said: '' });
  });

  it('compares it with an earlier capture', () => {
    const path = answering(live);
    expect(run(['gw1', '--connection', connection, '--check', file('was.xml', captured)], '', path)).toMatchObject({
      status: 0,
      out: 'the same\n',
    });
  });

  it("reports a device's refusal", () => {
    const { status, said } = run(['--connection', connection], '', answering(live, 'echo nonsense'));
    expect([status, said]).toEqual([2, expect.stringMatching(/^driver\//)]);
  });
});
