// Tests the move of a server's release from iptables to firewalld: it is refused without `replaces`, rolls back, is
// confirmed, and after a removal the rules of others are back. Runs on a test device with the real firewalld.

import { CONFIRMED } from '../under-shell';
import { besideFirewalld, onFirewall } from './firewalld-host';
import {
  ARMED,
  NO_RULES_BY_HAND,
  OFF,
  ON_FIREWALLD,
  ON_IPTABLES,
  TRIAL,
  deliverBesideRulesByHand,
  listRules,
  stateOf,
} from './iptables-to-firewalld';

jest.setTimeout(120_000);

besideFirewalld('a server on iptables moves to firewalld, which was off, and no service loads rules', (host) => {
  const { delivered, step, program, run, saved, runs, files, firewalld, tables, retracted } = host;
  afterEach(() => void run(NO_RULES_BY_HAND));

  test('is refused without "replaces", armed and rolled back, confirmed, and a removal restores the rules of others', () => {
    const { byHand, before } = deliverBesideRulesByHand(host);
    const alone = onFirewall(80);
    step('upload', alone);
    expect(program(`check ${alone.identity}`)).toMatch(/refused firewalld-not-running beside=iptables$/);
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([runs(), saved().match(/^-A|DROP/m), firewalld()]).toEqual(['80', null, 'active disabled']);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), ...stateOf(host)]).toEqual([before, ...ON_IPTABLES]);
    expect(delivered(onFirewall(80, ['iptables']))).toEqual(CONFIRMED);
    expect([saved().match(/^-A|DROP/m), ...stateOf(host)]).toEqual([null, ...ON_FIREWALLD]);
    expect(delivered(onFirewall(443, ['iptables']))).toEqual(CONFIRMED);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([listRules(host), firewalld(), tables(), files(), run('ls /etc/cpanel-edge')]).toEqual([
      byHand,
      OFF,
      '',
      [],
      '',
    ]);
  });
});
