// Tests the agent with csf: deliveries that are interrupted, restarted, removed or not confirmed, releases that a
// person edits, and the change from nftables to csf and back, beside bans of others. Runs on a test device with a
// stand-in for csf.

import { LINE, host, onCsf, text, textOf } from './host';
import { eventually } from '../../driver/eventually';
import { sent, tableText } from '../stream';
import { Moment, armKilled } from '../kill-agent';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const STOCK = '20,21,22,25,53,80,110,143,443,465,587,993,995';
const ALLOW = '# whom I know\n192.0.2.7 # me\n';
const trial = ['upload', 'check', 'arm'] as const;

onCsf('the agent with csf', (under) => {
  const { run, program, says, delivered, step, retracted, csf, CONF, conf, allow, runs, restarted, timeIsUp } = under;
  const section = (line: string): string => `${ALLOW}# cpanel-edge:web begin\n${line}\n# cpanel-edge:web end\n`;
  const tcpIn = (): string => /^TCP_IN = "(.*)"$/m.exec(conf())?.[1] ?? 'nothing';

  test('rolls back an unconfirmed release, on command or when the timer fires', async () => {
    const first = host(textOf(81));
    delivered(first, trial);
    expect([step('rollback', first), runs(), conf(), allow()]).toEqual(['ok rolled-back', STOCK, CONF, ALLOW]);
    // Changes that the host makes to its own csf from then on are no edits of the release.
    run(`sed -i 's/^TCP_IN.*/TCP_IN = "22,8443"/' /etc/csf/csf.conf`);
    csf('-r');
    const theirs = conf();
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    const second = host(textOf(443));
    delivered(second, ['upload', 'check']);
    expect([step('arm', second), runs(), tcpIn()]).toEqual(['ok armed', '22,443', '22,81']);
    timeIsUp();
    expect(await eventually(() => step('outcome', second) === 'ok rolled-back')).toBe(true);
    expect([runs(), tcpIn(), says('rules')]).toEqual(['22,81', '22,81', 'as-loaded']);
    expect([retracted(), conf(), runs()]).toEqual([expect.stringMatching(/left=nothing$/), theirs, '22,8443']);
  });

  test('rolls back with the next command after a kill during an arm', () => {
    delivered(host(textOf(81)));
    const confirmed = conf();
    const moments: readonly Moment[] = [
      { command: 'csf', when: 'before' },
      { command: 'mv', when: 'before' },
      { command: 'mv', when: 'after', nth: 2 },
    ];
    for (const moment of moments) {
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      armKilled(under, next, moment);
      expect([step('rollback', next), runs(), runs('ip6'), conf(), allow(), says('rules')]).toEqual([
        'ok rolled-back',
        '22,81',
        '22,81',
        confirmed,
        section(LINE),
        'as-loaded',
      ]);
    }
  });

  test('finds the confirmed release, not the armed one, after a restart of csf', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, trial);
    csf('-r');
    expect([runs(), says('rules'), step('confirm', next)]).toEqual(['22,81', 'edited', 'refused edited-meanwhile']);
    // The command that csf's service calls then, for as long as the release is armed.
    expect([program('rules'), runs(), tcpIn()]).toEqual([expect.stringContaining('ok loaded'), '22,443', '22,81']);
    expect([step('rollback', next), runs(), says('rules')]).toEqual(['ok rolled-back', '22,81', 'as-loaded']);
  });

  test('tells apart releases that differ only in a line’s sources or ports', () => {
    const all = (network: string): string => `tcp|in|d=0_65535|s=${network}`;
    delivered(host(text({}, [all('10.0.0.0/24')])));
    for (const lines of [[all('10.0.1.0/24')], [all('10.0.0.0/24'), 'icmp|in|d=8|s=192.0.2.1'], []]) {
      const next = host(text({}, lines));
      delivered(next, trial);
      csf('-r');
      expect([says('rules'), step('confirm', next), step('rollback', next)]).toEqual([
        'edited',
        'refused edited-meanwhile',
        'ok rolled-back',
      ]);
    }
  });

  test('at a boot has its rules from csf’s start, which loads the files and not csf’s saved rules', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, trial);
    csf('--initdown');
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
    run('rm /etc/systemd/system/csf.service.d/cpanel-edge.conf');
    expect(says('boot')).toBe('csf-missing');
    run('rm /etc/systemd/system/enabled-csf.service');
    expect(restarted(false)).toEqual([expect.stringContaining('failed boot-incomplete')]);
  });

  test('drops an unconfirmed first release at a boot', () => {
    delivered(host(textOf(81)), trial);
    // The state after a power loss before the former files are on the disk again.
    run(
      `sed -i 's/^TCP_IN.*/TCP_IN = "22,81"/' /etc/csf/csf.conf; echo '# cpanel-edge:web begin' >>/etc/csf/csf.allow; echo '# cpanel-edge:web end' >>/etc/csf/csf.allow`,
    );
    restarted();
    expect([conf(), allow(), runs(), run('ls /etc/cpanel-edge')]).toEqual([CONF, ALLOW, STOCK, 'program\n']);
  });

  test('reports edits by hand instead of overwriting them, and loads missing rules again', () => {
    delivered(host(textOf(81)));
    run(
      `csf=/etc/csf/csf.conf; sed -i 's/^TCP_IN.*/TCP_IN = "22,81,9999"/; s/^UI_PASS.*/UI_PASS = "another"/' $csf; sed -i '/3306/d' /etc/csf/csf.allow`,
    );
    const next = host(textOf(443));
    step('upload', next);
    const refused = program(`check ${next.identity}`);
    expect(refused).toContain('|> csf.conf has TCP_IN = "22,81,9999"\n|> csf.conf lacks TCP_IN = "22,81"\n');
    expect(refused).toContain(`|> csf.allow lacks ${LINE}\n`);
    expect([/refused edited fingerprint=/.test(refused), refused.includes('UI_PASS')]).toEqual([true, false]);
    expect(program(`accept ${/fingerprint=(\w+)$/.exec(refused)![1]}`)).toContain('ok accepted');
    expect(delivered(host(textOf(443)))).toEqual(CONFIRMED);
    expect([runs(), tcpIn(), allow(), conf().includes('UI_PASS = "another"')]).toEqual([
      '22,443',
      '22,443',
      section(LINE),
      true,
    ]);
    run('iptables -I INPUT 1 -s 203.0.113.9 -j ACCEPT');
    expect([says('rules'), delivered(host(textOf(80)), ['upload', 'check'])]).toEqual([
      'edited',
      ['ok uploaded', 'refused edited'],
    ]);
    csf('-f');
    expect(says('rules')).toBe('absent');
    expect([program('rules'), runs(), says('rules')]).toEqual([
      expect.stringContaining('ok loaded'),
      '22,443',
      'as-loaded',
    ]);
  });

  test('reports no edit for bans and temporary allows, and removes rules of others before csf’s', () => {
    delivered(host(textOf(81)));
    run(`for c in IN OUT; do iptables -A DENY$c -s 203.0.113.7 -j DROP; done; iptables -A INPUT -s 203.0.113.8 -j DROP
      echo '1700000000|203.0.113.9|22|in|3600|me' >/var/lib/csf/csf.tempallow; iptables -A ALLOWIN -s 203.0.113.9 ! -i lo -p tcp --dport 22 -j ACCEPT`);
    expect([says('rules'), step('upload', host(textOf(81)))]).toEqual(['as-loaded', 'ok running']);
    run('iptables -N theirs; iptables -I INPUT 1 -j theirs');
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    expect(run('iptables -S INPUT')).not.toContain('theirs');
  });

  test('replaces an nftables release and is replaced by one; a rollback restores the former one', () => {
    const hasTable = (): boolean => run('nft list tables').includes('cpanel_edge');
    const table = (): ReturnType<typeof sent> => sent({ role: 'server', text: tableText(1001) });
    expect(delivered(table())).toEqual(CONFIRMED);
    const settings = host(textOf(81));
    delivered(settings, trial);
    csf('-r');
    expect([hasTable(), runs(), tcpIn()]).toEqual([false, '22,81', '22,81']);
    expect([step('rollback', settings), hasTable(), runs(), conf(), allow()]).toEqual([
      'ok rolled-back',
      true,
      STOCK,
      CONF,
      ALLOW,
    ]);
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    expect([hasTable(), runs()]).toEqual([false, '22,81']);
    const back = table();
    delivered(back, trial);
    expect([hasTable(), runs()]).toEqual([true, STOCK]);
    expect([step('rollback', back), hasTable(), runs(), tcpIn()]).toEqual(['ok rolled-back', false, '22,81', '22,81']);
    expect(delivered(table())).toEqual(CONFIRMED);
    expect([hasTable(), runs(), conf(), allow()]).toEqual([true, STOCK, CONF, ALLOW]);
  });

  test('is replaced by a release that disables csf; a rollback restores it, and a confirm leaves csf off', () => {
    const table = (): ReturnType<typeof sent> => sent({ role: 'server', text: tableText(1001), replaces: ['csf'] });
    const isThere = (): boolean => run('iptables -S').includes('LOCALINPUT');
    expect(delivered(host(textOf(81)))).toEqual(CONFIRMED);
    const one = table();
    expect(delivered(one, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect(isThere()).toBe(false);
    expect([step('rollback', one), runs(), tcpIn(), says('rules')]).toEqual([
      'ok rolled-back',
      '22,81',
      '22,81',
      'as-loaded',
    ]);
    expect(delivered(table())).toEqual(CONFIRMED);
    expect([isThere(), conf(), allow(), run('cd /etc/csf && ls csf.disable')]).toEqual([
      false,
      CONF,
      ALLOW,
      'csf.disable\n',
    ]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([isThere(), runs(), conf()]).toEqual([true, STOCK, CONF]);
  });

  test('replaces a release for which csf was disabled: csf runs while it is armed, and is disabled again at a rollback', () => {
    const table = (): ReturnType<typeof sent> => sent({ role: 'server', text: tableText(1001), replaces: ['csf'] });
    const isOff = (): boolean => run('ls /etc/csf/csf.disable').startsWith('/etc');
    const there = (): readonly unknown[] => [
      run('nft list tables').includes('cpanel_edge'),
      runs(),
      isOff(),
      conf(),
      allow(),
    ];
    const off = [true, '', true, CONF, ALLOW];
    delivered(table());
    const release = host(textOf(81));
    expect([there(), delivered(release, trial)]).toEqual([off, CONFIRMED.slice(0, 3)]);
    expect([runs(), runs('ip6'), isOff()]).toEqual(['22,81', '22,81', false]);
    expect([step('rollback', release), there()]).toEqual(['ok rolled-back', off]);
    delivered(host(textOf(81)), trial);
    restarted();
    expect(there()).toEqual(off);
    expect([program('addresses'), there()]).toEqual([expect.stringContaining('ok addresses'), off]);
    expect([delivered(host(textOf(81))), runs(), says('rules')]).toEqual([CONFIRMED, '22,81', 'as-loaded']);
    expect([program('addresses'), runs()]).toEqual([expect.stringContaining('ok addresses'), '22,81']);
    expect([retracted(), runs(), conf()]).toEqual([expect.stringMatching(/left=nothing$/), STOCK, CONF]);
  });

  test('refuses to replace an nftables release if csf was disabled by hand or does not start', () => {
    delivered(sent({ role: 'server', text: tableText(1001) }));
    csf('-x');
    expect(delivered(host(textOf(81)), ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-disabled']);
    csf('-e');
    delivered(sent({ role: 'server', text: tableText(1002), replaces: ['csf'] }));
    run(`echo 'PORTFLOOD = "22;tcp"' >>/etc/csf/csf.conf`);
    expect(delivered(host(textOf(81)), trial)).toEqual(['ok uploaded', 'ok checked', 'refused not-returned']);
    expect([run('nft list ruleset').includes('1002'), run('ls /etc/csf/csf.disable')]).toEqual([
      true,
      '/etc/csf/csf.disable\n',
    ]);
  });

  test('keeps bans in chains of others, which a csf start removes', () => {
    const bans = `for p in iptables ip6tables; do $p -N f2b-web; $p -A f2b-web -s "$([ $p = iptables ] && echo 192.0.2.66 || echo 2001:db8::66)" -j DROP
        $p -A f2b-web -j RETURN; $p -I INPUT 1 -p tcp -m multiport --dports 80,443 -j f2b-web; done`;
    const banned = (): string => run('for p in iptables ip6tables; do $p -S INPUT 1; $p -S f2b-web; done');
    run(bans);
    const before = banned();
    expect([delivered(host(textOf(81))), banned()]).toEqual([CONFIRMED, before]);
    expect(step('upload', host(textOf(81)))).toBe('ok running');
    const next = host(textOf(443));
    delivered(next, trial);
    expect([step('rollback', next), banned(), runs()]).toEqual(['ok rolled-back', before, '22,81']);
    expect([retracted(), banned(), runs()]).toEqual([expect.stringMatching(/left=nothing$/), before, STOCK]);
  });
});
