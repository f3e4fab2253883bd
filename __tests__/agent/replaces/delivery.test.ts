// Tests releases that replace other firewalls (`replaces`): these are stopped during the trial, disabled with the
// confirm, and back after a removal; and the cases in which none is replaced. Runs on a test device with the real nft.

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
  'a firewall that a release replaces',
  'root on Linux',
)('a firewall that a release replaces', () => {
  describe.each(DEVICE_SHELLS)('saved rules that a service loads, under %s', (shell) => {
    const { delivered, step, theirs, on, ports, program, retracted, says } = firewalled(shell);
    const upToArm = ['upload', 'check', 'arm'] as const;

    test('are off while the release is armed but still enabled, and are disabled with the confirm', () => {
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

    test('are loaded and enabled again after a removal', () => {
      const before = theirs().replace(/.*(f2b-sshd).*\n/g, '');
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect(delivered(release(1002, IPTABLES))).toEqual(CONFIRMED);
      expect(retracted()).toMatch(/ok retracted left=nothing$/);
      expect(on()).toBe('active-netfilter-persistent enabled-netfilter-persistent');
      expect(theirs()).toBe(before);
      expect(program('status')).not.toMatch(/owner=/);
    });
  });

  describe('from delivery to removal', () => {
    const { delivered, step, theirs, on, program, run, says, starts, folder, shell } = firewalled();

    test('is refused if another owner has rules of iptables, because they would be flushed too', () => {
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

    test('stops a service for good whose drop-in calls the agent, without a deadlock', () => {
      run(
        `rm ${folder}/units/*; cd /etc/systemd/system; rm netfilter-persistent.service; : >iptables.service; : >ip6tables.service`,
      );
      starts('iptables', ':');
      starts('ip6tables', ':');
      expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
      const dropIn = '/etc/systemd/system/iptables.service.d/cpanel-edge.conf';
      expect(run(`cat ${dropIn}`)).toContain('ExecStopPost=');
      // systemd runs this at a stop, and the stop ends no sooner.
      run(
        `cat >${folder}/units/stops-iptables`,
        `[ ! -e ${dropIn} ] || timeout 5 ${shell} /usr/local/sbin/cpanel-edge-device rules >/dev/null || echo late >${folder}/late`,
      );
      expect(delivered(release(1001, IPTABLES))).toEqual(CONFIRMED);
      expect([run(`ls ${folder}/late 2>/dev/null`), on(), says('boot')]).toEqual(['', '', 'as-written']);
    });

    test('is refused if another program has chains of its own, which would be flushed too', () => {
      run('iptables -N DOCKER-USER');
      const before = theirs();
      const one = release(1001, IPTABLES);
      step('upload', one);
      expect(program(`check ${one.identity}`)).toMatch(/refused replaces-others chain=DOCKER-USER$/);
      expect(theirs()).toBe(before);
    });
  });
});
