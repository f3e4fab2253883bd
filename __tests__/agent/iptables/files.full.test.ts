// Tests that a removed release is gone from the files that netfilter-persistent loads at a boot, also from what other
// programs have saved there. Runs on a test device with the real iptables.

import { THEIRS, host, onHosts, textOf } from './host';
import { sent, tableText } from '../stream';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

onHosts('rules of iptables in files of a host', ({ run, program, delivered, retracted, chainsOf }) => {
  const WEB = textOf(80);

  test('are gone when they are retracted, from what others saved, too', () => {
    delivered(host(WEB));
    run('iptables-save -c >/etc/iptables/rules.v4; ip6tables-save >/etc/iptables/rules.v6');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([chainsOf('ip'), chainsOf('ip6')]).toEqual([THEIRS, '']);
    expect(run('cat /etc/iptables/*; ls /etc/iptables')).not.toMatch(/ce-web|cpanel-edge/);
    expect(run('grep -c 198.51.100.7 /etc/iptables/rules.v4')).toBe('1\n');
  });

  /** What netfilter-persistent loads, with rules of the host and one that a person wrote. */
  const THE_HOSTS = [
    '*mangle',
    ':INPUT DROP [0:0]',
    '# of the host',
    '[3:180] -A INPUT -s 198.51.100.7/32 -j ACCEPT',
    'COMMIT',
    '*filter',
    ':OUTPUT ACCEPT [0:0]',
    '  --append OUTPUT -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n');

  test.each([
    ['empties chains itself', '*mangle\n:INPUT ACCEPT [0:0]\n-F\n-X\nCOMMIT\n'],
    ['is damaged', '*mangle\n:INPUT ACCEPT [0:0]\n-A INPUT -m nosuch -j DROP\nCOMMIT\n'],
    ['has none of their tables', '*raw\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n'],
    ['has a table twice', '*mangle\n:INPUT ACCEPT [0:0]\nCOMMIT\n*mangle\n:INPUT ACCEPT [0:0]\nCOMMIT\n'],
  ])('are not written into a file that %s', (_, text) => {
    run('cat >/etc/iptables/rules.v4', text);
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect(run('cat /etc/iptables/rules.v4; ls /etc/iptables')).toBe(`${text}rules.v4\n`);
  });

  test('that were given up come back with no copy of them, whoever kept it', () => {
    run('cat >/etc/iptables/rules.v4', THE_HOSTS);
    delivered(host(WEB));
    const copy = run('cat /etc/iptables/rules.v4');
    const ALONE = `${THEIRS}\n-A OUTPUT -j ACCEPT`;
    expect(copy).toContain('ce-web-in');
    const table = sent({ role: 'server', text: tableText(1001) });
    delivered(table);
    expect(run('cat /etc/iptables/rules.v4')).toBe(THE_HOSTS);
    // As after a loss of power before the files were mended, and after a save during a trial.
    run(
      `cat >/etc/iptables/rules.v4; echo ce-web >>/etc/cpanel-edge/server-web/former; iptables-restore </etc/iptables/rules.v4`,
      copy,
    );
    expect([program('rules'), chainsOf('ip')]).toEqual([expect.stringContaining('ok loaded'), ALONE]);
    run('iptables-restore </etc/iptables/rules.v4; rm -rf /run/cpanel-edge/*');
    expect([program('boot'), chainsOf('ip')]).toEqual([expect.stringContaining('ok loaded'), ALONE]);
    run('iptables-restore </etc/iptables/rules.v4');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([run('cat /etc/iptables/rules.v4'), chainsOf('ip')]).toEqual([THE_HOSTS, ALONE]);
  });
});
