// Tests that a removed release is gone from the files that netfilter-persistent loads at a boot, also from what other
// programs have saved there. Runs on a test device with the real iptables.

import { THEIRS, host, onHosts, textOf } from './host';
import { sent, tableText } from '../stream';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

onHosts('the agent with rules in the host’s own files', ({ run, program, delivered, retracted, chainsOf }) => {
  const WEB = textOf(80);

  test('takes a release out of the files at a removal, also out of what others saved', () => {
    delivered(host(WEB));
    run('iptables-save -c >/etc/iptables/rules.v4; ip6tables-save >/etc/iptables/rules.v6');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([chainsOf('ip'), chainsOf('ip6')]).toEqual([THEIRS, '']);
    expect(run('cat /etc/iptables/*; ls /etc/iptables')).not.toMatch(/ce-web|cpanel-edge/);
    expect(run('grep -c 198.51.100.7 /etc/iptables/rules.v4')).toBe('1\n');
  });

  /** The files that netfilter-persistent loads, with rules of the host and one that a person wrote. */
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
  ])('writes nothing into a file that %s', (_, text) => {
    run('cat >/etc/iptables/rules.v4', text);
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect(run('cat /etc/iptables/rules.v4; ls /etc/iptables')).toBe(`${text}rules.v4\n`);
  });

  test('loads no release again from a copy of it, whichever program saved the copy', () => {
    run('cat >/etc/iptables/rules.v4', THE_HOSTS);
    delivered(host(WEB));
    const copy = run('cat /etc/iptables/rules.v4');
    const ALONE = `${THEIRS}\n-A OUTPUT -j ACCEPT`;
    expect(copy).toContain('ce-web-in');
    const table = sent({ role: 'server', text: tableText(1001) });
    delivered(table);
    expect(run('cat /etc/iptables/rules.v4')).toBe(THE_HOSTS);
    // The state after a power loss before the files were mended, and after a save while a release was armed.
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
