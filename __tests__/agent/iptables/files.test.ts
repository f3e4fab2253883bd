// Tests that the agent puts a release into the files that netfilter-persistent loads at a boot, before the host's own
// rules. Runs on a test device with the real iptables.

import { host, onHosts, opened, textOf } from './host';

jest.setTimeout(120_000);

onHosts('the agent with rules in the host’s own files', ({ run, says, delivered, step, retracted }) => {
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

  test('puts a release before the host’s own rules, so that the boot has no moment without it', () => {
    run('mkdir /etc/iptables/real; cat >/etc/iptables/real/v4; ln -s real/v4 /etc/iptables/rules.v4', THE_HOSTS);
    delivered(host(textOf(80, '-p udp -j DROP')));
    const kept = (): string => run('cat /etc/iptables/rules.v4');
    expect(kept()).toBe(
      THE_HOSTS.replace('[3:180]', `:ce-web-in - [0:0]\n-A INPUT -j ce-web-in\n${opened(80)}\n[3:180]`).replace(
        '  --append',
        ':ce-web-out - [0:0]\n-A OUTPUT -j ce-web-out\n-A ce-web-out -p udp -j DROP\n  --append',
      ),
    );
    run('iptables-restore </etc/iptables/rules.v4');
    expect(says('rules')).toBe('as-loaded');
    const next = host(textOf(443));
    delivered(next, ['upload', 'check', 'arm']);
    expect(kept()).toContain('--dport 80');
    expect(step('confirm', next)).toBe('ok confirmed');
    expect([kept().match(/ce-web/g)!.length, run('ls /etc/iptables /etc/iptables/real')]).toEqual([
      4,
      '/etc/iptables:\nreal\nrules.v4\n\n/etc/iptables/real:\nv4\n',
    ]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect(kept()).toBe(THE_HOSTS);
  });
});
