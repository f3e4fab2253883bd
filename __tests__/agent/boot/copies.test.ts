// Tests copies of releases in cPanel's dump of all rules, which nftables.service loads at a boot: none brings a
// removed release back. Runs on a test device with the real nft.

import { freshToken } from '../stream';
import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { atNextStart } from './next-start';
import { FOLDER, DUMP, copied } from './ruleset-dump';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

atNextStart('releases in a copy of all rules', (under) => {
  const { run, step, delivered, retract, says, ports, shell } = under;
  const { dumps, dump, starts } = copied(under);

  test('a removal takes the release out of the copy and nothing else, so that no boot loads it again', () => {
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

  test('a boot loads no first release that was never confirmed', () => {
    const first = gateway(1001);
    expect(delivered(first, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
    dumps();
    expect(step('rollback', first)).toBe('ok rolled-back');
    expect([starts(), ports(), dump().includes('cpanel_edge')]).toEqual(['ok loaded', [], false]);
    expect([starts(), ports()]).toEqual(['ok loaded', []]);
  });

  describe('a copy that is not in the form in which nft lists rules is kept and reported', () => {
    const OURS = 'table inet cpanel_edge_web {';
    test.each<[string, (listed: string) => string]>(
      addFullRows(
        [['cut off', (listed) => listed.replace(/\}\n$/, '')]],
        [
          ['without indentation', (listed) => listed.replace(/^\s+/gm, '')],
          [
            'another program’s comment that looks like a table',
            (listed) =>
              `table ip one {\n\tchain c {\n\t\tcomment "a\n${OURS}\nb"\n\t}\n}\n${listed.replace(OURS, 'table inet other {')}`,
          ],
        ],
      ),
    )('%s', (_, made) => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      const strange = made(run('nft list ruleset'));
      run(`cat >${DUMP}`, strange);
      expect(strange).toContain(OURS);
      expect(retract()).toMatch(new RegExp(`cpanel-edge: ok retracted left=copy file=${DUMP}$`));
      expect([dump(), run(`ls ${FOLDER}`), ports()]).toEqual([strange, 'nftables.conf\n', []]);
      // No rules of the agent are left that it could load, and the next delivery doesn't wait.
      expect([says('state'), delivered(gateway(1002)), ports()]).toEqual(['nothing said', CONFIRMED, ['1002']]);
      dumps();
      expect([retract().endsWith('left=nothing'), dump().includes('cpanel_edge')]).toEqual([true, false]);
    });
  });

  test('keeps what another program writes to the copy meanwhile', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    dumps();
    // The agent runs sync between reading and replacing the copy; the first time, a new copy is written then.
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
    expect([wordOf(said), dump().includes('zz_new'), dump().includes('cpanel_edge')]).toEqual([
      'ok retracted',
      true,
      false,
    ]);
  });
});
