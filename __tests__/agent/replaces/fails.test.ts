// Tests releases that replace another firewall which doesn't stop or doesn't come back: nothing is changed, or it is
// started anew. Runs on a test device with the real nft.

import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { firewalled, release } from './host';

jest.setTimeout(60_000);

const IPTABLES = ['iptables'];

describeWhere(
  canHaveDevice,
  'a firewall that does not give way as it should',
  'root on Linux',
)('a firewall that does not give way as it should', () => {
  const { delivered, step, theirs, on, ports, program, run, fails, works, csf, csfDoes, csfAgain } = firewalled();

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
    expect(program(`arm ${one.identity} 300`)).toMatch(/^\|Error: not today\n(.*\n)*cpanel-edge: refused not-stopped$/);
    csfAgain();
    csfDoes('-f', 'iptables -F; iptables -X; sleep 100');
    run('sed -i s/^MOST_SECONDS=.*/MOST_SECONDS=1/ /usr/local/sbin/cpanel-edge-device');
    expect(delivered(release(1001, ['csf']), ['upload', 'check', 'arm'])).toEqual(refused);
    csfAgain();
    expect([theirs(), ports(), on()]).toEqual([before, [], 'active-csf active-lfd enabled-csf enabled-lfd']);
  });

  test('rules of the other kind of iptables, which would stay, are asked for first', () => {
    const checked = (replaces: readonly string[]): string => {
      const one = release(1001, replaces);
      step('upload', one);
      const answer = program(`check ${one.identity}`);
      step('rollback', one);
      return answer;
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

  test('where what ran can not be put back as it was, it is started', () => {
    const one = release(1001, IPTABLES);
    delivered(one, ['upload', 'check', 'arm']);
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([theirs().includes(':INPUT DROP'), ports()]).toEqual([true, []]);
  });
});
