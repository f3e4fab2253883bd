// Tests the agent with APF: a killed delivery, and an APF that won't start at the next boot. Runs on a test device
// with Debian's APF and the real iptables.

import { BESIDE, expectRowsNamed, serviceRows } from '../boot/loader';
import { host, onApf, textOf } from './host';

jest.setTimeout(180_000);

onApf('the agent with APF', (its) => {
  const { run, says, delivered, step, runs, shell } = its;

  test('waits for an APF start that a killed command left, then rolls back', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    run(
      `setsid ${shell} /usr/local/sbin/cpanel-edge-device arm ${next.identity} 300 >/dev/null 2>&1 &
      until [ -s /run/cpanel-edge/server-web.apf ]; do sleep 0.05; done; env kill -KILL -- -$!`,
    );
    expect([
      step('rollback', next),
      runs(),
      run('iptables-save | grep -cx -e "-A INPUT -j DROP"').trim(),
      says('rules'),
    ]).toEqual(['ok rolled-back', '22,81', '1', 'as-loaded']);
  });

  test('doesn’t report rules as loaded at the next boot if APF isn’t enabled or another firewall is', () =>
    expectRowsNamed(
      its,
      () => host(textOf(81)),
      [...serviceRows('apf-firewall.service', 'apf', 'not-enabled'), ...BESIDE],
      ['etc/apf-firewall'],
    ));
});
