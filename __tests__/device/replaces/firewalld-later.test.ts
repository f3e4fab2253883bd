import { besideLaterFirewalld, onCsf, onFirewall } from './firewalld-host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const TRIAL = ['upload', 'check', 'arm'] as const;
const ARMED = CONFIRMED.slice(0, 3);
const [OFF, ON] = ['inactive disabled', 'active enabled'];

besideLaterFirewalld('a firewall that gives way to it', (host, version) => {
  const { delivered, step, program, says, run, saved, runs, stored, files, retracted, firewalld, tables, csf, csfIs, iptables } = host;

  test('a service that loads rules: it starts for the trial, is off after a rollback and a retract, and loads nothing twice', () => {
    iptables();
    const before = saved();
    const one = onFirewall(80, ['iptables']);
    expect(delivered(one, TRIAL)).toEqual(ARMED);
    expect([host.ask('--version').slice(0, version.length), runs(), firewalld()]).toEqual([version, '80', 'active disabled']);
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables(), files()]).toEqual([before, OFF, '', []]);
    expect(delivered(onFirewall(443, ['iptables']))).toEqual(CONFIRMED);
    expect([runs(), stored(), firewalld(), says('rules')]).toEqual(['443', '443', ON, 'as-loaded']);
    expect(run('nft list chain inet firewalld filter_IN_policy_cf-web-in_pre | grep -c "dport 443"').trim()).toBe('1');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
  });

  test('csf, and back to it in one delivery, which nobody confirms and then somebody does', () => {
    csf();
    const plain = saved();
    expect(delivered(onFirewall(80, ['csf']))).toEqual(CONFIRMED);
    expect([runs(), firewalld(), csfIs(), saved().includes('LOCALINPUT')]).toEqual(['80', ON, 'disabled', false]);
    const one = onCsf(8080, ['firewalld']);
    expect(delivered(one, TRIAL)).toEqual(ARMED);
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([runs(), stored(), firewalld(), csfIs(), says('rules')]).toEqual(['80', '80', ON, 'disabled', 'as-loaded']);
    expect(delivered(onCsf(8080, ['firewalld']))).toEqual(CONFIRMED);
    expect([tables(), firewalld(), csfIs(), files()]).toEqual(['', OFF, 'enabled', []]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved(), firewalld(), csfIs()]).toEqual([plain, OFF, 'enabled']);
  });

  test('is not asked while it is off: from 2.3.4 on its command waits ten seconds for it', () => {
    csf();
    const [bin, one] = [`${host.folder}/bin`, onFirewall(80, ['csf'])];
    run(
      `cd ${bin} && mv firewall-cmd asked && cat >firewall-cmd && chmod 755 firewall-cmd`,
      `#!/bin/sh\necho "$*" >>${bin}/said\nexec ${bin}/asked "$@"\n`,
    );
    expect(delivered(one, ['upload', 'check'])).toEqual(CONFIRMED.slice(0, 2));
    expect(run(`cd ${bin} && mv asked firewall-cmd; cat said 2>/dev/null; rm -f said`)).toBe('');
  });

  test('is refused where it would own its table, which it does by itself from 2.2 on', () => {
    csf();
    run('sed -i /TableOwner/d /etc/firewalld/firewalld.conf');
    const one = onFirewall(80, ['csf']);
    step('upload', one);
    expect(program(`check ${one.identity}`)).toMatch(/refused firewalld-owns-table$/);
  });
});
