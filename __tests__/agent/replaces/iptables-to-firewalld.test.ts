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

besideFirewalld('a server on iptables moves to firewalld, which was off, and no service loads rules', (host) => {
  const { delivered, step, program, run, saved, runs, says, files, firewalld, tables, retracted } = host;
  /** Rules, chains and policies, without tables that are empty. */
  const decides = (): readonly string[] =>
    saved()
      .split('\n')
      .filter((line) => /^-A|DROP$|^:\S+ -$/.test(line));
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
  const NEW = ['80', false, 'active enabled', 'table inet firewalld', true, 'as-loaded', 'as-written'];
  const WAS = ['none', true, OFF, '', false, 'as-loaded', 'as-written'];
  afterEach(() => void run(`iptables -F; ip6tables -P FORWARD ACCEPT; ipset destroy blocked 2>/dev/null`));

  test('is refused without "replaces", tried and rolled back, confirmed, and the rules of others come back with a retract', () => {
    run(BY_HAND);
    const byHand = decides();
    expect(delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
    const before = saved();
    const alone = onFirewall(80);
    step('upload', alone);
    expect(program(`check ${alone.identity}`)).toMatch(/refused firewalld-not-running beside=iptables$/);
    const release = onFirewall(80, ['iptables']);
    expect(delivered(release, TRIAL)).toEqual(ARMED);
    expect([runs(), saved().match(/^-A|DROP/m), firewalld()]).toEqual(['80', null, 'active disabled']);
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect([saved(), ...all()]).toEqual([before, ...WAS]);
    expect(delivered(onFirewall(80, ['iptables']))).toEqual(CONFIRMED);
    expect([saved().match(/^-A|DROP/m), ...all()]).toEqual([null, ...NEW]);
    expect(delivered(onFirewall(443, ['iptables']))).toEqual(CONFIRMED);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([decides(), firewalld(), tables(), files(), run('ls /etc/cpanel-edge')]).toEqual([byHand, OFF, '', [], '']);
  });
});
