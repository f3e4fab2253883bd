// Tests the move of a server from iptables to firewalld: power losses, kills, other owners. Runs on a test device with
// the real firewalld.

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host as onIptables, textOf } from '../iptables/host';
import { sent } from '../stream';
import { CONFIRMED } from '../under-shell';
import { besideFirewalld, onFirewall } from './firewalld-host';
import {
  ARMED,
  NO_RULES_BY_HAND,
  OFF,
  ON_IPTABLES,
  TRIAL,
  deliverBesideRulesByHand,
  hasOwnRules,
  stateOf,
} from './iptables-to-firewalld';

jest.setTimeout(120_000);

const ON = 'active enabled';

besideFirewalld('a server on iptables moves to firewalld: services, other owners, both backends', (host) => {
  const {
    delivered,
    step,
    program,
    run,
    saved,
    runs,
    says,
    files,
    firewalld,
    tables,
    retracted,
    iptables,
    systemctl,
    on,
  } = host;
  const ours = (): boolean => hasOwnRules(host);
  const checked = (release: ReturnType<typeof onFirewall>): string => {
    step('upload', release);
    return program(`check ${release.identity}`).split('\n').at(-1)!;
  };
  const powerless = (): void => {
    systemctl('kill firewalld');
    host.flush();
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
  };
  afterEach(() => void run(NO_RULES_BY_HAND));

  test('a kill while firewalld starts, and a power loss while armed: the release on iptables runs', () => {
    const { before } = deliverBesideRulesByHand(host);
    const release = onFirewall(80, ['iptables']);
    delivered(release, ['upload', 'check']);
    host.killedInStart(release);
    expect(run('nft list chain inet firewalld_starts input')).toContain('drop');
    // systemd goes on with the start, and firewalld flushes all rules of iptables.
    systemctl('start firewalld');
    expect(ours()).toBe(false);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), ...stateOf(host)]).toEqual([before, ...ON_IPTABLES]);
    expect(delivered(onFirewall(80, ['iptables']), TRIAL)).toEqual(ARMED);
    powerless();
    expect(program('boot')).toMatch(/ok loaded/);
    expect(program('addresses')).toMatch(/ok addresses/);
    expect(stateOf(host)).toEqual(ON_IPTABLES);
  });

  test('a service that loads saved rules with a copy of the release: no copy is left, and a removal starts the service', () => {
    iptables();
    expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
    // A person saves all rules.
    run('iptables-save >/etc/iptables/rules.v4; ip6tables-save >/etc/iptables/rules.v6');
    const before = saved();
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), firewalld(), tables(), says('rules'), on()]).toEqual([
      before,
      OFF,
      '',
      'as-loaded',
      'enabled-netfilter-persistent',
    ]);
    expect(delivered(onFirewall(80, ['iptables']))).toEqual(CONFIRMED);
    expect([runs(), ours(), firewalld(), on(), says('boot')]).toEqual(['80', false, ON, '', 'as-written']);
    expect(run('cat /etc/iptables/*')).not.toContain('ce-web');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved().includes(':INPUT DROP'), ours(), firewalld(), on()]).toEqual([
      true,
      false,
      OFF,
      'active-netfilter-persistent enabled-netfilter-persistent',
    ]);
  });

  test('rules by hand and no release before: the boot completes an interrupted confirm, and a removal restores them', () => {
    run('iptables -A INPUT -s 192.0.2.99 -j DROP');
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    // The state between the deciding rename and the steps after it.
    run(
      `cd /etc/cpanel-edge/server-web && mv armed-* release && cat >replacing && for f in ip ip6; do cp /run/cpanel-edge/server-web.loose-$f replacing-$f; done`,
      `${release.identity.split(' ').at(-1)}\niptables \noff firewalld\n`,
    );
    powerless();
    expect(program('boot')).toMatch(/ok loaded/);
    expect([firewalld(), program('addresses')]).toEqual([OFF, expect.stringMatching(/ok addresses/)]);
    expect(program('rules')).toMatch(/ok loaded/);
    expect([runs(), firewalld(), says('boot'), says('rules'), saved().includes('192.0.2.99')]).toEqual([
      '80',
      ON,
      'as-written',
      'as-loaded',
      false,
    ]);
    run(
      'iptables -N f2b-sshd; iptables -A f2b-sshd -s 192.0.2.66 -j DROP; iptables -I INPUT -p tcp --dport 22 -j f2b-sshd',
    );
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([saved().match(/^-A.*/gm), firewalld(), files()]).toEqual([
      [
        '-A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd',
        '-A INPUT -s 192.0.2.99/32 -j DROP',
        '-A f2b-sshd -s 192.0.2.66/32 -j DROP',
      ],
      OFF,
      [],
    ]);
  });

  test('another owner on nftables: the rules come back with the last removal', () => {
    run('iptables -A INPUT -s 192.0.2.99 -j DROP');
    const table = (port: number) => ({
      text: `table inet cpanel_edge_db\ndelete table inet cpanel_edge_db\ntable inet cpanel_edge_db {\n    chain ce_forward {\n        type filter hook input priority filter; policy accept;\n        tcp dport ${port} drop\n    }\n}\n`,
    });
    const other = sent({ role: 'server', owner: 'db', claims: { outside: [], inside: ['10.0.0.11'] }, ...table(1) });
    expect(delivered(other)).toEqual(CONFIRMED);
    expect(delivered(onFirewall(80, ['iptables']))).toEqual(CONFIRMED);
    expect(retracted()).toMatch(/ok retracted/);
    expect(saved()).not.toContain('192.0.2.99');
    expect(host.retract('server', 'db')).toMatch(/ok retracted/);
    expect([saved().match(/^-A.*/gm), run('ls /etc/cpanel-edge')]).toEqual([['-A INPUT -s 192.0.2.99/32 -j DROP'], '']);
  });

  test('another owner on iptables: refused, and also if there are only bans, which are no other firewall', () => {
    const other = sent({
      role: 'server',
      owner: 'db',
      platform: 'iptables',
      text: textOf(1002).replaceAll('ce-web-', 'ce-db-'),
      claims: { outside: [], inside: ['10.0.0.11'] },
    });
    expect(delivered(other)).toEqual(CONFIRMED);
    const before = saved();
    expect(checked(onFirewall(80, ['iptables']))).toMatch(/refused replaces-owner owner=db program=iptables$/);
    expect(saved()).toBe(before);
    expect(host.retract('server', 'db')).toMatch(/ok retracted/);
    run(
      'iptables -N f2b-sshd; iptables -A f2b-sshd -s 192.0.2.66 -j DROP; iptables -I INPUT -p tcp --dport 22 -j f2b-sshd',
    );
    expect(checked(onFirewall(80, ['iptables']))).toMatch(/refused firewalld-not-running$/);
  });

  test('a firewalld that is enabled but does not run: refused as such', () => {
    expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
    systemctl('enable firewalld');
    const enabled = /refused firewalld-not-running beside=iptables start=enabled$/;
    expect([checked(onFirewall(80, ['iptables'])), checked(onFirewall(80))]).toEqual([
      expect.stringMatching(enabled),
      expect.stringMatching(enabled),
    ]);
  });

  test('firewalld does not start, or the rules can’t be restored: the release on iptables runs', () => {
    run('iptables -A INPUT -s 192.0.2.99 -j DROP');
    expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
    const before = saved();
    host.fails();
    expect(delivered(onFirewall(80, ['iptables']), TRIAL)).toEqual([
      'ok uploaded',
      'ok checked',
      'refused firewalld-not-started',
    ]);
    expect([saved(), firewalld(), tables()]).toEqual([before, OFF, '']);
    run(`rm ${host.folder}/units/fails-firewalld`);
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([ours(), firewalld(), says('rules')]).toEqual([true, OFF, 'as-loaded']);
  });

  test('no release before and rules that can’t be restored: the armed release, which closes, stays', () => {
    run('iptables -A INPUT -s 192.0.2.99 -j DROP');
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    const rulesBefore = run('cat /run/cpanel-edge/server-web.ran-ip');
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', release)).toBe('failed rollback-incomplete');
    expect(run('nft list table inet firewalld')).toContain('policy_cf-web-in');
    run('cat >/run/cpanel-edge/server-web.ran-ip', rulesBefore);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved().match(/^-A.*/gm), firewalld(), tables()]).toEqual([['-A INPUT -s 192.0.2.99/32 -j DROP'], OFF, '']);
  });

  test('a release with rules in the other backend of iptables: moves, too', () => {
    expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
    // The state after update-alternatives: the rules of iptables are in the other backend.
    run(
      'iptables-save >/tmp/ours; ip6tables-save >/tmp/ours6; iptables -t mangle -F; iptables -t mangle -X; ip6tables -t mangle -F; ip6tables -t mangle -X',
    );
    run('iptables-legacy-restore </tmp/ours; ip6tables-legacy-restore </tmp/ours6; rm /tmp/ours /tmp/ours6');
    expect(says('rules')).toBe('elsewhere');
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([runs(), run('iptables-legacy-save; ip6tables-legacy-save').includes('ce-web')]).toEqual(['80', false]);
    // Programs warn of tables of the other backend.
    expect(step('rollback', release)).toContain('ok rolled-back');
    expect([ours(), says('rules'), firewalld()]).toEqual([true, 'as-loaded', OFF]);
  });

  describe('the older backend', () => {
    beforeAll(() => {
      const [real, instead] = [join(host.folder, 'xtables'), join(host.folder, 'instead')];
      copyFileSync('/usr/sbin/xtables-legacy-multi', real);
      writeFileSync(instead, `#!/bin/sh\nexec ${real} "\${0##*/}" "$@"\n`, { mode: 0o755 });
      host.device().replace('/usr/sbin/xtables-nft-multi', instead);
    });

    test('moves in one delivery, and comes back with a rollback', () => {
      run('iptables -A INPUT -s 192.0.2.99 -j DROP');
      expect(run('iptables --version')).toContain('legacy');
      expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
      const before = saved();
      const release = onFirewall(80, ['iptables']);
      expect(delivered(release, TRIAL)).toEqual(ARMED);
      expect([runs(), saved().match(/^-A/m)]).toEqual(['80', null]);
      expect(step('rollback', release)).toBe('ok rolled-back');
      expect([saved(), firewalld(), tables(), says('rules')]).toEqual([before, OFF, '', 'as-loaded']);
      expect(delivered(onFirewall(80, ['iptables']))).toEqual(CONFIRMED);
      expect([runs(), firewalld(), says('boot'), saved().match(/^-A/m)]).toEqual(['80', ON, 'as-written', null]);
    });
  });
});
