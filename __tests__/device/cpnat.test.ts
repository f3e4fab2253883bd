import { Release } from '../../lib/delivering/release';
import { sent, tableText } from './stream';
import { CONFIRMED, underShells } from './under-shell';

jest.setTimeout(90_000);

const [CPNAT, USERS, SCRIPTS] = ['/var/cpanel/cpnat', '/var/cpanel/users', '/usr/local/cpanel/scripts'];
const HOME = '/etc/cpanel-edge/server-web';
const TABLE = 'cpanel_edge_web_host';

/** What a release says of the file: pairs, or `off`. */
const says = (...pairs: readonly string[]): readonly string[] =>
  pairs[0] === 'off' ? ['nat-mode off', 'in-use refuse'] : ['nat-mode on', 'in-use refuse', ...pairs.map((pair) => `pair ${pair}`)];
const server = (cpnat?: readonly string[], more: Partial<Release> = {}) =>
  sent({ role: 'server', text: tableText(1001, TABLE), onRetract: 'as before', ...(cpnat ? { cpnat } : {}), ...more });

underShells(['sh', 'bash', 'busybox sh'], "cPanel's NAT file by a release", ({ run, program, word, step, delivered, retract, fresh }) => {
  const write = (text: string): string => run(`mkdir -p ${USERS}; : >${USERS}/system; : >/var/cpanel/cpanel.config; cat >${CPNAT}`, text);
  const file = (): string => run(`cat ${CPNAT} 2>&1`).replace(/^cat: .*No such file.*\n$/, 'absent');
  const refusal = (one: ReturnType<typeof server>): string => {
    step('upload', one);
    return program(`check ${one.identity}`).split('\n').at(-1)!;
  };
  const gone = (): string => retract('server').split('\n').at(-1)!;
  beforeEach(() => void write(''));
  afterEach(() => {
    retract('server');
    fresh();
    run('rm -rf /var/cpanel/*');
  });

  test('a line each; those of others stay as they are, byte for byte, and a retract brings back what was there', () => {
    const before = '10.0.0.7 \n10.0.0.5\t203.0.113.99 more\r\n203.0.113.9 203.0.113.9\n10.0.0.5 203.0.113.98';
    write(before);
    expect(delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.7 \n10.0.0.5 203.0.113.5\n203.0.113.9 203.0.113.9\n10.0.0.6 203.0.113.6\n');
    expect(run(`stat -c %a:%u ${CPNAT}`)).toBe('644:0\n');
    expect(gone()).toBe('cpanel-edge: ok retracted left=nothing');
    expect(file()).toBe('10.0.0.7 \n10.0.0.5\t203.0.113.99 more\r\n10.0.0.5 203.0.113.98\n203.0.113.9 203.0.113.9\n');
  });

  test('where there was no file there is none afterwards', () => {
    run(`rm ${CPNAT}`);
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
    gone();
    expect(file()).toBe('absent');
  });

  test('what WHM has written since stays with the retract', () => {
    run(`rm ${CPNAT}`);
    delivered(server(says('10.0.0.5 203.0.113.5')));
    run(`echo 10.0.0.8 203.0.113.8 >>${CPNAT}`);
    gone();
    expect(file()).toBe('10.0.0.8 203.0.113.8\n');
  });

  test('with the next release: a pair that goes has its former line, one that changes changes in its place', () => {
    write('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
    delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')));
    expect(delivered(server(says('10.0.0.6 203.0.113.66')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n10.0.0.6 203.0.113.66\n');
    // One that says nothing of it gives it back.
    delivered(server(undefined, { text: tableText(1002, TABLE) }));
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
  });

  test('NAT mode off: no file, until the retract; and on again', () => {
    write('10.0.0.5 203.0.113.99\n');
    expect(delivered(server(says('off')))).toEqual(CONFIRMED);
    expect(file()).toBe('absent');
    delivered(server(says('10.0.0.6 203.0.113.6')));
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.6 203.0.113.6\n');
    delivered(server(says('off')));
    gone();
    expect(file()).toBe('10.0.0.5 203.0.113.99\n');
  });

  test('it is written with the confirm alone: a trial that is undone has changed nothing', () => {
    const one = server(says('10.0.0.5 203.0.113.5'));
    for (const name of ['upload', 'check', 'arm'] as const) expect(step(name, one)).toMatch(/^ok /);
    expect(file()).toBe('');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([file(), run(`ls ${HOME} 2>&1`)]).toEqual(['', expect.not.stringContaining('cpnat')]);
  });

  test('delivered once more it is put right where somebody has changed it, and is no delivery where nobody has', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    expect(step('upload', server(says('10.0.0.5 203.0.113.5')))).toBe('ok running');
    write('10.0.0.5 203.0.113.77\n10.0.0.6 203.0.113.6\n');
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.5\n10.0.0.6 203.0.113.6\n');
  });

  test('what a loss of power kept a confirm from, the start of the device does', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    run(`rm ${HOME}/cpnat-*; : >${CPNAT}`);
    expect(word('addresses')).toBe('ok addresses');
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
    // What somebody writes later is theirs.
    write('10.0.0.5 203.0.113.77\n');
    expect(word('addresses')).toBe('ok addresses');
    expect(file()).toBe('10.0.0.5 203.0.113.77\n');
  });

  test.each([
    ['no cPanel', () => run('rm /var/cpanel/cpanel.config'), 'cpanel-missing'],
    ['a link', () => run(`ln -sf /etc/passwd ${CPNAT}`), 'cpnat-odd'],
    ['a folder', () => run(`rm ${CPNAT}; mkdir ${CPNAT}`), 'cpnat-odd'],
    ['a public address that another line has', () => write('10.0.0.9 203.0.113.5\n'), 'cpnat-taken line=1 public=203.0.113.5'],
    ['the same by a line that begins with a blank', () => write(' 203.0.113.5\n'), 'cpnat-taken line=1 public=203.0.113.5'],
    ['accounts', () => run(`: >${USERS}/anna; : >${USERS}/bert`), 'cpanel-in-use accounts=2'],
  ])('refused before anything changes: %s', (_, made, fault) => {
    made();
    const is = run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`);
    expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe(`cpanel-edge: refused ${fault}`);
    expect(run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`)).toBe(is);
  });

  test('accounts are no matter where the file says it already, or the release says that they are known of', () => {
    run(`: >${USERS}/anna`);
    write('10.0.0.5 203.0.113.5\n');
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(delivered(server(['nat-mode on', 'in-use change', 'pair 10.0.0.5 203.0.113.6']))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.6\n');
  });

  test('one owner says it', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    const other = server(says('10.0.0.6 203.0.113.6'), {
      owner: 'blog',
      text: tableText(1003, 'cpanel_edge_blog_host'),
      claims: { outside: [], inside: ['10.0.0.6'] },
    });
    expect(refusal(other)).toBe('cpanel-edge: refused cpnat-owner owner=web');
  });

  test.each(['pair 10.0.0.5', 'pair 10.0.0.5 203.0.113.5 more', 'pair $(id) 203.0.113.5', 'nat-mode maybe', 'x'])(
    'a line that is none of these is refused: %s',
    (line) => expect(word(server([line]).upload, server([line]).file)).toMatch(/^refused upload-damaged$/),
  );

  test('a kept server has given it back; what was forgotten stays', () => {
    write('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.5 203.0.113.5'), { onRetract: 'keep closed' }));
    expect(gone()).toBe('cpanel-edge: ok retracted left=closed');
    expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.5 203.0.113.5')));
    expect(word('forget server web lease-1')).toBe('ok forgotten');
    gone();
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
  });

  describe('settings beside it', () => {
    const [SOURCES, LOCAL] = ['/etc/cpsources.conf', '/var/cpanel/conf/pureftpd/local'];
    const PAIR = says('10.0.0.5 203.0.113.5');
    const SET = [...PAIR, 'set myip https://ip.example:8443/v1/', 'set ftp-address 203.0.113.5', 'set ftp-ports 50000 50100'];
    const files = (): string => run(`cat ${SOURCES} ${LOCAL} 2>&1`).replace(/^cat: .*\n/gm, '');
    beforeEach(() => void run(`mkdir -p ${LOCAL.slice(0, -6)}; rm -f ${SOURCES}`));
    afterEach(() => void run(`rm -f ${SOURCES}`));

    test('a line each, in its place, and back as they were', () => {
      run(
        `printf 'HTTPUPDATE=a\\nMYIP=http://b/\\nMYIP=http://c/\\nX=1' >${SOURCES}; printf -- '---\\nForcePassiveIP: 192.0.2.1\\n' >${LOCAL}; chmod 600 ${LOCAL}`,
      );
      const before = files();
      expect(delivered(server(SET))).toEqual(CONFIRMED);
      expect(files()).toBe(
        'HTTPUPDATE=a\nMYIP=https://ip.example:8443/v1/\nX=1\n---\nForcePassiveIP: 203.0.113.5\nPassivePortRange: 50000 50100\n',
      );
      expect(run(`stat -c %a ${LOCAL}`)).toBe('600\n');
      gone();
      expect(files()).toBe(before.replace('X=1', 'X=1\n'));
    });

    test('files that were not there go again, and one setting goes alone', () => {
      delivered(server(SET));
      expect(files()).toBe('MYIP=https://ip.example:8443/v1/\nForcePassiveIP: 203.0.113.5\nPassivePortRange: 50000 50100\n');
      expect(delivered(server([...PAIR, 'set ftp-address 203.0.113.6']))).toEqual(CONFIRMED);
      expect(files()).toBe('ForcePassiveIP: 203.0.113.6\n');
      gone();
      expect(run(`ls ${SOURCES} ${LOCAL} 2>&1`)).not.toMatch(/^\//m);
    });

    test('what somebody has made of one since stays', () => {
      delivered(server(SET));
      run(`sed -i 's/50100/50200/' ${LOCAL}; echo 'A: b' >>${LOCAL}`);
      gone();
      expect(files()).toBe('PassivePortRange: 50000 50200\nA: b\n');
    });

    test('delivered once more where somebody has changed one', () => {
      delivered(server(SET));
      expect(step('upload', server(SET))).toBe('ok running');
      run(`: >${SOURCES}`);
      expect(delivered(server(SET))).toEqual(CONFIRMED);
      expect(files()).toContain('MYIP=https://ip.example:8443/v1/\n');
    });

    test.each([
      ['no folder', `rm -r ${LOCAL.slice(0, -6)}`, LOCAL],
      ['a link', `ln -s /etc/passwd ${SOURCES}`, SOURCES],
    ])('refused: %s', (_, made, which) => {
      run(made);
      expect(refusal(server(SET))).toBe(`cpanel-edge: refused cpanel-file-odd file=${which}`);
    });

    test.each([
      'set myip https://user:secret@ip.example/',
      'set myip https://ip.example/$(id)',
      'set ftp-ports 5',
      'set other 1',
      'set myip ftp://a/',
    ])('no setting: %s', (line) =>
      expect(word(server([...PAIR, line]).upload, server([...PAIR, line]).file)).toBe('refused upload-damaged'),
    );
  });

  test('what follows the file is told once it has changed, and nothing where it has not', () => {
    run(
      `mkdir -p ${SCRIPTS}; for s in mainipcheck buildeximconf other; do printf '#!/bin/sh\\necho %s >>/var/cpanel/ran\\n' $s >${SCRIPTS}/$s; chmod 755 ${SCRIPTS}/$s; done`,
    );
    try {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      expect(run('sleep 1; cat /var/cpanel/ran')).toBe('mainipcheck\nbuildeximconf\n');
      delivered(server(says('10.0.0.5 203.0.113.5'), { text: tableText(1002, TABLE) }));
      expect(run('sleep 1; cat /var/cpanel/ran')).toBe('mainipcheck\nbuildeximconf\n');
    } finally {
      run(`rm -r ${SCRIPTS}`);
    }
  });
});
