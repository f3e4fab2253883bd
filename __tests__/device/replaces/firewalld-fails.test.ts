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
    run(
      `cd ${host.folder}; mv start.sh real-start.sh; echo 'echo $$ >${host.folder}/starting; mv ${host.folder}/starting ${host.folder}/starts; exec sleep 300' >start.sh; exec >/dev/null 2>&1
      setsid ${host.shell} /usr/local/sbin/cpanel-edge-device arm ${one.identity} 300 & until [ -e starts ]; do sleep 0.02; done
      kill -KILL -$!; kill -KILL $(cat starts); mv real-start.sh start.sh`,
    );
    expect(run('nft list chain inet firewalld_starts input')).toContain('drop');
    // systemd goes on with it.
    systemctl('start firewalld');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
  });
});
