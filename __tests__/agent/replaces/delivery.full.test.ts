// Tests releases that replace other firewalls (`replaces`): rollback, confirm, restart and removal. Runs on a test
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
  'a firewall whose place a release takes',
  'root on Linux',
)('a firewall whose place a release takes', () => {
  describe.each(DEVICE_SHELLS)('rules that a service loads, under %s', (shell) => {
    const { delivered, step, theirs, on, ports, run } = firewalled(shell);
    const upToArm = ['upload', 'check', 'arm'] as const;

    test('leave those that are banned by a program of its own where they were', () => {
      delivered(release(1001, IPTABLES), upToArm);
      const kept = run('iptables-save -t filter').match(/^-A .*/gm);
      expect(kept).toEqual([
        '-A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd',
        '-A f2b-sshd -s 192.0.2.66/32 -j DROP',
        '-A f2b-sshd -j RETURN',
      ]);
    });

    test('are as they were after a rollback, before ours are away', () => {
      const before = theirs();
      const one = release(1001, IPTABLES);
      delivered(one, upToArm);
      expect(step('rollback', one)).toBe('ok rolled-back');
      expect(theirs()).toBe(before);
      expect(on()).toBe('active-netfilter-persistent enabled-netfilter-persistent');
      expect(ports()).toEqual([]);
    });
  });

  describe('in the course of its life', () => {
    const { delivered, step, theirs, on, ports, program, retract, retracted, says, run, csf, flush, starts, timeIsUp } =
      firewalled();

    test('nothing of it changes without the release saying so', () => {
      const before = theirs();
      expect(delivered(release(1001))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted/);
      expect([theirs(), on()]).toEqual([before, 'active-netfilter-persistent enabled-netfilter-persistent']);
    });

    test('one that is not there, or off, holds up nothing', () => {
      const before = theirs();
      expect(delivered(release(1001, ['ufw', 'csf', 'apf', 'firewalld']))).toEqual(CONFIRMED);
      expect(theirs()).toBe(before);
    });

    test('the timer brings it back', async () => {
      const before = theirs();
      const one = release(1001, IPTABLES);
      delivered(one, ['upload', 'check']);
      expect(step('arm', one)).toBe('ok armed');
      timeIsUp();
      expect(await eventually(() => step('outcome', one) === 'ok rolled-back')).toBe(true);
      expect([ports(), theirs()]).toEqual([[], before]);
    });

    test('a start of the device in a trial finds it enabled, and nothing of ours', () => {
      const one = release(1001, IPTABLES);
      delivered(one, ['upload', 'check', 'arm']);
      flush();
      run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
      expect(program('boot')).toMatch(/ok loaded/);
      expect(on()).toContain('enabled-netfilter-persistent');
      expect(program('status')).not.toMatch(/owner=/);
    });

    test('what was about to be confirmed and never was is switched off by nobody', () => {
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

    test('switched on again by somebody it is said, and the next delivery of the same stops it', () => {
      const [one, again] = [release(1001, IPTABLES), release(1001, IPTABLES)];
      expect(delivered(one)).toEqual(CONFIRMED);
      expect(program(again.upload, again.file)).toMatch(/ok running/);
      starts('netfilter-persistent', LOADS);
      expect(says('boot')).toBe('replaced-on');
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect([says('boot'), on()]).toEqual(['as-written', '']);
    });

    test('beside another owner nothing comes back: with the last who leaves it does, but for what is there no more', () => {
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

    test('csf: its rules go with what it is started by, and come back with it', () => {
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

    test('what gave way last is what a retract brings back, and all of it where the same gave way before', () => {
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
      // csf takes what the service has loaded away as it starts, so it comes last.
      expect(theirs()).toContain('LOCALINPUT');
    });

    test('what nobody asks to give way any more stays off', () => {
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect(delivered(release(1002))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted/);
      expect(on()).toBe('');
    });

    test('a release that names anything else, or is of a gateway, is damaged', () => {
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

    test('a confirm that a loss of power ended too early is brought to its end by the start of the device', () => {
      const one = release(1001, IPTABLES);
      const before = theirs();
      delivered(one, ['upload', 'check', 'arm']);
      const stopped = run('cat /run/cpanel-edge/server-web.stopped');
      expect(step('confirm', one)).toBe('ok confirmed');
      // As it is between the file that says so and what follows.
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
