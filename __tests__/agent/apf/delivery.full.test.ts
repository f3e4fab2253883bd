// Tests the agent with APF: deliveries that are interrupted, restarted, removed or not confirmed, releases that a
// person edits, and the change from nftables to APF and back, beside rules of others. Runs on a test device with
// Debian's APF and the real iptables.

import { LINE, POSTROUTE, host, onApf, text, textOf } from './host';
import { eventually } from '../../driver/eventually';
import { sent, tableText } from '../stream';
import { Moment, armKilled } from '../kill-agent';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(180_000);

const trial = ['upload', 'check', 'arm'] as const;

onApf('the agent with APF', (its) => {
  const { run, program, says, delivered, step, retracted, apf, files, conf, runs, isOpen, restarted, timeIsUp } = its;
  const tcpIn = (): string => /^IG_TCP_CPORTS="(.*)"$/m.exec(conf())?.[1] ?? 'nothing';
  const rules = (): string => run('iptables-save | grep ^-');
  const sectionsOf = (line: string): string =>
    run('cd /etc/apf-firewall; cat allow_hosts.rules postroute.rules').includes(line) ? 'there' : 'away';

  test('rolls back an unconfirmed release, on command or when the timer fires', async () => {
    const before = files();
    const first = host(textOf(81));
    delivered(first, trial);
    // A command that is killed while it writes leaves this file.
    run('cp -a /etc/apf-firewall/allow_hosts.rules /etc/apf-firewall/allow_hosts.rules.cpanel-edge');
    expect([step('rollback', first), runs(), files() === before]).toEqual(['ok rolled-back', '22,25', true]);
    expect(run('ls /etc/apf-firewall')).not.toContain('cpanel-edge');
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    const second = host(textOf(443));
    delivered(second, ['upload', 'check']);
    expect([step('arm', second), runs(), tcpIn()]).toEqual(['ok armed', '22,443', '22,81']);
    timeIsUp();
    expect(await eventually(() => step('outcome', second) === 'ok rolled-back')).toBe(true);
    expect([runs(), tcpIn(), says('rules')]).toEqual(['22,81', '22,81', 'as-loaded']);
  });

  test('rolls back with the next command after a kill during an arm', () => {
    delivered(host(textOf(81)));
    const confirmed = files();
    const moments: readonly Moment[] = [
      { command: 'mv', when: 'before' },
      { command: 'mv', when: 'after', nth: 2 },
      { command: 'apf', when: 'after' },
    ];
    for (const moment of moments) {
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      armKilled(its, next, moment);
      expect([step('rollback', next), runs(), files() === confirmed, says('rules')]).toEqual([
        'ok rolled-back',
        '22,81',
        true,
        'as-loaded',
      ]);
    }
  });

  test('keeps the rules at APF’s nightly start, whether APF flushes them first or not', () => {
    delivered(host(textOf(81)));
    const before = run('iptables-save | grep -c ^-').trim();
    apf('-f');
    apf('-s');
    expect(Number(run('iptables-save | grep -c ^-'))).toBeGreaterThan(Number(before));
    expect([runs(), isOpen(), says('rules'), step('upload', host(textOf(81)))]).toEqual([
      '22,81',
      false,
      'as-loaded',
      'ok running',
    ]);
    run(its.flushed);
    apf('-s');
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
    // A release that is delivered then comes before all other rules.
    expect([delivered(host(textOf(443))), runs()]).toEqual([CONFIRMED, '22,443']);
  });

  test('finds the confirmed release, not the armed one, after a restart of APF', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, trial);
    run(its.flushed);
    apf('-s');
    expect([runs(), says('rules'), step('confirm', next)]).toEqual(['22,81', 'edited', 'refused edited-meanwhile']);
    // The command that APF's service calls then, for as long as the release is armed.
    expect([program('rules'), runs(), tcpIn()]).toEqual([expect.stringContaining('ok loaded'), '22,443', '22,81']);
    expect([step('rollback', next), runs(), says('rules')]).toEqual(['ok rolled-back', '22,81', 'as-loaded']);
  });

  test('refuses to confirm when an APF restart without a flush mixes armed and stored rules', () => {
    delivered(host(text({}, ['tcp:in:d=3306:s=192.0.2.0/28'])));
    const next = host(text({}, [LINE]));
    delivered(next, trial);
    apf('-r');
    expect([says('rules'), step('confirm', next), step('rollback', next)]).toEqual([
      'edited',
      'refused edited-meanwhile',
      'ok rolled-back',
    ]);
    expect(rules()).not.toContain('198.51.100.0/24');
  });

  test('at a boot has its rules from APF’s start, which loads the files and not APF’s saved rules', () => {
    run(`sed -i 's/^SET_FASTLOAD="0"/SET_FASTLOAD="1"/' /etc/apf-firewall/conf.apf`);
    apf('-r');
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, trial);
    const ok = expect.stringContaining('ok loaded');
    expect([restarted(), runs(), tcpIn(), says('rules'), says('state')]).toEqual([
      [ok, ok],
      '22,81',
      '22,81',
      'as-loaded',
      'confirmed',
    ]);
    expect(restarted(false)).toEqual([ok]);
    expect([runs(), says('rules')]).toEqual(['', 'absent']);
    restarted();
    run('rm /etc/systemd/system/apf-firewall.service.d/cpanel-edge.conf');
    expect(says('boot')).toBe('apf-missing');
    // APF's folder has saved rules with those of the release.
    expect([retracted(), runs()]).toEqual([expect.stringMatching(/left=nothing$/), '22,25']);
  });

  test('drops an unconfirmed first release at a boot', () => {
    const before = files();
    delivered(host(textOf(81)), trial);
    // The state after a power loss before the former files are on the disk again.
    run(
      `cd /etc/apf-firewall; sed -i 's/^IG_TCP_CPORTS.*/IG_TCP_CPORTS="22,81"/' conf.apf; for f in allow_hosts postroute; do printf '# cpanel-edge:web %s\\n' begin end >>$f.rules; done`,
    );
    restarted();
    expect([files() === before, runs(), run('ls /etc/cpanel-edge')]).toEqual([true, '22,25', 'program\n']);
  });

  test('reports edits by hand instead of overwriting them, and loads missing rules again', () => {
    delivered(host(textOf(81)));
    run(`cd /etc/apf-firewall; sed -i 's/^IG_TCP_CPORTS.*/IG_TCP_CPORTS="22,81,9999"/; s/^SYSCTL_TCP=.*/SYSCTL_TCP="0"/' conf.apf; sed -i /3306/d allow_hosts.rules
      sed -i 's/RUN="yes"/RUN="no"/' ../default/apf-firewall`);
    const next = host(textOf(443));
    step('upload', next);
    const refused = program(`check ${next.identity}`);
    expect(refused).toContain('|> conf.apf has IG_TCP_CPORTS="22,81,9999"\n|> conf.apf lacks IG_TCP_CPORTS="22,81"\n');
    expect(refused).toContain(`|> allow_hosts.rules lacks ${LINE}\n|> apf-firewall has RUN="no"\n`);
    expect([/refused edited fingerprint=/.test(refused), refused.includes('SYSCTL')]).toEqual([true, false]);
    expect(program(`accept ${/fingerprint=(\w+)$/.exec(refused)![1]}`)).toContain('ok accepted');
    expect(delivered(host(textOf(443)))).toEqual(CONFIRMED);
    expect([runs(), tcpIn(), sectionsOf(LINE), conf().includes('SYSCTL_TCP="0"')]).toEqual([
      '22,443',
      '22,443',
      'there',
      true,
    ]);
    run('iptables -I INPUT 1 -s 203.0.113.9 -j ACCEPT');
    expect([says('rules'), delivered(host(textOf(80)), ['upload', 'check'])]).toEqual([
      'edited',
      ['ok uploaded', 'refused edited'],
    ]);
    run(its.flushed);
    expect(says('rules')).toBe('absent');
    expect([program('rules'), runs(), says('rules')]).toEqual([
      expect.stringContaining('ok loaded'),
      '22,443',
      'as-loaded',
    ]);
  });

  test('reports no edit for bans and for hosts that APF lets in entirely, and keeps other tables', () => {
    run(
      'iptables -t nat -A PREROUTING -p tcp --dport 26 -j REDIRECT --to-ports 25; iptables -t mangle -A PREROUTING -s 192.0.2.9 -j DROP; iptables -A FORWARD -j DROP',
    );
    delivered(host(textOf(81)));
    const theirs =
      'iptables -S FORWARD; iptables -t nat -S PREROUTING; iptables -t mangle -S PREROUTING | grep -c -e 192.0.2.9 -e "80 -j TOS"';
    expect(run(theirs)).toBe(
      '-P FORWARD ACCEPT\n-A FORWARD -j DROP\n-P PREROUTING ACCEPT\n-A PREROUTING -p tcp -m tcp --dport 26 -j REDIRECT --to-ports 25\n2\n',
    );
    apf('-d 203.0.113.7 banned');
    apf('-a 203.0.113.8 known');
    expect([says('rules'), step('upload', host(textOf(81)))]).toEqual(['as-loaded', 'ok running']);
    expect(delivered(host(textOf(443)))).toEqual(CONFIRMED);
    expect(run('iptables -S TDENY; iptables -S TALLOW').match(/203\.0\.113\.[78]/g)).toHaveLength(4);
    expect(retracted()).toMatch(/left=nothing$/);
    expect([run('grep -c 203.0.113 /etc/apf-firewall/allow_hosts.rules'), run(theirs).split('\n').length]).toEqual([
      '2\n',
      6,
    ]);
  });

  test('keeps the place of other chains, and distinguishes their accepts from ports that are opened by hand', () => {
    const theirs = (): string => run('iptables -S INPUT | grep f2b; iptables -S f2b; iptables -S FORWARD');
    // Docker's policy: its containers are reached only by rules that accept.
    run('iptables -P FORWARD DROP');
    run(
      'iptables -N f2b; iptables -A f2b -s 192.0.2.9 -j DROP; iptables -A f2b -j RETURN; iptables -I INPUT 1 -p tcp -m comment --comment "a  b" -j f2b',
    );
    const before = theirs();
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    expect([theirs(), runs(), says('rules'), step('upload', host(textOf(81)))]).toEqual([
      before,
      '22,81',
      'as-loaded',
      'ok running',
    ]);
    const second = host(textOf(443));
    delivered(second, trial);
    expect([step('rollback', second), runs(), theirs()]).toEqual(['ok rolled-back', '22,81', before]);
    const edits = ['-I INPUT 3 -j ACCEPT', '-A TALLOW -p tcp --dport 3306 -j ACCEPT', '-A TALLOW -j ACCEPT'].map(
      (rule) => {
        run(`iptables ${rule}`);
        const said = says('rules');
        run(`iptables ${rule.replace(/^-[AI] (\w+)( 3)?/, '-D $1')}`);
        return said;
      },
    );
    expect([edits, says('rules')]).toEqual([['edited', 'edited', 'edited'], 'as-loaded']);
    expect([retracted(), theirs()]).toEqual([expect.stringMatching(/left=nothing$/), before]);
  });

  test('replaces an nftables release and is replaced by one; a rollback restores the former one', () => {
    const hasTable = (): boolean => run('nft list tables').includes('cpanel_edge');
    const table = (): ReturnType<typeof sent> => sent({ role: 'server', text: tableText(1001) });
    const before = files();
    expect(delivered(table())).toEqual(CONFIRMED);
    const settings = host(textOf(81));
    delivered(settings, trial);
    expect([hasTable(), runs()]).toEqual([false, '22,81']);
    expect([step('rollback', settings), hasTable(), runs(), files() === before]).toEqual([
      'ok rolled-back',
      true,
      '22,25',
      true,
    ]);
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    expect([hasTable(), runs()]).toEqual([false, '22,81']);
    expect([delivered(table()), hasTable(), runs(), files() === before]).toEqual([CONFIRMED, true, '22,25', true]);
  });

  test('writes files with the confirm, and restores the former ones at a removal', () => {
    const [before, ran] = [files(), rules()];
    const release = host(textOf(81));
    expect(delivered(release, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([runs(), isOpen(), files() === before, says('rules')]).toEqual(['22,81', false, true, 'as-loaded']);
    expect(rules()).toContain('-A TALLOW -s 198.51.100.0/24 -p tcp -m tcp --dport 3306 -j ACCEPT');
    // A packet to the server from a resolver's port 53 isn't accepted.
    expect(run('iptables -S INPUT')).not.toMatch(/--sport 53 .*ACCEPT/);
    expect([step('confirm', release), runs(), tcpIn()]).toEqual(['ok confirmed', '22,81', '22,81']);
    expect([says('rules'), says('boot'), says('runs')]).toEqual(['as-loaded', 'as-written', 'release']);
    expect(run('tail -n 3 /etc/apf-firewall/allow_hosts.rules')).toBe(
      `# cpanel-edge:web begin\n${LINE}\n# cpanel-edge:web end\n`,
    );
    expect(run('tail -n 4 /etc/apf-firewall/postroute.rules')).toBe(
      `# cpanel-edge:web begin\n${POSTROUTE.join('')}# cpanel-edge:web end\n`,
    );
    expect(conf()).toContain('\nTCR_PASS="0"\t\tTCR_PORTS="33434:33534"\n');
    expect(step('upload', host(textOf(81)))).toBe('ok running');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([files() === before, rules() === ran, isOpen()]).toEqual([true, true, false]);
    expect(run('ls -A /etc/apf-firewall | grep cpanel-edge; ls /etc/systemd/system')).not.toContain('cpanel-edge');
  });
});
