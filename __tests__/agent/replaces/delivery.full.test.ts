// Tests further cases of delivery.test.ts (releases that replace other firewalls, `replaces`), for the full test run:
// rollback, timer, restart during a trial, a firewall that is switched on again, other owners, and csf. Runs on a test
// device with the real nft.

import { eventually } from '../../driver/eventually';
import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { LOADS, firewalled, release } from './host';
import { Sent, tableText } from '../stream';
import { CONFIRMED } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';

jest.setTimeout(60_000);

const ARMED = ['ok uploaded', 'ok checked', 'ok armed'];
const IPTABLES = ['iptables'];

describeWhere(
  canHaveDevice,
  'a firewall that a release replaces',
  'root on Linux',
)('a firewall that a release replaces', () => {
  describe.each(DEVICE_SHELLS)('saved rules that a service loads, under %s', (shell) => {
    const { delivered, step, theirs, on, ports, run } = firewalled(shell);
    const upToArm = ['upload', 'check', 'arm'] as const;

    test('leave bans of a program such as fail2ban in place', () => {
      delivered(release(1001, IPTABLES), upToArm);
      const kept = run('iptables-save -t filter').match(/^-A .*/gm);
      expect(kept).toEqual([
        '-A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd',
        '-A f2b-sshd -s 192.0.2.66/32 -j DROP',
        '-A f2b-sshd -j RETURN',
      ]);
    });

    test('are as before after a rollback', () => {
      const before = theirs();
      const one = release(1001, IPTABLES);
      delivered(one, upToArm);
      expect(step('rollback', one)).toBe('ok rolled-back');
      expect(theirs()).toBe(before);
      expect(on()).toBe('active-netfilter-persistent enabled-netfilter-persistent');
      expect(ports()).toEqual([]);
    });
  });

  describe('from delivery to removal', () => {
    const { delivered, step, theirs, on, ports, program, retract, retracted, says, run, csf, flush, starts, timeIsUp } =
      firewalled();

    test('stops no other firewall unless the release names it', () => {
      const before = theirs();
      expect(delivered(release(1001))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted/);
      expect([theirs(), on()]).toEqual([before, 'active-netfilter-persistent enabled-netfilter-persistent']);
    });

    test('delivers if a named firewall is not installed, or off', () => {
      const before = theirs();
      expect(delivered(release(1001, ['ufw', 'csf', 'apf', 'firewalld']))).toEqual(CONFIRMED);
      expect(theirs()).toBe(before);
    });

    test('starts the other firewall again when the timer fires', async () => {
      const before = theirs();
      const one = release(1001, IPTABLES);
      delivered(one, ['upload', 'check']);
      expect(step('arm', one)).toBe('ok armed');
      timeIsUp();
      expect(await eventually(() => step('outcome', one) === 'ok rolled-back')).toBe(true);
      expect([ports(), theirs()]).toEqual([[], before]);
    });

    test('a boot while the release is armed starts the other firewall and loads nothing of the release', () => {
      const one = release(1001, IPTABLES);
      delivered(one, ['upload', 'check', 'arm']);
      flush();
      run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
      expect(program('boot')).toMatch(/ok loaded/);
      expect(on()).toContain('enabled-netfilter-persistent');
      expect(program('status')).not.toMatch(/owner=/);
    });

    test('disables nothing after a confirm that was prepared and never made', () => {
      const one = release(1001, IPTABLES);
      delivered(one, ['upload', 'check', 'arm']);
      run(
        'cat >/etc/cpanel-edge/server-web/replacing',
        `abcdef0123456789\n${run('cat /run/cpanel-edge/server-web.stopped')}`,
      );
      expect(step('rollback', one)).toBe('ok rolled-back');
      expect(delivered(release(1002))).toEqual(CONFIRMED);
      expect(program('addresses')).toMatch(/ok addresses/);
      expect(on()).toBe('active-netfilter-persistent enabled-netfilter-persistent');
    });

    test('reports a firewall that was enabled again, and stops it with the next delivery of the same release', () => {
      const [one, again] = [release(1001, IPTABLES), release(1001, IPTABLES)];
      expect(delivered(one)).toEqual(CONFIRMED);
      expect(program(again.upload, again.file)).toMatch(/ok running/);
      starts('netfilter-persistent', LOADS);
      expect(says('boot')).toBe('replaced-on');
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect([says('boot'), on()]).toEqual(['as-written', '']);
    });

    test('starts the other firewall again only when the last owner leaves, and skips what is no longer installed', () => {
      const before = theirs().replace(/.*(f2b-sshd).*\n/g, '');
      const other = release(1002, undefined, {
        owner: 'db',
        text: tableText(1002, 'cpanel_edge_db'),
        claims: { outside: [], inside: ['10.0.0.11'] },
      });
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect(delivered(other)).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted/);
      expect([ports(), on()]).toEqual([['1002'], '']);
      run('echo "ufw " >>/etc/cpanel-edge/replaced');
      expect(retract('server', 'db')).toMatch(/ok retracted left=nothing$/);
      expect([ports(), on(), theirs()]).toEqual([
        [],
        'active-netfilter-persistent enabled-netfilter-persistent',
        before,
      ]);
      expect(run('ls /etc/cpanel-edge')).toBe('');
    });

    test('csf: stops its rules and services, and starts them again', () => {
      csf();
      const before = theirs();
      expect(before).toContain('LOCALINPUT');
      const one = release(1001, ['csf']);
      expect(delivered(one, ['upload', 'check', 'arm'])).toEqual(ARMED);
      expect(theirs()).not.toContain('LOCALINPUT');
      expect(on()).not.toContain('active-lfd');
      expect(step('rollback', one)).toBe('ok rolled-back');
      expect(theirs()).toBe(before);
      expect(on()).toContain('active-lfd');
      expect(delivered(release(1002, ['csf']))).toEqual(CONFIRMED);
      expect(run('ls /etc/csf/csf.disable')).toBe('/etc/csf/csf.disable\n');
      expect(retracted()).toMatch(/ok retracted/);
      expect(run('ls /etc/csf/csf.disable')).toMatch(/No such file/);
      expect(theirs()).toContain('LOCALINPUT');
      expect(on()).toContain('active-lfd');
    });

    test('a removal starts all firewalls that the release or earlier ones have stopped', () => {
      expect(delivered(release(1001, ['csf', 'iptables']))).toEqual(CONFIRMED);
      csf();
      expect(delivered(release(1002, ['csf', 'iptables']))).toEqual(CONFIRMED);
      starts('netfilter-persistent', LOADS);
      run('rm -f /etc/csf/csf.disable; : >/etc/systemd/system/netfilter-persistent.service');
      expect(delivered(release(1003, ['csf', 'iptables']))).toEqual(CONFIRMED);
      starts('netfilter-persistent', LOADS);
      expect(delivered(release(1004, ['csf', 'iptables']))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted/);
      expect(on()).toBe(
        'active-csf active-lfd active-netfilter-persistent enabled-csf enabled-lfd enabled-netfilter-persistent',
      );
      // csf flushes the rules of the service when it starts, so it is started last.
      expect(theirs()).toContain('LOCALINPUT');
    });

    test('a firewall that the current release does not name stays off', () => {
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect(delivered(release(1002))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted/);
      expect(on()).toBe('');
    });

    test('refuses as damaged a release that names another program, or a gateway’s', () => {
      const damaged = (one: Sent, from: string, to: string): string => program(one.upload, one.file.replace(from, to));
      expect(damaged(release(1001, IPTABLES), 'replace iptables', 'replace sshd')).toMatch(
        /refused upload-damaged part=replaces-line$/,
      );
      expect(damaged(release(1001, IPTABLES), 'replace iptables', 'replace ufw; reboot')).toMatch(
        /refused upload-damaged part=replaces-line$/,
      );
      expect(damaged(release(1001, IPTABLES), 'replace iptables', 'replace ufw')).toMatch(
        /refused upload-damaged part=digest$/,
      );
      const gateway = release(1001, IPTABLES, { role: 'gateway' });
      expect(program(gateway.upload, gateway.file)).toMatch(/refused upload-damaged part=role$/);
    });

    test('a boot completes a confirm that was interrupted by a power loss', () => {
      const one = release(1001, IPTABLES);
      const before = theirs();
      delivered(one, ['upload', 'check', 'arm']);
      const stopped = run('cat /run/cpanel-edge/server-web.stopped');
      expect(step('confirm', one)).toBe('ok confirmed');
      // The state between the deciding rename and the steps after it.
      run(
        'rm -rf /run/cpanel-edge/* /etc/cpanel-edge/server-web/replaced; cat >/etc/cpanel-edge/server-web/replacing; nft flush ruleset',
        `${one.identity.split(' ').at(-1)}\n${stopped}`,
      );
      starts('netfilter-persistent', LOADS);
      expect(program('boot')).toMatch(/ok loaded/);
      expect(ports()).toEqual(['1001']);
      expect(on()).toContain('enabled-netfilter-persistent');
      expect(program('addresses')).toMatch(/ok addresses/);
      expect(on()).toBe('');
      expect(retracted()).toMatch(/ok retracted/);
      expect(theirs()).toBe(before.replace(/.*(f2b-sshd).*\n/g, ''));
    });
  });
});
