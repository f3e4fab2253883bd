import { besideFirewalld, onFirewall } from './firewalld-host';

jest.setTimeout(120_000);

besideFirewalld('a firewall that does not give way to firewalld', (host) => {
  const { delivered, step, run, saved, firewalld, tables, iptables, systemctl } = host;
  const OFF = 'inactive disabled';

  test('a delivery that is killed while firewalld starts lets nobody in, until that is undone', () => {
    iptables();
    const before = saved();
    const one = onFirewall(80, ['iptables']);
    expect(delivered(one, ['upload', 'check'])).toEqual(['ok uploaded', 'ok checked']);
    host.killedInStart(one);
    expect(run('nft list chain inet firewalld_starts input')).toContain('drop');
    // systemd goes on with it.
    systemctl('start firewalld');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
  });
});
