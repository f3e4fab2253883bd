// Tests releases on firewalld that replace another firewall: rollback, confirm, restart and removal. Runs on a test
// device with the real firewalld.

import { describeWhere } from '../../where-possible';
import { hasApf } from '../apf/host';
import { besideFirewalld, onCsf, onFirewall } from './firewalld-host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const TRIAL = ['upload', 'check', 'arm'] as const;
const ARMED = CONFIRMED.slice(0, 3);

besideFirewalld('a firewall that a release on firewalld replaces', (host) => {
  const {
    delivered,
    step,
    program,
    says,
    run,
    saved,
    runs,
    files,
    stored,
    retracted,
    firewalld,
    on,
    tables,
    csf,
    csfIs,
    iptables,
  } = host;
  const OFF = 'inactive disabled';
  const ON = 'active enabled';

  test('a service that loads rules: firewalld starts for the armed release, is enabled with the confirm, and off after a removal', () => {
    iptables();
    const before = saved();
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([runs(), saved().match(/INPUT DROP|web/), firewalld(), on()]).toEqual([
      '80',
      null,
      'active disabled',
      'enabled-netfilter-persistent',
    ]);
    expect(step('confirm', release)).toBe('ok confirmed');
    expect([runs(), stored(), firewalld(), on(), says('boot'), says('rules')]).toEqual([
      '80',
      '80',
      ON,
      '',
      'as-written',
      'as-loaded',
    ]);
    expect(delivered(onFirewall(443, ['iptables']))).toEqual(CONFIRMED);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), on(), tables(), files()]).toEqual([
      before,
      OFF,
      'active-netfilter-persistent enabled-netfilter-persistent',
      '',
      [],
    ]);
    expect(run('ls /etc/cpanel-edge')).toBe('');
  });

  test('csf, which fails beside firewalld: off while the release is armed, restored at a rollback without a start, and started at a removal', () => {
    csf();
    const before = saved();
    const [one, two] = [onFirewall(80, ['csf']), onFirewall(443, ['csf'])];
    expect(delivered(one, TRIAL)).toEqual(ARMED);
    expect([runs(), saved().includes('LOCALINPUT'), firewalld(), csfIs()]).toEqual([
      '80',
      false,
      'active disabled',
      'enabled',
    ]);
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables(), csfIs(), on()]).toEqual([
      before,
      OFF,
      '',
      'enabled',
      'active-csf active-lfd enabled-csf enabled-lfd',
    ]);
    expect(delivered(two)).toEqual(CONFIRMED);
    expect([runs(), firewalld(), csfIs(), says('boot')]).toEqual(['443', ON, 'disabled', 'as-written']);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), tables(), csfIs(), files()]).toEqual([before, OFF, '', 'enabled', []]);
  });

  test('one that does not come back: the release stays with firewalld, and the next removal tries again', () => {
    csf();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    run('sed -i "1i TCP_IN = 22" /etc/csf/csf.conf');
    expect(retracted()).toMatch(/refused not-returned program=csf$/);
    // The command that the agent's unit calls after each start.
    expect(program('rules')).toContain('ok loaded');
    expect([runs(), firewalld(), says('rules'), says('state')]).toEqual(['80', ON, 'as-loaded', 'confirmed']);
    run('sed -i 1d /etc/csf/csf.conf');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([firewalld(), csfIs()]).toEqual([OFF, 'enabled']);
  });

  test('a boot while the release is armed finds firewalld off and csf enabled, and completes an interrupted confirm', () => {
    csf();
    const release = onFirewall(80, ['csf']);
    delivered(release, TRIAL);
    const powerless = (): void => {
      host.systemctl('kill firewalld');
      host.flush();
      run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    };
    powerless();
    expect(program('boot')).toMatch(/ok loaded/);
    expect([firewalld(), csfIs(), files(), says('state')]).toEqual([OFF, 'enabled', [], 'nothing said']);
    csf();
    const before = saved();
    const two = onFirewall(443, ['csf']);
    delivered(two, TRIAL);
    const stopped = run('cat /run/cpanel-edge/server-web.stopped');
    // The state between the deciding rename and the steps after it.
    run(
      'cd /etc/cpanel-edge/server-web && mv armed-* release && cat >replacing',
      `${two.identity.split(' ').at(-1)}\n${stopped}off firewalld\n`,
    );
    powerless();
    csf();
    expect(program('boot')).toMatch(/ok loaded/);
    expect([firewalld(), stored(), saved()]).toEqual([OFF, '443', before]);
    expect(program('addresses')).toMatch(/ok addresses/);
    expect([program('rules'), firewalld(), runs(), csfIs(), says('boot'), says('rules')]).toEqual([
      expect.stringMatching(/ok loaded/),
      ON,
      '443',
      'disabled',
      'as-written',
      'as-loaded',
    ]);
    expect(retracted()).toMatch(/ok retracted/);
    expect([saved(), firewalld()]).toEqual([before, OFF]);
  });

  test('a release in csf’s own files: replaced with csf, and restored at a rollback without a start of csf', () => {
    csf();
    const plain = saved();
    expect(delivered(onCsf(8080))).toEqual(CONFIRMED);
    const before = saved();
    const release = onFirewall(80, ['csf']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([runs(), saved().includes('LOCALINPUT')]).toEqual(['80', false]);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables(), says('rules'), files()]).toEqual([before, OFF, '', 'as-loaded', []]);
    expect(delivered(onFirewall(443, ['csf']))).toEqual(CONFIRMED);
    expect(run('cat /etc/csf/*')).not.toContain('cpanel-edge');
    expect([runs(), firewalld(), csfIs()]).toEqual(['443', ON, 'disabled']);
    expect(retracted()).toMatch(/ok retracted/);
    expect([saved(), firewalld()]).toEqual([plain, OFF]);
  });

  test('csf replaces firewalld again in one delivery; a rollback restores firewalld and the release', () => {
    csf();
    const plain = saved();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    const release = onCsf(8080, ['firewalld']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([saved().includes('--dport 8080'), tables(), firewalld(), csfIs()]).toEqual([
      true,
      '',
      'inactive enabled',
      'enabled',
    ]);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([runs(), stored(), saved().includes('LOCALINPUT'), firewalld(), csfIs(), says('rules')]).toEqual([
      '80',
      '80',
      false,
      ON,
      'disabled',
      'as-loaded',
    ]);
    const two = onCsf(8080, ['firewalld']);
    expect(delivered(two)).toEqual(CONFIRMED);
    expect([saved().includes('--dport 8080'), tables(), firewalld(), csfIs(), says('boot'), files()]).toEqual([
      true,
      '',
      OFF,
      'enabled',
      'as-written',
      [],
    ]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), csfIs()]).toEqual([plain, OFF, 'enabled']);
  });

  test('a boot after an interrupted confirm of a release on csf disables firewalld before it starts', () => {
    csf();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    const release = onCsf(8080, ['firewalld']);
    delivered(release, TRIAL);
    const stopped = run('cat /run/cpanel-edge/server-web.stopped');
    run(
      'cd /etc/cpanel-edge/server-web && mv armed-* release && cat >replacing',
      `${release.identity.split(' ').at(-1)}\n${stopped}`,
    );
    host.flush();
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    expect(firewalld()).toBe('inactive enabled');
    program('boot');
    expect([firewalld(), files()]).toEqual([OFF, []]);
    host.csfStarts();
    expect(program('rules')).toContain('ok loaded');
    expect(program('addresses')).toContain('ok addresses');
    expect([saved().includes('--dport 8080'), firewalld(), csfIs(), says('boot'), says('rules')]).toEqual([
      true,
      OFF,
      'enabled',
      'as-written',
      'as-loaded',
    ]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([firewalld(), csfIs(), saved().includes('LOCALINPUT')]).toEqual([OFF, 'enabled', true]);
  });

  describeWhere(
    hasApf,
    'APF that a release on firewalld replaces',
    'what scripts/need.sh installs',
  )('APF', () => {
    test('is off while the release is armed, and back after a rollback or a removal', () => {
      host.apf();
      const before = saved();
      expect(before).toContain('TALLOW');
      const release = onFirewall(80, ['apf']);
      expect(delivered(release, TRIAL)).toEqual(ARMED);
      expect([runs(), saved().includes('TALLOW'), firewalld()]).toEqual(['80', false, 'active disabled']);
      expect(step('rollback', release)).toBe('ok rolled-back');
      expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
      expect(delivered(onFirewall(443, ['apf']))).toEqual(CONFIRMED);
      expect([runs(), firewalld(), run('cat /etc/default/apf-firewall'), says('boot')]).toEqual([
        '443',
        ON,
        expect.stringContaining('RUN="no"'),
        'as-written',
      ]);
      expect(retracted()).toMatch(/ok retracted left=nothing$/);
      expect([saved().includes('TALLOW'), firewalld(), tables(), run('cat /etc/default/apf-firewall')]).toEqual([
        true,
        OFF,
        '',
        expect.stringContaining('RUN="yes"'),
      ]);
    });
  });
});
