// Tests releases that replace another firewall which doesn't stop or doesn't come back: nothing is changed, or it is
// started anew. Runs on a test device with the real nft.

import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { firewalled, release } from './host';

jest.setTimeout(60_000);

const IPTABLES = ['iptables'];

describeWhere(
  canHaveDevice,
  'a firewall that fails to stop or to come back',
  'root on Linux',
)('a firewall that fails to stop or to come back', () => {
  const { delivered, step, theirs, on, ports, program, run, fails, works, csf, csfDoes, csfAgain } = firewalled();

  test('a firewall that does not stop, or hangs: nothing is changed, and its message is printed', () => {
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

  test('is refused if rules of the other iptables backend would stay', () => {
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

  test('starts the firewall if its rules can’t be restored as they were', () => {
    const one = release(1001, IPTABLES);
    delivered(one, ['upload', 'check', 'arm']);
    run('sed -i 3q /run/cpanel-edge/server-web.ran-ip');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([theirs().includes(':INPUT DROP'), ports()]).toEqual([true, []]);
  });
});
