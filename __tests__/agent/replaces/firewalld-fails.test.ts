// Tests that a delivery which is killed while it starts firewalld in place of another firewall lets nothing in until
// it is rolled back. Runs on a test device with the real firewalld.

import { besideFirewalld, onFirewall } from './firewalld-host';

jest.setTimeout(120_000);

besideFirewalld('a firewall that does not give way to firewalld', (host) => {
  const { delivered, step, run, saved, firewalld, tables, iptables, systemctl } = host;
  const OFF = 'inactive disabled';

  test('a delivery that is killed while firewalld starts keeps the server closed until the rollback', () => {
    iptables();
    const before = saved();
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, ['upload', 'check'])).toEqual(['ok uploaded', 'ok checked']);
    host.killedInStart(release);
    expect(run('nft list chain inet firewalld_starts input')).toContain('drop');
    // systemd goes on with the start.
    systemctl('start firewalld');
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
  });
});
