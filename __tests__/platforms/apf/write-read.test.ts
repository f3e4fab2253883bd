// Tests that generated APF files, and the iptables rules that a server then runs, are verified, and that the verifier
// sees single changes of them.

import { buildSpec } from '../../../lib/spec/build-spec';
import { Policy, ServerPolicy } from '../../../lib/policy/policy';
import { capabilities } from '../../../lib/platforms/apf/capabilities';
import { live } from '../../../lib/platforms/apf/parse/running-config';
import { parser } from '../../../lib/platforms/apf/parse/parser';
import { generator } from '../../../lib/platforms/apf/generate/generator';
import { findCounterexamples } from '../../../lib/verifier/find-counterexamples';
import { verifyDevice } from '../../../lib/verifier/verify-device';
import { deriveDevice, verifyPolicy, assumeForwarding } from '../../../lib/verifier/verify-policy';
import { codesOf } from '../../problems';
import { address, opening, openings, ports, ranges, server } from '../../generate/support';
import { reviewed } from '../../review/samples';

// The generated text with one key changed, and the rules that then run.

const POLICY = server({
  platform: 'apf',
  version: '9.7',
  trustedNetworks: [],
  localAddresses: [address('10.0.0.10')],
  interfaces: [
    { name: 'eth0', role: 'outside', addresses: [{ address: address('10.0.0.10'), length: 24 }], routes: [] },
  ],
  allowRules: openings('web', [
    opening({ ports: ports(443) }),
    opening({ protocol: 1, ports: ports(8) }),
    opening({ ports: ports(22), sources: ranges('198.51.100.0/28'), management: true }),
  ]),
}) as ServerPolicy;
const { text, unmanagedConfig } = generator.write(POLICY);
const found = deriveDevice(POLICY, generator.write(POLICY));
const device = assumeForwarding(found);

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
  text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}="${value}"`);

it('is verified', () => expect(verifyPolicy(POLICY).differences).toEqual([]));

it.each<[string, string]>([
  ['DEVEL_MODE', '1'],
  ['IFACE_IN', 'eth9'],
  ['IFACE_TRUSTED', 'eth0'],
  ['IFACE_TRUSTED', 'eth9'],
  ['TCP_STOP', 'ACCEPT'],
  ['UDP_STOP', 'ACCEPT'],
  ['RUN', 'no'],
  ['IG_TCP_CPORTS', '443,3306'],
  ['IG_TCP_CPORTS', '443 3306'],
  ['IG_TCP_CPORTS', '443_'],
  ['IG_UDP_CPORTS', '161'],
  ['IG_ICMP_TYPES', '0,3,5,8,11,12'],
  ['IG_ICMP_TYPES', 'all'],
])('sees that %s="%s" opens ports', (name, value) => expect(kindsOf(key(name, value))).toContain('opens'));

it('sees that traceroute opens ports', () => {
  expect(kindsOf(key('TCR_PASS', '1').replace('DEVEL_MODE', 'TCR_PORTS="33434:33534"\nDEVEL_MODE'))).toEqual(['opens']);
});

it.each<[string, string]>([
  ['USE_RGT', '1'],
  ['INSTALL_PATH', '/opt/apf'],
])('sees that %s="%s" may open ports', (name, value) => expect(kindsOf(key(name, value))).toContain('undecided'));

it.each<[string, string]>([
  ['SET_VNET', '1'],
  ['EGF', '1'],
  ['ICMP_LIM', '30/s'],
  ['BLK_RESNET', '1'],
  ['BLK_PRVNET', '1'],
  ['IG_TCP_CPORTS', ''],
  ['IG_ICMP_TYPES', '8'],
  ['IG_ICMP_TYPES', '0,3,11,12'],
])('sees that %s="%s" closes ports', (name, value) => expect(kindsOf(key(name, value)).length).toBeGreaterThan(0));

it.each([
  'DEVEL_MODE',
  'IFACE_TRUSTED',
  'SET_VNET',
  'TCP_STOP',
  'UDP_STOP',
  'TCR_PASS',
  'ICMP_LIM',
  'RESV_DNS',
  'BLK_PRVNET',
  'BLK_RESNET',
  'IG_TCP_CPORTS',
  'IG_UDP_CPORTS',
  'IG_ICMP_TYPES',
  'EGF',
  'USE_RGT',
  'INSTALL_PATH',
])('finds packets unknown without %s, because the server may have another value', (name) => {
  expect(kindsOf(text.replace(new RegExp(`^${name}=.*\n`, 'm'), ''))).toContain('undecided');
});

it('sees lines that open more ports, or to more sources', () => {
  const line = 'tcp:in:d=22:s=198.51.100.0/28';
  const others = [
    '198.51.100.0/24',
    'tcp:in:d=3306:s=192.0.2.7',
    'udp:in:d=22:s=198.51.100.0/28',
    'd=0_22:s=198.51.100.0/28',
  ];
  for (const other of [...others, '10.0.0.0/24', 'tcp:in:s=53:s=192.0.2.7', 'tcp:out:d=23:d=10.0.0.10'])
    expect([other, kindsOf(text.replace(line, `${line}\n${other}`))]).toEqual([other, ['opens']]);
  expect(kindsOf(text.replace(line, ''))).toEqual(['missing']);
});

it('sees that resolvers are accepted unless the lines that remove them are there', () => {
  for (const protocol of ['udp', 'tcp'])
    expect(kindsOf(text.replace(new RegExp(`^for i in .* -p ${protocol} .*\\n`, 'm'), ''))).toEqual(['undecided']);
  expect(kindsOf(key('RESV_DNS', '0').replace(/^for i in .* -p udp .*\n/m, ''))).toEqual(['opens']);
  expect(kindsOf(text.replace('--sport 53', '--sport 54'))).toContain('undecided');
});

it('a text without the lists that close is refused', () => {
  const parts = text.split('\n==> ');
  expect(codesOf(() => parser.read(`${text}\n==> /etc/apf-firewall/main.rules <==\n`, device))).toEqual([
    'apf/no-list',
  ]);
  expect(codesOf(() => parser.read(parts.slice(0, 3).join('\n==> '), device))).toEqual(['apf/no-list']);
  expect(codesOf(() => parser.read(parts[0]!, device))).toEqual(['apf/no-list', 'apf/no-list']);
});

// The rules that APF 9.7 of Debian loads with the package's other settings, shortened.
const RUNS = (...allowed: readonly string[]): string =>
  [
    '# Generated by iptables-save v1.8.9 (nf_tables)',
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':IN_SANITY - [0:0]',
    ':TALLOW - [0:0]',
    ':TDENY - [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -j TALLOW',
    '-A INPUT -j TDENY',
    '-A INPUT -p tcp -m tcp --dport 135:139 -j DROP',
    '-A INPUT -j IN_SANITY',
    '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT',
    '-A INPUT -p icmp -m icmp --icmp-type 0 -j ACCEPT',
    ...[3, 8, 11, 12].map((type) => `-A INPUT -p icmp -m icmp --icmp-type ${type} -j ACCEPT`),
    '-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j DROP',
    ...['tcp', 'udp'].map((protocol) => `-A INPUT -p ${protocol} -m state --state RELATED,ESTABLISHED -j ACCEPT`),
    '-A INPUT -p tcp -j DROP',
    '-A INPUT -p udp -j DROP',
    '-A INPUT -j DROP',
    '-A OUTPUT -o lo -j ACCEPT',
    '-A OUTPUT -j TALLOW',
    '-A OUTPUT -j TDENY',
    '-A OUTPUT -j ACCEPT',
    '-A IN_SANITY -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP',
    '-A TALLOW -s 198.51.100.0/28 -p tcp -m tcp --dport 22 -j ACCEPT',
    ...allowed.map((rule) => `-A TALLOW ${rule}`),
    '-A TDENY -s 192.0.2.66/32 -j DROP',
    '-A TDENY -d 192.0.2.66/32 -j DROP',
    'COMMIT',
    '',
  ].join('\n');

describe('the running rules', () => {
  it('are verified as iptables lists them, without a listing of IPv6', () => {
    const { refusals, reports, narrower } = verifyDevice(POLICY, RUNS(), found, []);
    expect([refusals, narrower]).toEqual([[], undefined]);
    expect(reports.every((one) => /192\.0\.2\.66|135-139|a rule may match or not|would not pass/.test(one))).toBe(true);
  });

  it('are verified if they close IPv6', () => {
    const closed =
      '# Generated by ip6tables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
    expect(verifyDevice(POLICY, RUNS() + closed, found, []).refusals).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['-A TALLOW -s 192.0.2.99/32 -j ACCEPT', ['-s 192.0.2.99/32 -j ACCEPT']],
    [
      '-A TALLOW -s 192.0.2.53/32 -p udp -m udp --sport 53 --dport 1023:65535 -j ACCEPT',
      ['-s 192.0.2.53/32 -p udp -m udp --sport 53 --dport 1023:65535 -j ACCEPT'],
    ],
  ])('are refused with the line that opens more: %s', (line, allowed) => {
    const { refusals } = verifyDevice(POLICY, RUNS(...allowed), found, []);
    expect(refusals.length).toBeGreaterThan(0);
    expect(refusals[0]).toContain(line);
  });

  it('are refused if nothing is loaded', () => {
    expect(verifyDevice(POLICY, RUNS().replace('-A INPUT -j DROP\n', ''), found, []).refusals.length).toBeGreaterThan(
      0,
    );
  });

  it('may open less, except management', () => {
    const { refusals, narrower } = verifyDevice(
      POLICY,
      RUNS().replace('--dport 443 -j ACCEPT', '--dport 443 -j DROP'),
      found,
      [],
    );
    expect([refusals, narrower?.length]).toEqual([[], 1]);
    expect(verifyDevice(POLICY, RUNS().replace('--dport 22 ', '--dport 23 '), found, []).refusals.join()).toMatch(
      /the way in would be lost/,
    );
  });

  it('have no owner by their names', () => {
    const runs = RUNS();
    const places = live.places(runs);
    const line = runs.split('\n').findIndex((one) => one.startsWith('-A TALLOW')) + 1;
    expect([places.at(line), places.whose(line), places.unitAt(line)?.isManaged]).toEqual([
      'rule 1 of chain TALLOW of table ip filter',
      'others',
      false,
    ]);
    expect(live.apart(runs, 'web-team')).toEqual({ whole: runs, rest: runs });
    expect([live.isOwnedBy('every table', 'web-team'), live.isOwnedBy('table inet x', 'web-team')]).toEqual([
      true,
      false,
    ]);
    expect(['-A INPUT -p tcp -j DROP', '-A INPUT -p udp -j PROHIBIT', '-A INPUT -j ACCEPT'].map(live.decides)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('would be those of the release if nothing had been changed', () => {
    const own = RUNS()
      .replace(/^-A (TDENY|IN_SANITY) .*\n/gm, '')
      .replace(/^.*135:139.*\n/m, '');
    const delivered = live.asDelivered([{ text, owner: 'web-team' }], own);
    const by = parser
      .read(delivered, found)
      .reachability.views.map(({ dispositions }) => dispositions.select(({ is }) => is === 'allowed'));
    const now = parser
      .read(own, found)
      .reachability.views.map(({ dispositions }) => dispositions.select(({ is }) => is === 'allowed'));
    expect(by.map((one, n) => one.equals(now[n]!))).toEqual(by.map(() => true));
  });

  it('in a review are as delivered, or show ports that were opened by hand', () => {
    const answered = (text: string) => ({
      live: new Map([[POLICY.device, { text, device: found, otherReleases: new Map() }]]),
    });
    const [same, wider] = [RUNS(), RUNS('-s 192.0.2.99/32 -j ACCEPT')].map((text) =>
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
    expect(unit).toBe('apf ca-web-team');
    expect(live.findUnit({ text: 'IG_TCP_CPORTS="22"', owner: 'web-team' })).toBeUndefined();
    expect(live.shown(unit)).toBe(
      "sed -n '/cpanel-edge:web-team begin/,/cpanel-edge:web-team end/p' /etc/apf-firewall/allow_hosts.rules",
    );
    expect(live.shown()).toBe('ip6tables-save; iptables-save; ipset save');
  });
});
