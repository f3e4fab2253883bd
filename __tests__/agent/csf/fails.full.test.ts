// Tests the agent with a csf that fails to start: releases roll back, removals still work. Runs on a test device with
// a stand-in for csf.

import { host, onCsf, text, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const trial = ['upload', 'check', 'arm'] as const;

onCsf(
  'a csf that does not start',
  ({ run, program, says, delivered, step, retract, csf, conf, allow, runs, restarted, folder }) => {
    // A setting of nobody's but the host's that csf refuses: then it takes all rules away, and everything is open.
    const breaks = (): string => run(`echo 'PORTFLOOD = "22;tcp"' >>/etc/csf/csf.conf`);
    const mends = (): string => run('sed -i /PORTFLOOD/d /etc/csf/csf.conf');
    const mail = (): string => run('iptables -t nat -S PREROUTING; ip6tables -t mangle -S INPUT; iptables -S f2b 2>&1');
    const isOpen = (): boolean => run('iptables -S INPUT; ip6tables -S INPUT').includes('-P INPUT ACCEPT');

    test('leaves what was there, with all rules of others, where it is the first of ours', () => {
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

    test('brings what was confirmed where a trial has to be undone, at a start of the device, and when nothing is there', () => {
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
      // Of a host that csf would leave open, what was there before comes back.
      expect(retract('server')).toMatch(/ok retracted left=nothing$/m);
      expect([isOpen(), runs()]).toEqual([false, expect.stringMatching(/^20,21,22/)]);
    });

    test('because somebody has taken it away keeps nobody from a retract', () => {
      delivered(host(textOf(81)));
      csf('-f');
      run('rm -r /etc/csf/*');
      expect(retract('server')).toMatch(/ok retracted left=nothing$/m);
      expect(program('status')).not.toContain('owner=web');
    });

    test('who is let in for a while hides no line of ours, and comes and goes', () => {
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

    test('because another one is under way is waited for', () => {
      run('(flock -n 9; sleep 3) 9>>/var/lib/csf/csf.lock >/dev/null 2>&1 &');
      expect([delivered(host(textOf(81))), runs()]).toEqual([CONFIRMED, '22,81']);
    });

    test('because its files can’t be written takes nothing away', () => {
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

    test('of a host without IPv6 in it has the rules of before there', () => {
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

    test('because it is disabled leaves the rules of before where there are any, and its files are what is confirmed', () => {
      delivered(host(textOf(81)));
      const next = host(textOf(443));
      delivered(next, trial);
      // Not yet through: its rules are still there, and it starts no more.
      run(': >/etc/csf/csf.disable');
      expect(program(`rollback ${next.identity}`)).toContain('ok rolled-back');
      expect([runs(), says('rules')]).toEqual(['22,81', 'as-loaded']);
      run('rm /etc/csf/csf.disable');
      const again = host(textOf(443));
      delivered(again, trial);
      csf('-x');
      // csf that is disabled opens the host. The rollback undoes its files, so that the next delivery finds nothing under way.
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

    test('leaves what was confirmed, and says why', () => {
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

    test('of which one mark is gone is given back once that is there again', () => {
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
