// Tests that generated csf files, and the iptables rules that a server then runs, are verified, and that the verifier
// sees single changes of them.

import { buildSpec } from '../../../lib/spec/build-spec';
import { Policy, ServerPolicy } from '../../../lib/policy/policy';
import { capabilities } from '../../../lib/platforms/csf/capabilities';
import { live } from '../../../lib/platforms/csf/parse/running-config';
import { parser } from '../../../lib/platforms/csf/parse/parser';
import { generator } from '../../../lib/platforms/csf/generate/generator';
import { findCounterexamples } from '../../../lib/verifier/find-counterexamples';
import { verifyDevice } from '../../../lib/verifier/verify-device';
import { deriveDevice, verifyPolicy, assumeForwarding } from '../../../lib/verifier/verify-policy';
import { codesOf } from '../../problems';
import { opening, openings, ports, ranges, server } from '../../generate/support';
import { reviewed } from '../../review/samples';

// The generated text with one key changed, and the rules that then run.

const POLICY = server({
  platform: 'csf',
  version: '15.10',
  trustedNetworks: [],
  allowRules: openings('web', [
    opening({ ports: ports(443) }),
    opening({ ports: ports(22), sources: ranges('198.51.100.0/28', '2001:db8:aaaa::/64'), management: true }),
  ]),
  outbound: [{ protocol: 17, ports: ports(53), sourcePorts: 'all', destinations: 'anywhere', origin: 'dns' }],
}) as ServerPolicy;
const { text, unmanagedConfig } = generator.write(POLICY);
const device = assumeForwarding(deriveDevice(POLICY, generator.write(POLICY)));

/** The kinds of counterexamples of a changed text. */
function kindsOf(changed: string, policy: Policy = POLICY): readonly string[] {
  const [evaluated, withoutRelease] = [changed, unmanagedConfig.text].map((one) => parser.read(one, device)) as [
    ReturnType<typeof parser.read>,
    never,
  ];
  const spec = buildSpec(policy, capabilities.excess);
  return [
    ...new Set(
      findCounterexamples({ spec, evaluated, comparison: { withRelease: evaluated, withoutRelease }, device }).map(
        ({ kind }) => kind,
      ),
    ),
  ].sort();
}
const key = (name: string, value: string): string =>
  text.replace(new RegExp(`^${name} = .*$`, 'm'), `${name} = "${value}"`);

it('is verified', () => expect(verifyPolicy(POLICY).differences).toEqual([]));

it.each<[string, string, string]>(
  [
    ['TESTING', '1'] as const,
    ['IPTABLES', ''] as const,
    ['IPV6', '0'] as const,
    ['IP6TABLES', ''] as const,
    ['LF_SPI', '0'] as const,
    ['DROP', 'ACCEPT'] as const,
    ['DROP_OUT', 'ACCEPT'] as const,
    ['ETH_DEVICE_SKIP', 'eth0'] as const,
    ['DNS_STRICT', '0'] as const,
    ['TCP_IN', '443,3306'] as const,
    ['UDP6_IN', '161'] as const,
    ['TCP_OUT', '25'] as const,
    ['ICMP_IN', '1'] as const,
    ['TCP_IN', '443;22'] as const,
    ['TCP6_IN', '443 44'] as const,
  ].map(([name, value]): [string, string, string] => [`${name} = ${value}`, name, value]),
)('sees that %s opens ports', (_, name, value) => {
  expect(kindsOf(key(name, value))).toContain('opens');
});

it.each<[string, string]>([
  ['MESSENGER', '1'],
  ['CC_ALLOW', 'nl'],
  ['CC_ALLOW_PORTS', 'nl'],
  ['DYNDNS', '300'],
  ['GLOBAL_ALLOW', 'http://x'],
  ['GLOBAL_DYNDNS', 'http://x'],
  ['PORTKNOCKING', '3306;TCP;20;100;200;300'],
])('sees that %s may open ports', (name, value) => {
  const more = 'MESSENGER_TEXT = "8889"\nMESSENGER_HTML = "8888"\nMESSENGER_RATE = "100/s"\nMESSENGER_BURST = "150"\n';
  const asked = key(name, value).replace('TESTING', `CC_ALLOW_PORTS_TCP = "3306"\n${more}TESTING`);
  expect(kindsOf(asked)).toContain(name === 'MESSENGER' ? 'opens' : 'undecided');
});

it.each<[string, string]>([
  ['CLUSTER_RECVFROM', '192.0.2.7'],
  ['CLUSTER_SENDTO', '192.0.2.7'],
])('sees that %s opens the port of clusters', (name, value) => {
  expect(kindsOf(key(name, value).replace('TESTING', 'CLUSTER_PORT = "7777"\nTESTING'))).toContain('opens');
});

it.each<[string, string]>([
  ['ETH_DEVICE', 'eth1'],
  ['IPV6_ICMP_STRICT', '1'],
  ['TCP_IN', ''],
  ['UDP_OUT', '5353'],
])('sees that %s closes ports', (name, value) => expect(kindsOf(key(name, value)).length).toBeGreaterThan(0));

it('sees lines that open more ports, or to more sources', () => {
  const line = 'tcp|in|d=22|s=198.51.100.0/28';
  for (const other of [
    '198.51.100.0/24',
    'tcp|in|d=3306|s=192.0.2.7',
    'udp|in|d=22|s=198.51.100.0/28',
    'tcp|in|d=0_22|s=198.51.100.0/28',
  ])
    expect([other, kindsOf(text.replace(line, `${line}\n${other}`))]).toEqual([other, ['opens']]);
  expect(kindsOf(text.replace(line, ''))).toEqual(['missing']);
});

describe('a hook with a rule for connections from own source ports', () => {
  const policy = {
    ...POLICY,
    outbound: [
      {
        protocol: 6,
        ports: ports(2089),
        sourcePorts: ports(4, 1020),
        destinations: ranges('192.0.2.0/24'),
        origin: 'licence',
      },
    ],
  } satisfies ServerPolicy;
  const its = generator.write(policy).text;
  const rule =
    '/sbin/iptables -w -A ALLOWOUT ! -o lo -p tcp -d 192.0.2.0/24 -m multiport --sports 4,1020 -m multiport --dports 2089 -j ACCEPT';
  const instead = (other: string): readonly string[] => kindsOf(its.replace(rule, other), policy);

  it('is verified', () => {
    expect(its.split('\n').filter((line) => line === rule)).toEqual([rule]);
    expect([verifyPolicy(policy).differences, kindsOf(its, policy)]).toEqual([[], []]);
  });

  it.each<[string, string]>([
    ['no source port', rule.replace('-m multiport --sports 4,1020 ', '')],
    ['one more source port', rule.replace('4,1020', '4,1020,1021')],
    ['a range of source ports', rule.replace('4,1020', '4:1020')],
    ['another destination port', rule.replace('2089', '2089,25')],
    ['no destination port', rule.replace('-m multiport --dports 2089 ', '')],
    ['a wider network', rule.replace('/24', '/23')],
    ['all hosts', rule.replace('-d 192.0.2.0/24 ', '')],
    ['all but the network', rule.replace('-d 192', '! -d 192')],
    ['another protocol', rule.replace('tcp', 'udp')],
    ['the other chain', rule.replace('ALLOWOUT ! -o', 'ALLOWIN ! -i').replace('-d', '-s')],
    ['a built-in chain', `${rule}\n/sbin/iptables -I OUTPUT 1 -p tcp --dport 25 -j ACCEPT`],
    ['the other family', `${rule}\n/sbin/ip6tables -w -I INPUT -p tcp --dport 3306 -j ACCEPT`],
  ])('opens more with %s', (_, other) => expect(instead(other)).toContain('opens'));

  it.each<[string, string]>([
    ['a table', rule.replace('-w', '-t nat')],
    ['a rule less', rule.replace('-A', '-D')],
    ['a policy', `${rule}\n/sbin/iptables -P INPUT ACCEPT`],
    ['a flush', `${rule}\n/sbin/iptables -F`],
    ['another command after it', `${rule}; reboot`],
    ['another command after the beginning of a comment', `${rule}#; reboot`],
    ['a variable', rule.replace('2089', '$PORT')],
    ['an output to a file', `${rule} > /tmp/x`],
    ['a condition', `if true\nthen\n${rule}\nfi`],
    ['an exit before it', `exit 0\n${rule}`],
    ['a continued line', rule.replace(' -j', ' \\\n-j')],
    ['a port twice', rule.replace('-j', '--dport 25 --dport 26 -j')],
    ['a network twice', rule.replace('-p', '-d 198.51.100.1 -p')],
    ['a port after a list of ports', rule.replace('-m multiport --dports', '--dport')],
    ['a port before its protocol', rule.replace('-p tcp', '--dport 25 -p tcp')],
    ['an interface in the wrong chain', rule.replace('-o', '-i')],
    ['a chain that does not exist', rule.replace('ALLOWOUT', 'GALLOWOUT')],
    ['a name of a host', rule.replace('192.0.2.0/24', 'example.org')],
    ['sixteen ports', rule.replace('2089', '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16')],
    ['an invalid port', rule.replace('2089', '70000')],
    ['a carriage return', `${rule}\r`],
    ['another program', rule.replace('/sbin/', '/root/')],
  ])('is UNKNOWN with %s', (_, other) => expect(instead(other)).toContain('undecided'));

  it('leaves connections missing without the hook, or if it drops', () => {
    expect([instead(''), instead(rule.replace('ACCEPT', 'DROP')), instead(`# ${rule}`)]).toEqual([
      ['missing'],
      ['missing'],
      ['missing'],
    ]);
    expect(instead(`${rule} # for whom`)).toEqual([]);
  });
});

it('a text without the lists that close is refused', () => {
  expect(codesOf(() => parser.read(`${text}\n==> /etc/csf/csf.sips <==\n`, device))).toEqual(['csf/no-list']);
  expect(codesOf(() => parser.read(text.split('\n==> ')[0]!, device))).toEqual(['csf/no-list', 'csf/no-list']);
});

const saved = (program: string, input: readonly string[], allow: readonly string[]): string =>
  [
    `# Generated by ${program}-save v1.8.9`,
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT DROP [0:0]',
    ':ALLOWIN - [0:0]',
    ':LOGDROPIN - [0:0]',
    '-A INPUT ! -i lo -j ALLOWIN',
    '-A INPUT -i lo -j ACCEPT',
    ...input,
    '-A INPUT ! -i lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-A INPUT ! -i lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 443 -j ACCEPT',
    '-A INPUT ! -i lo -j LOGDROPIN',
    '-A OUTPUT -o lo -j ACCEPT',
    `-A OUTPUT ! -o lo -p ${program === 'iptables' ? 'icmp' : 'ipv6-icmp'} -j ACCEPT`,
    '-A OUTPUT ! -o lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-A OUTPUT ! -o lo -p udp -m conntrack --ctstate NEW -m udp --dport 53 -j ACCEPT',
    ...allow.map((rule) => `-A ALLOWIN ${rule}`),
    '-A LOGDROPIN -j DROP',
    'COMMIT',
    '',
  ].join('\n');
const RUNS = (allow: readonly string[]): string =>
  saved(
    'iptables',
    ['-A INPUT ! -i lo -p icmp -m icmp --icmp-type 8 -j LOGDROPIN', '-A INPUT ! -i lo -p icmp -j ACCEPT'],
    ['-s 198.51.100.0/28 ! -i lo -p tcp -m tcp --dport 22 -j ACCEPT', ...allow],
  ) +
  saved(
    'ip6tables',
    ['-A INPUT ! -i lo -p ipv6-icmp -j ACCEPT'],
    ['-s 2001:db8:aaaa::/64 ! -i lo -p tcp -m tcp --dport 22 -j ACCEPT'],
  );

describe('the running rules', () => {
  const found = deriveDevice(POLICY, generator.write(POLICY));

  it('are verified as iptables lists them', () => {
    expect(verifyDevice(POLICY, RUNS([]), found, [])).toEqual({ refusals: [], reports: [] });
  });

  it('are refused with the line of others that opens more', () => {
    const { refusals } = verifyDevice(POLICY, RUNS(['-s 192.0.2.99/32 ! -i lo -j ACCEPT']), found, []);
    expect(refusals.length).toBeGreaterThan(0);
    expect(refusals[0]).toContain('-A ALLOWIN -s 192.0.2.99/32 ! -i lo -j ACCEPT');
  });

  it('may open less', () => {
    const { refusals, reports } = verifyDevice(POLICY, RUNS([]).replace('--dport 443', '--dport 444'), found, []);
    expect([refusals.length, reports.length > 0]).toEqual([1, true]);
    expect(
      verifyDevice(POLICY, RUNS([]).replaceAll('--dport 443', '--dport 22'), found, []).refusals.length,
    ).toBeGreaterThan(0);
  });

  it('have no owner by their names', () => {
    const runs = RUNS([]);
    const places = live.places(runs);
    const line = runs.split('\n').findIndex((one) => one.startsWith('-A ALLOWIN')) + 1;
    expect([places.at(line), places.whose(line), places.unitAt(line)?.isManaged]).toEqual([
      'rule 1 of chain ALLOWIN of table ip filter',
      'others',
      false,
    ]);
    expect(live.apart(runs, 'web-team')).toEqual({ whole: runs, rest: runs });
    expect([live.isOwnedBy('every table', 'web-team'), live.isOwnedBy('table inet x', 'web-team')]).toEqual([
      true,
      false,
    ]);
    expect(['-A LOGDROPIN -j DROP', '-A INPUT ! -i lo -j LOGDROPIN', '-A INPUT -j ACCEPT'].map(live.decides)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('would be those of the release if nothing had been changed', () => {
    const delivered = live.asDelivered([{ text, owner: 'web-team' }], RUNS([]));
    const by = parser
      .read(delivered, found)
      .reachability.views.map(({ dispositions }) => dispositions.select(({ is }) => is === 'allowed'));
    const now = parser
      .read(RUNS([]), found)
      .reachability.views.map(({ dispositions }) => dispositions.select(({ is }) => is === 'allowed'));
    expect(by.map((one, n) => one.equals(now[n]!))).toEqual(by.map(() => true));
  });

  it('in a review are as delivered, or show ports that were opened by hand', () => {
    const answered = (text: string) => ({
      live: new Map([[POLICY.device, { text, device: found, otherReleases: new Map() }]]),
    });
    const [same, wider] = [RUNS([]), RUNS(['-s 192.0.2.99/32 ! -i lo -j ACCEPT'])].map((text) =>
      reviewed([POLICY], [POLICY], answered(text)),
    );
    expect([same!.changes, same!.unknown, same!.objections.filter(({ code }) => code === 'review/drifted')]).toEqual([
      [],
      [],
      [],
    ]);
    expect(wider!.objections.map(({ code }) => code)).toContain('review/drifted');
  });

  it('are shown by the commands that list them', () => {
    const unit = live.findUnit({ text, owner: 'web-team' });
    expect(unit).toBe('csf cc-web-team');
    expect(live.findUnit({ text: 'TCP_IN = "22"', owner: 'web-team' })).toBeUndefined();
    expect(live.shown(unit)).toBe(
      "sed -n '/cpanel-edge:web-team begin/,/cpanel-edge:web-team end/p' /etc/csf/csf.allow",
    );
    expect(live.shown()).toBe('ip6tables-save; iptables-save; ipset save');
  });
});
