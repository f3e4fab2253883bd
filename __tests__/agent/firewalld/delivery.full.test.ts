// Tests the agent with firewalld: deliveries that are interrupted, reloaded, removed or not confirmed, releases that a
// person edits, and the change from nftables to firewalld and back, beside iptables rules of others. Runs on a test
// device with the real firewalld.

import { host, onFirewalld, textOf } from './host';
import { sent, tableText } from '../stream';
import { Moment, armKilled } from '../kill-agent';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const FILES = ['ipsets/cf-web-4-1.xml', 'policies/cf-web-in.xml', 'policies/cf-web-out.xml'];

onFirewalld('the agent with firewalld', (under) => {
  const { run, program, says, delivered, step, retracted, start, stop, ask, files, folder, stored, runs, saved } =
    under;
  const trial = ['upload', 'check', 'arm'] as const;

  test('rolls back an unconfirmed release; after a first one, policies remain that pass everything on', () => {
    const first = host(textOf(80));
    delivered(first, trial);
    expect(program(`rollback ${first.identity}`)).toContain('ok rolled-back');
    expect([runs(), run('nft list chain inet firewalld filter_IN_policy_cf-web-in | grep -c drop')]).toEqual([
      'none',
      '0\n',
    ]);
    delivered(host(textOf(80)));
    const second = host(textOf(443));
    delivered(second, trial);
    expect([runs(), stored()]).toEqual(['443', '80']);
    // The files that `firewall-cmd --runtime-to-permanent` writes.
    expect([ask('--runtime-to-permanent'), stored()]).toEqual(['success', '443']);
    expect(program(`rollback ${second.identity}`)).toContain('ok rolled-back');
    expect([runs(), stored(), says('rules')]).toEqual(['80', '80', 'as-loaded']);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect(run('ls /etc/firewalld/policies /etc/firewalld/ipsets')).not.toContain('cf-');
  });

  test('rolls back with the next command after a kill during an arm', () => {
    delivered(host(textOf(80)));
    const moments: readonly Moment[] = [
      { command: 'firewall-cmd', words: '--reload', when: 'before' },
      { command: 'firewall-cmd', words: '--reload', when: 'after' },
      { command: 'mv', when: 'after' },
    ];
    for (const moment of moments) {
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      armKilled(under, next, moment);
      expect(['80', '443']).toContain(runs());
      expect([step('rollback', next), runs(), stored(), files(), says('rules')]).toEqual([
        'ok rolled-back',
        '80',
        '80',
        FILES,
        'as-loaded',
      ]);
      expect(run('nft list tables')).toBe('table inet firewalld\n');
    }
  });

  test('finds the confirmed release, not the armed one, after a reload or a restart', () => {
    delivered(host(textOf(80)));
    const next = host(textOf(443));
    delivered(next, trial);
    expect(ask('--reload')).toBe('success');
    expect([runs(), says('rules'), step('confirm', next)]).toEqual(['80', 'edited', 'refused edited-meanwhile']);
    stop();
    start();
    expect(runs()).toBe('80');
    // The command that the agent's unit calls then, for as long as the release is armed.
    expect([program('rules'), runs(), stored()]).toEqual([expect.stringContaining('ok loaded'), '443', '80']);
    expect([step('rollback', next), runs(), says('rules')]).toEqual(['ok rolled-back', '80', 'as-loaded']);
  });

  test('keeps rules of iptables, which a reload of firewalld flushes under policies that drop', () => {
    run(
      `iptables -N f2b-sshd; iptables -A f2b-sshd -s 192.0.2.66 -j DROP; iptables -I INPUT -p tcp --dport 22 -j f2b-sshd
        iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -P INPUT DROP; ip6tables -A INPUT -s 2001:db8::66 -j DROP
        iptables -t nat -A POSTROUTING -s 172.17.0.0/16 -o wan0 -j MASQUERADE`,
    );
    const before = saved();
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    expect(saved()).toBe(before);
    const next = host(textOf(443));
    delivered(next, trial);
    expect([runs(), saved()]).toEqual(['443', before]);
    expect([step('rollback', next), runs(), saved()]).toEqual(['ok rolled-back', '80', before]);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect(saved()).toBe(before);
  });

  test('restores iptables rules in one family if the other fails, and in that one with the next command', () => {
    run(
      'ip6tables -A INPUT -s 2001:db8::66 -j DROP; iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -P INPUT DROP',
    );
    const before = saved();
    const fails = `${folder}/bin/ip6tables-restore`;
    run(`printf '#!/bin/sh\n[ "$1" = --test ]\n' >${fails}; chmod +x ${fails}`);
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    const ofFamily = (family: 'ip' | 'ip6'): string => run(`${family}tables-save | grep -c '^-A INPUT'; true`).trim();
    expect([ofFamily('ip6'), ofFamily('ip')]).toEqual(['0', '1']);
    run(`rm ${fails}`);
    expect([program('rules'), saved()]).toEqual([expect.stringContaining('ok loaded'), before]);
  });

  test('has its rules after a boot, before and after firewalld’s start', () => {
    delivered(host(textOf(80)));
    const next = host(textOf(443));
    delivered(next, trial);
    stop();
    run(
      'rm -rf /run/cpanel-edge/*; rm /etc/firewalld/policies/cf-web-in.xml; : >/etc/firewalld/policies/cf-web-in.xml.new',
    );
    expect([program('boot'), stored(), says('rules'), files()]).toEqual([
      expect.stringContaining('ok loaded'),
      '80',
      'absent',
      FILES,
    ]);
    start();
    run('echo untouched >/etc/firewalld/helpers.txt');
    expect([runs(), program('rules'), says('rules')]).toEqual([
      '80',
      expect.stringContaining('ok loaded'),
      'as-loaded',
    ]);
    stop();
    run('rm -rf /run/cpanel-edge/* /etc/systemd/system/enabled-firewalld.service');
    expect(program('boot')).toContain('failed boot-incomplete');
  });

  test('reports edits by hand instead of overwriting them, and loads missing rules again', () => {
    delivered(host(textOf(80)));
    ask(`--zone=public --add-port=8443/tcp`);
    expect(says('rules')).toBe('as-loaded');
    ask(`--policy=cf-web-in --add-rich-rule='rule priority=-500 family=ipv4 source address=203.0.113.9 accept'`);
    expect(says('rules')).toBe('edited');
    expect(delivered(host(textOf(443)), ['upload', 'check'])).toEqual(['ok uploaded', 'refused firewalld-runtime']);
    expect(ask('--reload')).toBe('success');
    expect([says('rules'), runs()]).toEqual(['as-loaded', '80']);
    // Chains of others come and go, also after the release's last chain.
    for (const others of ['zzz', 'aaa']) {
      run(
        `echo '<policy target="DROP" priority="-10"><ingress-zone name="ANY"/><egress-zone name="HOST"/></policy>' >/etc/firewalld/policies/${others}.xml`,
      );
      expect([ask('--reload'), says('rules')]).toEqual(['success', 'as-loaded']);
    }
    run('rm /etc/firewalld/policies/zzz.xml /etc/firewalld/policies/aaa.xml');
    expect([ask('--reload'), says('rules')]).toEqual(['success', 'as-loaded']);
    ask('--ipset=cf-web-4-1 --add-entry=203.0.113.0/24');
    expect(delivered(host(textOf(443)), ['upload', 'check'])).toEqual(['ok uploaded', 'refused edited']);
    run('rm /etc/firewalld/*/cf-*');
    ask('--reload');
    expect(says('rules')).toBe('absent');
    expect([program('rules'), runs(), files()]).toEqual([expect.stringContaining('ok loaded'), '80', FILES]);
  });

  test('replaces an nftables release and is replaced by one; a rollback restores the former one', () => {
    const hasTable = (): boolean => run('nft list tables').includes('cpanel_edge');
    const table = (): ReturnType<typeof sent> => sent({ role: 'server', text: tableText(1001) });
    expect(delivered(table())).toEqual(CONFIRMED);
    const policies = host(textOf(80));
    delivered(policies, trial);
    // A reload must not leave the host without either of them.
    ask('--reload');
    expect([hasTable(), runs()]).toEqual([false, '80']);
    expect([step('rollback', policies), hasTable(), runs(), files()]).toEqual(['ok rolled-back', true, 'none', []]);
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    expect([hasTable(), runs()]).toEqual([false, '80']);
    const back = table();
    delivered(back, trial);
    expect([hasTable(), runs()]).toEqual([true, 'none']);
    expect([step('rollback', back), hasTable(), runs(), stored()]).toEqual(['ok rolled-back', false, '80', '80']);
    expect(delivered(table())).toEqual(CONFIRMED);
    expect([hasTable(), runs(), files()]).toEqual([true, 'none', []]);
  });

  test('refuses a delivery by which iptables rules would be lost; after a kill the next command restores them', () => {
    run(
      'iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -P INPUT DROP; nft "add set ip filter s { type ipv4_addr; }; add rule ip filter INPUT ip saddr @s drop"',
    );
    expect(delivered(host(textOf(80)), ['upload', 'check'])).toEqual(['ok uploaded', 'refused firewalld-iptables']);
    run('iptables -F; nft delete set ip filter s; iptables -A INPUT -p tcp --dport 22 -j ACCEPT');
    const before = saved();
    const release = host(textOf(80));
    delivered(release, ['upload', 'check']);
    armKilled(under, release, { command: 'firewall-cmd', words: '--reload', when: 'after' });
    expect(saved()).not.toBe(before);
    expect([step('rollback', release), saved()]).toEqual(['ok rolled-back', before]);
  });
});
