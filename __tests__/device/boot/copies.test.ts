import { sent, tableText } from '../stream';
import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { SYSTEMD, atNextStart } from './next-start';

jest.setTimeout(90_000);

/** cPanel's programs write the whole ruleset over what nftables.service loads, whenever they change theirs: `nft list ruleset`. */
const DUMP = '/run/sysconfig/nftables.conf';
const UNIT = [
  '[Service]',
  `ExecStart=/sbin/nft -f ${DUMP}`,
  `ExecReload=/sbin/nft 'flush ruleset; include "${DUMP}";'`,
  'ExecStop=/sbin/nft flush ruleset',
  '',
].join('\n');
const THEIRS = 'table inet filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n';

atNextStart('by a copy of all rules', ({ run, word, step, delivered, retract, says, ports, restarted }) => {
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
    run(`mkdir -p ${SYSTEMD} /run/sysconfig; cat >${SYSTEMD}/nftables.service`, UNIT);
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
    expect(run(`stat -c %a ${DUMP}; ls ${DUMP.replace('/nftables.conf', '')}`)).toBe('640\nnftables.conf\n');
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

  test('a copy that is cut off is left as it is, and the retract is not at its end', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    dumps();
    run(`sed -i '$d' ${DUMP}`);
    const cut = dump();
    expect(cut).toContain('table inet cpanel_edge_web {');
    const refused = retract();
    expect([wordOf(refused), refused.includes(DUMP), dump()]).toEqual(['failed retract-incomplete', true, cut]);
    dumps();
    expect([wordOf(retract()), dump().includes('cpanel_edge')]).toEqual(['ok retracted', false]);
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
