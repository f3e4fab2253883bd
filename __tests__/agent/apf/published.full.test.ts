// Tests the agent with APF 2.0.2 (upstream): rollbacks, edits by hand, Docker beside it. Runs on a test device with a
// stand-in for APF and the real iptables.

import { host, onPublished, textOf } from './published-host';
import { host as packaged, textOf as textOfPackaged } from './host';
import { host as onIptables, textOf as textOfIptables } from '../iptables/host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(180_000);

const trial = ['upload', 'check', 'arm'] as const;

onPublished('the agent with APF 2.0.2', (its) => {
  const { run, says, delivered, step, apf, runs, isOpen } = its;

  test('rolls back an unconfirmed release, and one of which APF loads nothing', () => {
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    const next = host(textOf(443));
    delivered(next, trial);
    expect([runs(), step('rollback', next), runs(), runs('ip6')]).toEqual([
      '22,443',
      'ok rolled-back',
      '22,81',
      '22,81',
    ]);
    run(`echo 'TCP_STOP="x"' >>/etc/apf/internals/internals.conf`);
    const refused = host(textOf(444));
    expect([delivered(refused, trial).at(-1), runs(), isOpen(), isOpen('ip6')]).toEqual([
      'refused load-failed',
      '22,81',
      false,
      false,
    ]);
  });

  test('reports ports that are opened by hand in both families, and keeps tables of others', () => {
    run('iptables -t nat -A PREROUTING -p tcp --dport 8 -j REDIRECT --to-ports 9; ip6tables -P FORWARD DROP');
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    expect([run('iptables -t nat -S').includes('--to-ports 9'), run('ip6tables -S FORWARD')]).toEqual([
      true,
      '-P FORWARD DROP\n',
    ]);
    // Rules that APF adds itself aren't added a second time.
    expect(run('iptables -t mangle -S PREROUTING | sort | uniq -d')).toBe('');
    run('ip6tables -I INPUT 3 -p tcp --dport 3306 -j ACCEPT');
    expect(says('rules')).toBe('edited');
    apf('-r');
    expect([says('rules'), runs('ip6')]).toEqual(['as-loaded', '22,81']);
  });

  test('adds no rule of others twice if APF keeps it, as beside Docker', () => {
    run(
      'iptables -N DOCKER-USER; iptables -A FORWARD -j DOCKER-USER; iptables -t nat -A PREROUTING -p tcp --dport 8 -j REDIRECT --to-ports 9',
    );
    run(
      'iptables -t mangle -A POSTROUTING -p tcp --dport 7 -j MARK --set-mark 1; iptables -t mangle -A FORWARD -p tcp --dport 6 -j MARK --set-mark 1',
    );
    const theirs = (): string =>
      run('iptables -S FORWARD; iptables -t nat -S; iptables -t mangle -S | grep MARK | sort');
    const before = theirs();
    expect([delivered(host(textOf(81))), theirs() === before, runs()]).toEqual([CONFIRMED, true, '22,81']);
  });

  test('refuses a delivery if another version of APF is or was installed, or APF doesn’t run', () => {
    const checked = (one = host(textOf(81))): string => {
      const answers = delivered(one, ['upload', 'check']).at(-1)!;
      step('rollback', one);
      return answers;
    };
    expect(checked(packaged(textOfPackaged(81)))).toBe('refused apf-version');
    // APF flushes all iptables rules each night.
    expect(checked(onIptables(textOfIptables(81)))).toBe('refused other-firewall');
    const other = [
      'echo version: 2.0.3 >VERSION',
      'rm VERSION',
      'rm /etc/systemd/system/enabled-apf.service',
      'ip6tables -F; iptables -F; iptables -X',
    ];
    const said = other.map((does) => {
      run(`cp -a /etc/apf/VERSION ${its.folder}/VERSION; iptables-save >${its.folder}/4; cd /etc/apf; ${does}`);
      const word = checked();
      run(
        `cp -a ${its.folder}/VERSION /etc/apf/; : >/etc/systemd/system/enabled-apf.service; iptables-restore <${its.folder}/4`,
      );
      return word;
    });
    expect([said, checked()]).toEqual([
      ['refused apf-version', 'refused apf-version', 'refused apf-not-enabled', 'refused apf-not-running'],
      'ok checked',
    ]);
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    run(`sed -i 's/^settings cu-/settings ca-/' /etc/cpanel-edge/server-web/release`);
    expect(checked(host(textOf(443)))).toBe('refused apf-upgraded');
  });
});
