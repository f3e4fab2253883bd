import { freshToken, sent, tableText } from '../stream';
import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { HOME, SYSTEMD, atNextStart } from './next-start';

jest.setTimeout(90_000);

/** cPanel's programs write the whole ruleset over what nftables.service loads, whenever they change theirs: `nft list ruleset`. */
const FOLDER = '/run/sysconfig';
const DUMP = `${FOLDER}/nftables.conf`;
const UNIT = [
  '[Service]',
  `ExecStart=/sbin/nft -f ${DUMP}`,
  `ExecReload=/sbin/nft 'flush ruleset; include "${DUMP}";'`,
  'ExecStop=/sbin/nft flush ruleset',
  '',
].join('\n');
const THEIRS = 'table inet filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n';

atNextStart('by a copy of all rules', ({ run, word, step, delivered, retract, says, ports, restarted, shell }) => {
  /** What cPanel's programs do after each change of theirs. */
  const dumps = (): void => void run(`nft list ruleset >${DUMP}; chmod 640 ${DUMP}`);
  const dump = (): string => run(`cat ${DUMP}`);
  /** As nftables.service does it once our drop-in is gone, and then ours. */
  const starts = (): string => {
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    run(`nft -f ${DUMP}`);
    return word('boot 2>/dev/null');
  };
  beforeEach(() => {
    run(`mkdir -p ${SYSTEMD} ${FOLDER}; cat >${SYSTEMD}/nftables.service`, UNIT);
    run('nft -f -', THEIRS);
  });

  test('an old release in it gives way to the one that was confirmed after it, in one transaction', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    dumps();
    expect(delivered(gateway(1002))).toEqual(CONFIRMED);
    run('nft flush ruleset');
    expect(word('service start')).toBe('ok start');
    expect([ports(), run('nft list tables')]).toEqual([['1002'], expect.stringContaining('inet filter')]);
    expect([starts(), ports()]).toEqual(['ok loaded', ['1002']]);
    expect(dump()).toContain('tcp dport 1001 drop');
  });

  test('a retract takes ours out of it and nothing else, so that no start brings back what belongs to nobody', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const before = run('nft list table inet filter');
    run('nft add table ip zz_after');
    dumps();
    expect(wordOf(retract())).toBe('ok retracted');
    expect(dump()).toBe(`${before}table ip zz_after {\n}\n`);
    expect(run(`stat -c %a ${DUMP}; ls ${FOLDER}`)).toBe('640\nnftables.conf\n');
    expect([starts(), ports()]).toEqual(['ok loaded', []]);
    run('nft delete table ip zz_after');
  });

  test("another owner's stays in it, and so does what only has a similar name", () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const blog = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog'), claims: { outside: [], inside: [] } });
    expect(delivered(blog)).toEqual(CONFIRMED);
    run('nft add table ip cpanel_edge_web');
    dumps();
    run(`cat >>${DUMP}`, '# table inet cpanel_edge_web {\n');
    expect(wordOf(retract())).toBe('ok retracted');
    expect(['1001', '1003', 'table ip cpanel_edge_web', '# table inet cpanel_edge_web {'].map((part) => dump().includes(part))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test('a first release that never came through is not brought back by it', () => {
    const first = gateway(1001);
    expect(delivered(first, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
    dumps();
    expect(step('rollback', first)).toBe('ok rolled-back');
    expect([starts(), ports(), dump().includes('cpanel_edge')]).toEqual(['ok loaded', [], false]);
    expect([starts(), ports()]).toEqual(['ok loaded', []]);
  });

  describe('one that is not as nft lists it is left as it is, and said, and nothing else depends on it', () => {
    const OURS = 'table inet cpanel_edge_web {';
    test.each<[string, (listed: string) => string]>([
      ['cut off', (listed) => listed.replace(/\}\n$/, '')],
      ['without indentation', (listed) => listed.replace(/^\s+/gm, '')],
      [
        'a comment of somebody that looks like one',
        (listed) => `table ip one {\n\tchain c {\n\t\tcomment "a\n${OURS}\nb"\n\t}\n}\n${listed.replace(OURS, 'table inet other {')}`,
      ],
    ])('%s', (_, made) => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      const strange = made(run('nft list ruleset'));
      run(`cat >${DUMP}`, strange);
      expect(strange).toContain(OURS);
      expect(retract()).toMatch(new RegExp(`cpanel-edge: ok retracted left=copy file=${DUMP}$`));
      expect([dump(), run(`ls ${FOLDER}`), ports()]).toEqual([strange, 'nftables.conf\n', []]);
      // Nothing of ours is left that could come back by us, and who comes next is not kept waiting.
      expect([says('state'), delivered(gateway(1002)), ports()]).toEqual(['nothing said', CONFIRMED, ['1002']]);
      dumps();
      expect([retract().endsWith('left=nothing'), dump().includes('cpanel_edge')]).toEqual([true, false]);
    });

    test('a retract that was cut off, too, and is brought to its end by the next one', () => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      dumps();
      run(`sed -i '$d' ${DUMP}; mv ${HOME}/release ${HOME}/retracting`);
      expect(retract()).toMatch(/ok retracted left=copy file=/);
    });

    test('a trial with a table of another name is undone all the same', () => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      const other = sent({ text: tableText(1002, 'cpanel_edge_other') });
      expect(delivered(other, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
      dumps();
      run(`sed -i '$d' ${DUMP}`);
      expect([step('rollback', other), ports(), says('rules')]).toEqual(['ok rolled-back', ['1001'], 'as-loaded']);
    });
  });

  test('who writes it meanwhile has the last word', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    dumps();
    // sync is what comes between reading and replacing; the first that looks at the copy meets a new dump.
    const sync = [
      '#!/bin/sh',
      `case $* in *.cpanel-edge) [ -e /run/written ] || { : >/run/written; printf 'table ip zz_new {\\n}\\n' >>${DUMP}; } ;; esac`,
      'exec /run/sync.real "$@"',
      '',
    ].join('\n');
    const said = run(
      `cp /usr/bin/sync /run/sync.real; cat >/run/sync; chmod 755 /run/sync; mount --bind /run/sync /usr/bin/sync;` +
        `${shell} /usr/local/sbin/cpanel-edge-device retract gateway web lease-1 ${freshToken()}; umount /usr/bin/sync; rm /run/written`,
      sync,
    ).trimEnd();
    expect([wordOf(said), dump().includes('zz_new'), dump().includes('cpanel_edge')]).toEqual(['ok retracted', true, false]);
  });

  test('without one, or without the service, nothing is looked for', () => {
    run(`rm -f ${DUMP}`);
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(wordOf(retract())).toBe('ok retracted');
    run(`rm ${SYSTEMD}/nftables.service`);
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(wordOf(retract())).toBe('ok retracted');
    expect([restarted(), says('state')]).toEqual(['ok loaded', 'nothing said']);
  });
});
