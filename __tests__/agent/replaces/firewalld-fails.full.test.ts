// Tests releases on firewalld that replace another firewall, when one of the two fails to stop or start: the delivery
// changes nothing, or leaves the firewall that closes. Runs on a test device with the real firewalld.

import { besideFirewalld, onCsf, onFirewall } from './firewalld-host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const TRIAL = ['upload', 'check', 'arm'] as const;
const ARMED = CONFIRMED.slice(0, 3);

besideFirewalld('a firewall that does not give way to firewalld', (host) => {
  const {
    delivered,
    step,
    program,
    run,
    saved,
    runs,
    retracted,
    firewalld,
    on,
    tables,
    csf,
    csfIs,
    iptables,
    systemctl,
  } = host;
  const OFF = 'inactive disabled';

  /** The answer to a check. */
  const checked = (replaces: readonly string[], one = onFirewall(80, replaces)): string => {
    step('upload', one);
    return program(`check ${one.identity}`).split('\n').at(-1)!;
  };

  test('is refused if no other firewall runs, so that firewalld alone would start', () => {
    expect(checked(['csf', 'iptables'])).toMatch(/refused firewalld-not-running$/);
  });

  test('changes nothing if firewalld does not start', () => {
    csf();
    const before = saved();
    host.fails();
    expect(delivered(onFirewall(80, ['csf']), TRIAL)).toEqual([
      'ok uploaded',
      'ok checked',
      'refused firewalld-not-started',
    ]);
    expect([saved(), firewalld(), tables(), csfIs(), on()]).toEqual([
      before,
      OFF,
      '',
      'enabled',
      'active-csf active-lfd enabled-csf enabled-lfd fails-firewalld',
    ]);
  });

  test('is refused if firewalld runs beside it already: its rules could not be restored', () => {
    systemctl('start firewalld');
    systemctl('enable firewalld');
    iptables();
    systemctl('start firewalld');
    expect(checked(['iptables'])).toMatch(/refused replaces-beside program=iptables$/);
    expect(checked(['ufw'])).toMatch(/ok checked/);
  });

  test('is stopped again if it was enabled since', () => {
    csf();
    const before = saved();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    // csf refuses to load, but is enabled.
    run(`PATH=${host.folder}/bin:$PATH; csf -e`);
    expect([csfIs(), runs()]).toEqual(['enabled', '80']);
    expect(delivered(onFirewall(443, ['csf']))).toEqual(CONFIRMED);
    expect([csfIs(), runs()]).toEqual(['disabled', '443']);
    run('rm -f /etc/csf/csf.error');
    expect(retracted()).toMatch(/ok retracted/);
    expect([saved(), firewalld()]).toEqual([before, OFF]);
  });

  test('keeps an armed release on csf, which closes, until firewalld comes back', () => {
    csf();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    const release = onCsf(8080, ['firewalld']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    host.fails();
    expect(step('rollback', release)).toBe('failed rollback-incomplete');
    expect(saved()).toContain('--dport 8080');
    run(`rm ${host.folder}/units/fails-firewalld`);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([runs(), saved().includes('LOCALINPUT'), csfIs(), firewalld()]).toEqual([
      '80',
      false,
      'disabled',
      'active enabled',
    ]);
  });

  test('csf that was disabled by hand is enabled by a release for csf, and disabled at a rollback', () => {
    csf();
    run(`PATH=${host.folder}/bin:$PATH; csf -x`);
    systemctl('enable --now firewalld');
    const release = onCsf(8080, ['firewalld']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([csfIs(), firewalld(), saved().includes('LOCALINPUT')]).toEqual(['disabled', 'active enabled', false]);
    expect(delivered(onCsf(8080, ['firewalld']))).toEqual(CONFIRMED);
    expect([csfIs(), firewalld(), saved().includes('--dport 8080')]).toEqual(['enabled', OFF, true]);
  });

  test.each(['which was replaced before', 'disabled by hand, with the first release'])(
    'a boot while a release on csf is armed (%s) disables csf, which fails beside firewalld, and the next delivery succeeds',
    (which) => {
      csf();
      if (which.includes('before')) expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
      else run(`PATH=${host.folder}/bin:$PATH; csf -x`);
      systemctl('enable --now firewalld');
      expect(delivered(onCsf(8080, ['firewalld']), TRIAL)).toEqual(ARMED);
      expect([csfIs(), firewalld()]).toEqual(['enabled', 'inactive enabled']);
      host.flush();
      systemctl('stop csf');
      run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
      expect(program('boot')).toMatch(/ok loaded/);
      expect(csfIs()).toBe('disabled');
      systemctl('start firewalld');
      host.csfStarts();
      expect(program('addresses')).toMatch(/ok addresses/);
      expect([csfIs(), firewalld(), saved().includes('LOCALINPUT')]).toEqual(['disabled', 'active enabled', false]);
      expect(delivered(onCsf(8080, ['firewalld']))).toEqual(CONFIRMED);
      expect([csfIs(), firewalld(), saved().includes('--dport 8080')]).toEqual(['enabled', OFF, true]);
    },
  );

  test('is refused if firewalld is masked, can not start, or owns its table, and always without "replaces"', () => {
    csf();
    const before = saved();
    expect(checked([])).toMatch(/refused other-firewall program=csf$/);
    expect(checked(['ufw'])).toMatch(/refused other-firewall program=csf$/);
    host.masks();
    expect(checked(['csf'])).toMatch(/refused firewalld-masked$/);
    run(
      `rm ${host.folder}/units/masked-firewalld; echo "<zone" >/etc/firewalld/zones.xml; mkdir /etc/firewalld/zones; mv /etc/firewalld/zones.xml /etc/firewalld/zones/`,
    );
    expect(checked(['csf'])).toMatch(/refused firewalld-failed$/);
    run('rm -r /etc/firewalld/zones; sed -i s/TableOwner=no/TableOwner=yes/ /etc/firewalld/firewalld.conf');
    expect(checked(['csf'])).toMatch(/refused firewalld-owns-table$/);
    expect([saved(), firewalld()]).toEqual([before, OFF]);
  });
});
