// Tests the agent with an APF that fails to load its rules, is gone, or whose files can't be written: releases roll
// back, removals still work. Runs on a test device with Debian's APF and the real iptables.

import { host, onApf, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(180_000);

const trial = ['upload', 'check', 'arm'] as const;

onApf('the agent with an APF that does not start', (its) => {
  const { run, program, says, delivered, step, retract, retracted, apf, files, runs, isOpen, restarted } = its;
  // With this line APF loads nothing and reports success, so everything is open. The line isn't one of the release.
  const breaks = (): string => run(`sed -i '1i exit 0' /etc/apf-firewall/conf.apf`);
  const mends = (): string => run(`sed -i '/^exit 0$/d' /etc/apf-firewall/conf.apf`);

  test('restores all former rules, also those of others, if a first release fails to load', () => {
    const before = files();
    run(
      'iptables -t nat -A PREROUTING -p tcp --dport 26 -j REDIRECT --to-ports 25; iptables -I INPUT 1 -s 192.0.2.99 -j DROP',
    );
    const theirs = run('iptables-save | grep ^-');
    const release = host(textOf(81));
    delivered(release, ['upload', 'check']);
    breaks();
    expect(program(`arm ${release.identity} 300`)).toContain(
      '|ERROR: APF: status 0, and it closed nothing\ncpanel-edge: refused load-failed',
    );
    mends();
    expect([files() === before, run('iptables-save | grep ^-') === theirs, isOpen()]).toEqual([true, true, false]);
    expect([says('state'), delivered(host(textOf(81)))]).toEqual(['nothing', CONFIRMED]);
  });

  test('keeps the confirmed release and gives the reason', () => {
    delivered(host(textOf(81)));
    const before = files();
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    run('ip link set wan0 down');
    const answer = program(`arm ${next.identity} 300`);
    run('ip link set wan0 up');
    expect(answer).toMatch(
      /^\|ERROR: APF: .*could not verify that interface wan0 .*\n(.*\n)*cpanel-edge: refused load-failed$/m,
    );
    expect([files() === before, runs(), isOpen(), says('rules')]).toEqual([true, '22,81', false, 'as-loaded']);
    expect(delivered(host(textOf(443)))).toEqual(CONFIRMED);
  });

  test('restores the confirmed release at a rollback, at a boot, and when no rules are loaded', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, trial);
    breaks();
    expect(program(`rollback ${next.identity}`)).toContain('ok rolled-back');
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
    run(its.flushed);
    expect([isOpen(), says('rules')]).toEqual([true, 'absent']);
    expect([program('rules'), runs(), isOpen(), says('rules')]).toEqual([
      expect.stringContaining('ok loaded'),
      '22,81',
      false,
      'as-loaded',
    ]);
    restarted();
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
    // APF would leave the host open, so the former rules are restored without it.
    expect(retract('server')).toMatch(/ok retracted left=nothing$/m);
    expect([isOpen(), runs()]).toEqual([false, '22,25']);
  });

  test('completes a removal if APF’s files and rules are deleted', () => {
    delivered(host(textOf(81)));
    run(`${its.flushed}; rm -r /etc/apf-firewall/*`);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect(program('status')).not.toContain('owner=web');
  });

  test('removes the loaded rules of a release if APF was purged', () => {
    delivered(host(textOf(81)));
    run('rm -r /etc/apf-firewall/*');
    expect([retracted(), runs(), isOpen()]).toEqual([
      expect.stringMatching(/ok retracted left=nothing$/),
      '22,25',
      false,
    ]);
    expect(program('status')).not.toContain('owner=web');
  });

  test('does not complete a removal while a file can’t be written, and names the file', () => {
    const before = files();
    delivered(host(textOf(81)));
    const ours = files();
    run('chattr +i /etc/apf-firewall/conf.apf');
    const said = retract('server');
    run('chattr -i /etc/apf-firewall/conf.apf');
    expect(said).toContain('ERROR: FILES: /etc/apf-firewall/conf.apf was not written');
    expect([said, isOpen(), files() === ours]).toEqual([
      expect.stringMatching(/failed retract-incomplete$/m),
      false,
      true,
    ]);
    run('rm /run/cpanel-edge/delivering');
    expect([retracted(), runs(), files() === before]).toEqual([expect.stringMatching(/left=nothing$/), '22,25', true]);
  });

  test('restores all other files if one list was deleted', () => {
    const conf = its.conf();
    delivered(host(textOf(81)));
    run('rm /etc/apf-firewall/postroute.rules');
    expect([retracted(), runs(), its.conf() === conf]).toEqual([expect.stringMatching(/left=nothing$/), '22,25', true]);
  });

  test('changes no rules if the files can’t be written', () => {
    delivered(host(textOf(81)));
    run('mkdir /etc/apf-firewall/conf.apf.cpanel-edge');
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    expect([program(`arm ${next.identity} 300`), runs(), says('rules')]).toEqual([
      expect.stringMatching(/refused load-failed$/),
      '22,81',
      'as-loaded',
    ]);
  });

  test('loads APF’s rules anew if an inserted rule accepts everything before them, or they are flushed', () => {
    run('iptables -I INPUT 1 -j ACCEPT; iptables -I OUTPUT 1 -s 192.0.2.9 -j ACCEPT');
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    expect([run('iptables -S INPUT; iptables -S OUTPUT').match(/INPUT -j ACCEPT|192\.0\.2\.9/), runs()]).toEqual([
      null,
      '22,81',
    ]);
    apf('-f');
    expect(step('upload', host(textOf(81)))).toBe('ok running');
  });

  test('keeps rules of others in nat when an APF start flushes all tables', () => {
    const backEnd = (kind: string): string =>
      run(
        `for p in iptables ip6tables; do for v in "" -save -restore; do ln -sf /usr/sbin/$p-${kind}$v /etc/alternatives/$p$v; done; done`,
      );
    const theirs = (): string => run('iptables -t nat -S PREROUTING; iptables -t mangle -S INPUT');
    backEnd('legacy');
    apf('-s');
    run(
      'iptables -t nat -A PREROUTING -p tcp --dport 26 -j REDIRECT --to-ports 25; iptables -t mangle -A INPUT -s 192.0.2.9 -j DROP',
    );
    const before = [theirs(), files()];
    expect([runs(), before[0]!.split('\n').length, run('iptables --version')]).toEqual([
      '22,25',
      5,
      expect.stringContaining('legacy'),
    ]);
    const next = host(textOf(81));
    expect([delivered(next), runs(), says('rules'), theirs()]).toEqual([CONFIRMED, '22,81', 'as-loaded', before[0]]);
    apf('-r');
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
    run(
      'iptables -t nat -A PREROUTING -p tcp --dport 26 -j REDIRECT --to-ports 25; iptables -t mangle -A INPUT -s 192.0.2.9 -j DROP',
    );
    expect([retracted(), runs(), theirs(), files()]).toEqual([
      expect.stringMatching(/left=nothing$/),
      '22,25',
      ...before,
    ]);
    run(`${its.flushed}; for t in filter nat mangle; do iptables -t $t -F; done`);
    backEnd('nft');
  });
});
