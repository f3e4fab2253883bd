// Tests releases on firewalld 2.3 and 2.5 that replace another firewall: off with the confirm, back after a rollback or
// a removal. Also runs the tests of firewalld-later.ts with 2.3. Runs on a test device with the real firewalld.

import { besideLaterFirewalld, onCsf, onFirewall } from './firewalld-host';
import { checks } from './firewalld-later';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const TRIAL = ['upload', 'check', 'arm'] as const;
const ARMED = CONFIRMED.slice(0, 3);
const [OFF, ON] = ['inactive disabled', 'active enabled'];

besideLaterFirewalld('a firewall that a release on firewalld replaces', checks, ['2.3']);

besideLaterFirewalld('a firewall that a release on firewalld replaces', (host, version) => {
  const { delivered, step, says, run, saved, runs, stored, files, retracted, firewalld, tables, csf, csfIs, iptables } =
    host;

  test('a service that loads rules: firewalld starts for the armed release, is off after a rollback and a removal, and loads nothing twice', () => {
    iptables();
    const before = saved();
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([host.ask('--version').slice(0, version.length), runs(), firewalld()]).toEqual([
      version,
      '80',
      'active disabled',
    ]);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables(), files()]).toEqual([before, OFF, '', []]);
    expect(delivered(onFirewall(443, ['iptables']))).toEqual(CONFIRMED);
    expect([runs(), stored(), firewalld(), says('rules')]).toEqual(['443', '443', ON, 'as-loaded']);
    expect(run('nft list chain inet firewalld filter_IN_policy_cf-web-in_pre | grep -c "dport 443"').trim()).toBe('1');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
  });

  test('csf: a release on firewalld replaces it, and one on csf replaces firewalld; rolled back and confirmed', () => {
    csf();
    const plain = saved();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    expect([runs(), firewalld(), csfIs(), saved().includes('LOCALINPUT')]).toEqual(['80', ON, 'disabled', false]);
    const release = onCsf(8080, ['firewalld']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([runs(), stored(), firewalld(), csfIs(), says('rules')]).toEqual(['80', '80', ON, 'disabled', 'as-loaded']);
    expect(delivered(onCsf(8080, ['firewalld']))).toEqual(CONFIRMED);
    expect([tables(), firewalld(), csfIs(), files()]).toEqual(['', OFF, 'enabled', []]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), csfIs()]).toEqual([plain, OFF, 'enabled']);
  });
});
