import { host as onIptables, textOf } from '../iptables/host';
import { CONFIRMED } from '../under-shell';
import { besideFirewalld, onFirewall } from './firewalld-host';

jest.setTimeout(120_000);

const TRIAL = ['upload', 'check', 'arm'] as const;
const ARMED = CONFIRMED.slice(0, 3);
const OFF = 'inactive disabled';

/** Rules of an administrator that no service loads; one of them asks a set. */
const BY_HAND = [
  'ipset create blocked hash:ip; ipset add blocked 192.0.2.66',
  'iptables -N office; iptables -A office -s 198.51.100.0/24 -j ACCEPT; iptables -A INPUT -p tcp --dport 22 -j office',
  'iptables -A INPUT -m set --match-set blocked src -j DROP; ip6tables -P FORWARD DROP',
].join('; ');

besideFirewalld('a server on iptables that loses power as it moves to firewalld', (host) => {
  const { delivered, step, program, run, saved, runs, says, files, firewalld, tables } = host;
  const ours = (): boolean => saved().includes('ce-web-');
  const all = (): readonly unknown[] => [
    runs(),
    ours(),
    firewalld(),
    tables(),
    files().length > 0,
    says('rules'),
    says('boot'),
  ];
  const WAS = ['none', true, OFF, '', false, 'as-loaded', 'as-written'];
  afterEach(() => void run(`iptables -F; ip6tables -P FORWARD ACCEPT; ipset destroy blocked 2>/dev/null`));

  test('a kill while firewalld starts, and a loss of power in the trial, leave the release on iptables', () => {
    run(BY_HAND);
    expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
    const before = saved();
    const release = onFirewall(80, ['iptables']);
    delivered(release, ['upload', 'check']);
    host.killedInStart(release);
    expect(run('nft list chain inet firewalld_starts input')).toContain('drop');
    // The service manager goes on with it, and firewalld takes all rules of iptables away.
    host.systemctl('start firewalld');
    expect(ours()).toBe(false);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), ...all()]).toEqual([before, ...WAS]);
    expect(delivered(onFirewall(80, ['iptables']), TRIAL)).toEqual(ARMED);
    host.systemctl('kill firewalld');
    host.flush();
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    expect(program('boot')).toMatch(/ok loaded/);
    expect(program('addresses')).toMatch(/ok addresses/);
    expect(all()).toEqual(WAS);
  });
});
