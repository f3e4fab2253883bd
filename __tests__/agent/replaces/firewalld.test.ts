// Tests that the rollback of a release on firewalld that replaces another firewall leaves that firewall as it was, and
// nothing of the release. Runs on a test device with the real firewalld.

import { besideFirewalld, onFirewall } from './firewalld-host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const TRIAL = ['upload', 'check', 'arm'] as const;
const ARMED = CONFIRMED.slice(0, 3);

besideFirewalld('a firewall that a release on firewalld replaces', (host) => {
  const { delivered, step, says, run, saved, files, firewalld, on, tables, iptables } = host;
  const OFF = 'inactive disabled';

  test('is as before after a rollback, and nothing of the release is left', () => {
    iptables();
    run('iptables -I INPUT -s 192.0.2.99 -j DROP');
    const before = saved();
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables(), files(), says('state'), on()]).toEqual([
      before,
      OFF,
      '',
      [],
      'nothing',
      'enabled-netfilter-persistent',
    ]);
  });
});
