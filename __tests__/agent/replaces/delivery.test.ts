// Tests releases that replace other firewalls (`replaces`): they are off with the confirm, and back after a removal.
// Runs on a test device with the real nft.

import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { host as onIptables, textOf } from '../iptables/host';
import { firewalled, release } from './host';
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
    const { delivered, step, theirs, on, ports, program, retracted, says } = firewalled(shell);
    const upToArm = ['upload', 'check', 'arm'] as const;

    test('are away on trial and start with the device still, and are away for good once it is confirmed', () => {
      const one = release(1001, IPTABLES);
      expect(theirs()).toContain(':INPUT DROP');
      expect(delivered(one, upToArm)).toEqual(ARMED);
      expect(ports()).toEqual(['1001']);
      expect(theirs()).not.toMatch(/:INPUT DROP|web/);
      expect(on()).toBe('active-netfilter-persistent enabled-netfilter-persistent');
      expect(step('confirm', one)).toBe('ok confirmed');
      expect(on()).toBe('');
      expect(says('boot')).toBe('as-written');
      expect(theirs()).not.toMatch(/:INPUT DROP|web/);
    });

    test('come back with a retract, enabled as they were', () => {
      const before = theirs().replace(/.*(f2b-sshd).*\n/g, '');
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect(delivered(release(1002, IPTABLES))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted left=nothing$/);
      expect(on()).toBe('active-netfilter-persistent enabled-netfilter-persistent');
      expect(theirs()).toBe(before);
      expect(program('status')).not.toMatch(/owner=/);
    });
  });

  describe('in the course of its life', () => {
    const { delivered, step, theirs, on, program, run, says, starts, folder, shell } = firewalled();

    test('where another owner has rules of iptables nothing gives way: they would go, too', () => {
      const other = release(1002, undefined, {
        owner: 'db',
        platform: 'iptables',
        text: textOf(1002).replaceAll('ce-web-', 'ce-db-'),
        claims: { outside: [], inside: ['10.0.0.11'] },
      });
      expect(delivered(other)).toEqual(CONFIRMED);
      const before = theirs();
      const one = release(1001, IPTABLES);
      step('upload', one);
      expect(program(`check ${one.identity}`)).toMatch(/refused replaces-owner owner=db program=iptables$/);
      expect([theirs(), on()]).toEqual([before, 'active-netfilter-persistent enabled-netfilter-persistent']);
    });

    test('a service that our program follows is stopped for good without waiting for it', () => {
      run(
        `rm ${folder}/units/*; cd /etc/systemd/system; rm netfilter-persistent.service; : >iptables.service; : >ip6tables.service`,
      );
      starts('iptables', ':');
      starts('ip6tables', ':');
      expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
      const dropIn = '/etc/systemd/system/iptables.service.d/cpanel-edge.conf';
      expect(run(`cat ${dropIn}`)).toContain('ExecStopPost=');
      // As systemd does it, and a stop ends no sooner.
      run(
        `cat >${folder}/units/stops-iptables`,
        `[ ! -e ${dropIn} ] || timeout 5 ${shell} /usr/local/sbin/cpanel-edge-device rules >/dev/null || echo late >${folder}/late`,
      );
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect([run(`ls ${folder}/late 2>/dev/null`), on(), says('boot')]).toEqual(['', '', 'as-written']);
    });

    test('chains of a program that puts them in itself are not taken along', () => {
      run('iptables -N DOCKER-USER');
      const before = theirs();
      const one = release(1001, IPTABLES);
      step('upload', one);
      expect(program(`check ${one.identity}`)).toMatch(/refused replaces-others chain=DOCKER-USER$/);
      expect(theirs()).toBe(before);
    });
  });
});
