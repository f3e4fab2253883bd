import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { BANS, LOADS, firewalled, release } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(60_000);

const IPTABLES = ['iptables'];

describeWhere(
  canHaveDevice,
  'a firewall that does not give way as it should',
  'root on Linux',
)('a firewall that does not give way as it should', () => {
  const { delivered, step, theirs, on, ports, program, retracted, says, run, fails, works, csf, csfDoes, csfAgain, starts, inPath } =
    firewalled();

  test('of one that does not stop, or hangs, nothing is changed, and what it says is told', () => {
    csf();
    const before = theirs();
    const refused = ['ok uploaded', 'ok checked', 'refused not-stopped'];
    fails('stop');
    expect(delivered(release(1001, ['csf']), ['upload', 'check', 'arm'])).toEqual(refused);
    expect([theirs(), ports()]).toEqual([before, []]);
    works('stop');
    csfDoes('-f', 'echo "Error: not today"; exit 1');
    const one = release(1001, ['csf']);
    delivered(one, ['upload', 'check']);
    expect(program(`arm ${one.identity} 60`)).toMatch(/^\|Error: not today\n(.*\n)*cpanel-edge: refused not-stopped$/);
    csfAgain();
    csfDoes('-f', 'iptables -F; iptables -X; sleep 100');
    run('sed -i s/^MOST_SECONDS=.*/MOST_SECONDS=1/ /usr/local/sbin/cpanel-edge-device');
    expect(delivered(release(1001, ['csf']), ['upload', 'check', 'arm'])).toEqual(refused);
    csfAgain();
    expect([theirs(), ports(), on()]).toEqual([before, [], 'active-csf active-lfd enabled-csf enabled-lfd']);
  });

  test('of one that does not come back nothing of ours is given up, and the next retract tries again', () => {
    expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
    fails('restart');
    expect(retracted()).toMatch(/refused not-returned program=iptables$/);
    expect([ports(), says('state')]).toEqual([['1001'], 'confirmed']);
    works('restart');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([ports(), on()]).toEqual([[], 'active-netfilter-persistent enabled-netfilter-persistent']);
  });

  test('rules of the other kind of iptables, which would stay, are asked for first', () => {
    const checked = (replaces: readonly string[]): string => {
      const one = release(1001, replaces);
      step('upload', one);
      const said = program(`check ${one.identity}`);
      step('rollback', one);
      return said;
    };
    run('ip6tables-legacy -A INPUT -p tcp --dport 25 -j DROP');
    try {
      expect(checked(IPTABLES)).toMatch(/refused replaces-other-kind program=ip6tables-legacy$/);
      expect(checked(['ufw'])).toMatch(/ok checked/);
    } finally {
      run('ip6tables-legacy -F');
    }
    expect(checked(IPTABLES)).toMatch(/ok checked/);
  });

  test('csf comes back where chains of its own are in the way of "csf -e", and where somebody has enabled and flushed it', () => {
    csf();
    const before = theirs();
    expect(delivered(release(1001, ['csf']))).toEqual(CONFIRMED);
    run('for p in iptables ip6tables; do $p -N INVALID; done');
    expect([retracted(), theirs()]).toEqual([expect.stringMatching(/ok retracted left=nothing$/), before]);
    expect(delivered(release(1001, ['csf']))).toEqual(CONFIRMED);
    run('rm /etc/csf/csf.disable');
    expect([retracted(), theirs()]).toEqual([expect.stringMatching(/ok retracted left=nothing$/), before]);
  });

  test('where what ran can not be put back as it was, it is started', () => {
    const one = release(1001, IPTABLES);
    delivered(one, ['upload', 'check', 'arm']);
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([theirs().includes(':INPUT DROP'), ports()]).toEqual([true, []]);
  });

  test('where it does not start either, what is on trial stays until the device starts again; what was confirmed before comes back', () => {
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

  test('what an earlier trial has left is not what ran', () => {
    run('cd /run/cpanel-edge && : >server-web.ran && iptables-save >server-web.ran-ip && ip6tables-save >server-web.ran-ip6');
    run('iptables -I INPUT -s 192.0.2.99 -j DROP');
    const before = theirs();
    const one = release(1001, IPTABLES);
    delivered(one, ['upload', 'check', 'arm']);
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect(theirs()).toBe(before);
  });

  test('who is banned stays so behind the confirm, too, and a ban that hangs on rules of theirs goes with them', () => {
    csf();
    run('iptables -N f2b-mail; iptables -A f2b-mail -s 192.0.2.77 -j DROP; iptables -I LOCALINPUT -p tcp --dport 25 -j f2b-mail');
    run(BANS);
    expect(delivered(release(1001, ['csf']))).toEqual(CONFIRMED);
    const kept = run('iptables -S').split('\n');
    expect(kept).toEqual(expect.arrayContaining(['-A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd', '-A f2b-sshd -s 192.0.2.66/32 -j DROP']));
    expect(kept.filter((line) => line.includes('LOCALINPUT'))).toEqual([]);
  });

  test('where there is no iptables, firewalld gives way all the same', () => {
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
