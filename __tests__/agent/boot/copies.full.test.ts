// Tests copies of releases in the file of all rules that cPanel writes and nftables.service loads at a boot: an older
// copy gives way to the confirmed release, tables of other owners stay, and a copy of unknown form is left and
// reported. Runs on a test device with the real nft.

import { sent, tableText } from '../stream';
import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { HOME, SYSTEMD, atNextStart } from './next-start';
import { DUMP, copied } from './ruleset-dump';

jest.setTimeout(90_000);

atNextStart('releases in a copy of all rules', (under) => {
  const { run, word, step, delivered, retract, says, ports, restarted } = under;
  const { dumps, dump, starts } = copied(under);

  test('replaces an old release in the copy by the one confirmed after it, in one transaction', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    dumps();
    expect(delivered(gateway(1002))).toEqual(CONFIRMED);
    run('nft flush ruleset');
    expect(word('service start')).toBe('ok start');
    expect([ports(), run('nft list tables')]).toEqual([['1002'], expect.stringContaining('inet filter')]);
    expect([starts(), ports()]).toEqual(['ok loaded', ['1002']]);
    expect(dump()).toContain('tcp dport 1001 drop');
  });

  test('keeps in the copy another owner’s table, and one whose name is only similar', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const blog = sent({
      owner: 'blog',
      text: tableText(1003, 'cpanel_edge_blog'),
      claims: { outside: [], inside: [] },
    });
    expect(delivered(blog)).toEqual(CONFIRMED);
    run('nft add table ip cpanel_edge_web');
    dumps();
    run(`cat >>${DUMP}`, '# table inet cpanel_edge_web {\n');
    expect(wordOf(retract())).toBe('ok retracted');
    expect(
      ['1001', '1003', 'table ip cpanel_edge_web', '# table inet cpanel_edge_web {'].map((part) =>
        dump().includes(part),
      ),
    ).toEqual([false, true, true, true]);
  });

  describe('a copy that is not in the form in which nft lists rules is kept and reported', () => {
    test('a removal that was interrupted is completed by the next one', () => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      dumps();
      run(`sed -i '$d' ${DUMP}; mv ${HOME}/release ${HOME}/retracting`);
      expect(retract()).toMatch(/ok retracted left=copy file=/);
    });

    test('a rollback of a release with a table of another name succeeds', () => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      const other = sent({ text: tableText(1002, 'cpanel_edge_other') });
      expect(delivered(other, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
      dumps();
      run(`sed -i '$d' ${DUMP}`);
      expect([step('rollback', other), ports(), says('rules')]).toEqual(['ok rolled-back', ['1001'], 'as-loaded']);
    });
  });

  test('looks for no copy if there is no file or no nftables.service', () => {
    run(`rm -f ${DUMP}`);
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(wordOf(retract())).toBe('ok retracted');
    run(`rm ${SYSTEMD}/nftables.service`);
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(wordOf(retract())).toBe('ok retracted');
    expect([restarted(), says('state')]).toEqual(['ok loaded', 'nothing said']);
  });
});
