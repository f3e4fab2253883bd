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

  /** What a check says. */
  const checked = (replaces: readonly string[], one = onFirewall(80, replaces)): string => {
    step('upload', one);
    return program(`check ${one.identity}`).split('\n').at(-1)!;
  };

  test('nor where nobody gives way, so that firewalld alone would start', () => {
    expect(checked(['csf', 'iptables'])).toMatch(/refused firewalld-not-running$/);
  });

  test('where firewalld does not start nothing is changed', () => {
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

  test('nor where firewalld runs beside it already: nobody could bring it back', () => {
    systemctl('start firewalld');
    systemctl('enable firewalld');
    iptables();
    systemctl('start firewalld');
    expect(checked(['iptables'])).toMatch(/refused replaces-beside program=iptables$/);
    expect(checked(['ufw'])).toMatch(/ok checked/);
  });

  test('one that gave way and is on again gives way again', () => {
    csf();
    const before = saved();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    // It refuses to load, and is enabled all the same.
    run(`PATH=${host.folder}/bin:$PATH; csf -e`);
    expect([csfIs(), runs()]).toEqual(['enabled', '80']);
    expect(delivered(onFirewall(443, ['csf']))).toEqual(CONFIRMED);
    expect([csfIs(), runs()]).toEqual(['disabled', '443']);
    run('rm -f /etc/csf/csf.error');
    expect(retracted()).toMatch(/ok retracted/);
    expect([saved(), firewalld()]).toEqual([before, OFF]);
  });

  test('firewalld that does not come back behind a trial of csf leaves that one, which closes, until it does', () => {
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

  test('one that somebody has disabled is enabled by a release for csf, and disabled where nobody confirms', () => {
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

  test.each(['which had given way before', 'disabled by somebody, the first release'])(
    'a start of the device in a trial of csf, %s, finds csf disabled, since it fails beside firewalld, and the next delivery is as any',
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

  test('is refused where firewalld is masked, can not start, or owns its table, and as ever without "replaces"', () => {
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
