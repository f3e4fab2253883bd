// Tests the agent with a csf that fails to start, is gone or disabled, or whose files can't be written: releases roll
// back, removals still work. Runs on a test device with a stand-in for csf.

import { host, onCsf, text, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const trial = ['upload', 'check', 'arm'] as const;

onCsf(
  'the agent with a csf that does not start',
  ({ run, program, says, delivered, step, retract, csf, conf, allow, runs, restarted, folder }) => {
    // A setting of the host, not of the release, that csf refuses: csf then removes all rules, and everything is open.
    const breaks = (): string => run(`echo 'PORTFLOOD = "22;tcp"' >>/etc/csf/csf.conf`);
    const mends = (): string => run('sed -i /PORTFLOOD/d /etc/csf/csf.conf');
    const mail = (): string => run('iptables -t nat -S PREROUTING; ip6tables -t mangle -S INPUT; iptables -S f2b 2>&1');
    const isOpen = (): boolean => run('iptables -S INPUT; ip6tables -S INPUT').includes('-P INPUT ACCEPT');

    test('restores all former rules, also those of others, if a first release fails to load', () => {
      const before = [conf(), allow()];
      run(
        'iptables -N f2b; iptables -t nat -A PREROUTING -p tcp --dport 26 -j REDIRECT --to-ports 25; ip6tables -t mangle -A INPUT -j ACCEPT',
      );
      const theirs = [runs(), mail()];
      const release = host(textOf(81));
      delivered(release, ['upload', 'check']);
      breaks();
      const answer = program(`arm ${release.identity} 300`);
      expect(answer).toMatch(/^\|ERROR: CSF: Error: csf: Incorrect PORTFLOOD setting: .*22;tcp/m);
      mends();
      expect([[conf(), allow()], [runs(), mail()], isOpen()]).toEqual([before, theirs, false]);
      run('rm -f /etc/csf/csf.error');
      expect([says('state'), delivered(host(textOf(81)))]).toEqual(['nothing', CONFIRMED]);
    });

    test('restores the confirmed release at a rollback, at a boot, and when no rules are loaded', () => {
      delivered(host(textOf(81)));
      const next = host(textOf(443));
      delivered(next, trial);
      breaks();
      expect(program(`rollback ${next.identity}`)).toContain('ok rolled-back');
      expect([runs(), runs('ip6'), isOpen(), says('rules')]).toEqual(['22,81', '22,81', false, 'as-loaded']);
      csf('-r');
      expect([isOpen(), says('rules')]).toEqual([true, 'absent']);
      expect([program('rules'), runs(), isOpen(), says('rules')]).toEqual([
        expect.stringContaining('ok loaded'),
        '22,81',
        false,
        'as-loaded',
      ]);
      restarted();
      expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
      // csf would leave the host open, so the former rules are restored without it.
      expect(retract('server')).toMatch(/ok retracted left=nothing$/m);
      expect([isOpen(), runs()]).toEqual([false, expect.stringMatching(/^20,21,22/)]);
    });

    test('completes a removal if csf’s files and rules are deleted', () => {
      delivered(host(textOf(81)));
      csf('-f');
      run('rm -r /etc/csf/*');
      expect(retract('server')).toMatch(/ok retracted left=nothing$/m);
      expect(program('status')).not.toContain('owner=web');
    });

    test('reports no edit when a temporary allow with the same addresses as a line comes or goes', () => {
      delivered(host(text({}, ['tcp|in|d=3306|s=198.51.100.3'])));
      const forAWhile = (verb: string): string =>
        run(
          `iptables -${verb} ALLOWIN ! -i lo -s 198.51.100.3/32 -p tcp -m tcp --dport 3306 -j ACCEPT; iptables -${verb} ALLOWIN ! -i lo -s 198.51.100.3/32 -j ACCEPT`,
        );
      run(
        `mkdir -p /var/lib/csf; printf '%s\\n' '' '1|198.51.100.3|3306|in|600|x' '1|198.51.100.3||inout|600|y' >/var/lib/csf/csf.tempallow`,
      );
      forAWhile('A');
      expect(says('rules')).toBe('as-loaded');
      forAWhile('D');
      run('rm /var/lib/csf/csf.tempallow');
      expect(says('rules')).toBe('as-loaded');
    });

    test('waits while another csf runs', () => {
      run('(flock -n 9; sleep 3) 9>>/var/lib/csf/csf.lock >/dev/null 2>&1 &');
      expect([delivered(host(textOf(81))), runs()]).toEqual([CONFIRMED, '22,81']);
    });

    test('changes no rules if the files can’t be written', () => {
      delivered(host(textOf(81)));
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      run(
        `mv ${folder}/bin/csf ${folder}/csf.away; printf '#!/bin/sh\\nexit 255\\n' >${folder}/bin/csf; chmod +x ${folder}/bin/csf`,
      );
      expect([program(`arm ${next.identity} 300`), runs(), says('rules')]).toEqual([
        expect.stringMatching(/refused load-failed$/),
        '22,81',
        'as-loaded',
      ]);
      run(`mv ${folder}/csf.away ${folder}/bin/csf`);
      run('mkdir /etc/csf/csf.conf.cpanel-edge');
      const again = host(textOf(443));
      delivered(again, ['upload', 'check']);
      expect([program(`arm ${again.identity} 300`), runs(), says('rules')]).toEqual([
        expect.stringMatching(/refused load-failed$/),
        '22,81',
        'as-loaded',
      ]);
    });

    test('restores the host’s IPv6 rules if csf doesn’t manage IPv6', () => {
      run(`sed -i 's/^IPV6 .*/IPV6 = "0"/' /etc/csf/csf.conf; ip6tables -F; ip6tables -X; ip6tables -P OUTPUT ACCEPT; ip6tables -P FORWARD ACCEPT
      ip6tables -P INPUT DROP; ip6tables -A INPUT -p tcp --dport 22 -j ACCEPT`);
      csf('-r');
      const before = run('ip6tables -S');
      const release = host(textOf(81));
      delivered(release, trial);
      expect(runs('ip6')).toBe('22,81');
      expect([step('rollback', release), run('ip6tables -S')]).toEqual(['ok rolled-back', before]);
      run('nft delete table ip6 filter');
      const two = host(textOf(81));
      delivered(two);
      expect([
        runs('ip6'),
        retract('server').split('\n').at(-1),
        isOpen(),
        run('ip6tables -S | grep -c LOCAL'),
      ]).toEqual(['22,81', 'cpanel-edge: ok retracted left=nothing', true, '0\n']);
    });

    test('restores the former rules and files at a rollback if csf was disabled meanwhile', () => {
      delivered(host(textOf(81)));
      const next = host(textOf(443));
      delivered(next, trial);
      // csf isn't off yet: its rules are still loaded, but it does not start any more.
      run(': >/etc/csf/csf.disable');
      expect(program(`rollback ${next.identity}`)).toContain('ok rolled-back');
      expect([runs(), says('rules')]).toEqual(['22,81', 'as-loaded']);
      run('rm /etc/csf/csf.disable');
      const again = host(textOf(443));
      delivered(again, trial);
      csf('-x');
      // Disabling csf opens the host. The rollback restores its files, so that the next delivery finds none in
      // progress.
      expect([step('rollback', again), isOpen(), /^TCP_IN = "22,81"$/m.test(conf())]).toEqual([
        'ok rolled-back',
        true,
        true,
      ]);
      expect(delivered(host(textOf(443)), ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-disabled']);
      csf('-e');
      expect([runs(), says('rules')]).toEqual(['22,81', 'edited']);
      expect([program('rules'), runs(), says('rules')]).toEqual([
        expect.stringContaining('ok loaded'),
        '22,81',
        'as-loaded',
      ]);
    });

    test('keeps the confirmed release and gives the reason', () => {
      delivered(host(textOf(81)));
      const before = [conf(), allow()];
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      breaks();
      const answer = program(`arm ${next.identity} 300`);
      expect(answer).toMatch(
        /^\|ERROR: CSF: Error: csf: Incorrect PORTFLOOD setting: .*\ncpanel-edge: refused load-failed$/m,
      );
      mends();
      expect([[conf(), allow()], runs(), isOpen(), says('rules')]).toEqual([before, '22,81', false, 'as-loaded']);
      expect(delivered(host(textOf(443)), ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-error']);
    });

    test('does not complete a removal while one mark is missing, and completes it once the mark is back', () => {
      const before = [conf(), allow()];
      delivered(host(textOf(81)));
      run(`sed -i '/web end$/d' /etc/csf/csf.allow`);
      expect(retract('server')).toMatch(/failed retract-incomplete$/m);
      run(`echo '# cpanel-edge:web end' >>/etc/csf/csf.allow; rm /run/cpanel-edge/delivering`);
      expect([retract('server').split('\n').at(-1), [conf(), allow()]]).toEqual([
        'cpanel-edge: ok retracted left=nothing',
        before,
      ]);
    });
  },
);
