// Tests releases that replace another firewall (ufw, csf, saved iptables rules) which doesn't come back at a rollback
// or a removal: the release stays in effect, and the next removal or boot tries again. Runs on a test device with the
// real nft.

import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { BANS, LOADS, firewalled, release } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(60_000);

const IPTABLES = ['iptables'];

describeWhere(
  canHaveDevice,
  'a firewall that fails to stop or to come back',
  'root on Linux',
)('a firewall that fails to stop or to come back', () => {
  const { delivered, step, theirs, on, ports, program, retracted, says, run, fails, works, csf, starts, inPath } =
    firewalled();

  test('a firewall that does not come back: the release stays, and the next removal tries again', () => {
    expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
    fails('restart');
    expect(retracted()).toMatch(/refused not-returned program=iptables$/);
    expect([ports(), says('state')]).toEqual([['1001'], 'confirmed']);
    works('restart');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([ports(), on()]).toEqual([[], 'active-netfilter-persistent enabled-netfilter-persistent']);
  });

  test('csf comes back if chains of its own hinder "csf -e", and if it was enabled and flushed by hand', () => {
    csf();
    const before = theirs();
    expect(delivered(release(1001, ['csf']))).toEqual(CONFIRMED);
    run('for p in iptables ip6tables; do $p -N INVALID; done');
    expect([retracted(), theirs()]).toEqual([expect.stringMatching(/ok retracted left=nothing$/), before]);
    expect(delivered(release(1001, ['csf']))).toEqual(CONFIRMED);
    run('rm /etc/csf/csf.disable');
    expect([retracted(), theirs()]).toEqual([expect.stringMatching(/ok retracted left=nothing$/), before]);
  });

  test('a service that fails to start: an armed first release stays until the next boot, a confirmed one is restored', () => {
    const [one, two] = [release(1001, IPTABLES), release(1002, IPTABLES)];
    fails('restart');
    delivered(one, ['upload', 'check', 'arm']);
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', one)).toBe('failed rollback-incomplete');
    expect(ports()).toEqual(['1001']);
    run('rm -rf /run/cpanel-edge/*');
    expect(program('boot')).toMatch(/ok loaded/);
    expect(ports()).toEqual([]);
    starts('netfilter-persistent', LOADS);
    expect(delivered(release(1003))).toEqual(CONFIRMED);
    delivered(two, ['upload', 'check', 'arm']);
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', two)).toBe('ok rolled-back');
    expect(ports()).toEqual(['1003']);
  });

  test('a rollback does not restore rules that an earlier armed release had saved', () => {
    run(
      'cd /run/cpanel-edge && : >server-web.ran && iptables-save >server-web.ran-ip && ip6tables-save >server-web.ran-ip6',
    );
    run('iptables -I INPUT -s 192.0.2.99 -j DROP');
    const before = theirs();
    const one = release(1001, IPTABLES);
    delivered(one, ['upload', 'check', 'arm']);
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect(theirs()).toBe(before);
  });

  test('keeps bans after the confirm, except those that hang on rules of the replaced firewall', () => {
    csf();
    run(
      'iptables -N f2b-mail; iptables -A f2b-mail -s 192.0.2.77 -j DROP; iptables -I LOCALINPUT -p tcp --dport 25 -j f2b-mail',
    );
    run(BANS);
    expect(delivered(release(1001, ['csf']))).toEqual(CONFIRMED);
    const kept = run('iptables -S').split('\n');
    expect(kept).toEqual(
      expect.arrayContaining(['-A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd', '-A f2b-sshd -s 192.0.2.66/32 -j DROP']),
    );
    expect(kept.filter((line) => line.includes('LOCALINPUT'))).toEqual([]);
  });

  test('replaces firewalld on a host without iptables', () => {
    run('iptables -F; iptables -X; : >/etc/systemd/system/firewalld.service');
    inPath('firewall-cmd', ':');
    inPath('busctl', `case "$*" in *state) echo 'v s "RUNNING"' ;; esac`);
    starts('firewalld', ':');
    run('for p in iptables ip6tables; do mount --bind /dev/null /usr/sbin/$p-save; done');
    try {
      const one = release(1001, ['firewalld']);
      expect(delivered(one, ['upload', 'check', 'arm'])).toEqual(['ok uploaded', 'ok checked', 'ok armed']);
      expect(on()).not.toContain('active-firewalld');
      expect(step('rollback', one)).toBe('ok rolled-back');
      expect(on()).toContain('active-firewalld');
      expect(delivered(release(1002, ['firewalld']))).toEqual(CONFIRMED);
      expect(on()).not.toContain('firewalld');
      expect(retracted()).toMatch(/ok retracted left=nothing$/);
      expect(on()).toMatch(/active-firewalld .*enabled-firewalld/);
    } finally {
      run('for p in iptables ip6tables; do umount /usr/sbin/$p-save; done');
    }
  });
});
