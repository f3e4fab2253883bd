// Tests the generator for APF 2.0.2 and the verification of its text, by a golden of all server cases, single edits,
// and random policies: the files, what is refused, and what an edit opens.

import { join } from 'node:path';
import { Policy, ServerPolicy } from '../../../lib/policy/policy';
import { apf } from '../../../lib/platforms/apf';
import { live, publishedLive as livePublished } from '../../../lib/platforms/apf/parse/running-config';
import { publishedGenerator } from '../../../lib/platforms/apf/generate/generator';
import { buildSpec } from '../../../lib/spec/build-spec';
import { findCounterexamples } from '../../../lib/verifier/find-counterexamples';
import {
  deriveDevice,
  printExposureTable,
  getPlatform,
  verifyPolicy,
  assumeForwarding,
} from '../../../lib/verifier/verify-policy';
import { parser } from '../../../lib/platforms/apf/parse/parser';
import { system } from '../../../lib/platforms/apf/system';
import { ServerPolicyBuilder } from '../../../lib/intent/server-policy-builder';
import { knownPlatforms } from '../../../lib/registry';
import { askedOf, madeOf } from '../../policy/adapt-to-platform';
import { codesOf } from '../../problems';
import { servers } from '../../policy/random';
import { checkShares, fc } from '../../randomly';
import { caseWish, compiled, expectGolden, serverCases } from '../../support';
import { address, opening, openings, ports, ranges, server } from '../../generate/support';

// The text that is generated for 2.0.2, which supports IPv6.

const POLICY = server({
  platform: 'apf',
  version: '2.0.2',
  trustedNetworks: [],
  localAddresses: [address('10.0.0.10'), address('2001:db8::10')],
  interfaces: [
    {
      ...({ name: 'eth0', role: 'outside', routes: [] } as const),
      addresses: [
        { address: address('10.0.0.10'), length: 24 },
        { address: address('2001:db8::10'), length: 64 },
      ],
    },
  ],
  allowRules: openings('web', [
    opening({ ports: ports(443) }),
    opening({ protocol: 17, ports: ports(53), sources: ranges('192.0.2.7') }),
    opening({ protocol: 58, ports: ports(128) }),
    opening({ ports: ports(22), sources: ranges('198.51.100.0/28', '2001:db8:9::/48'), management: true }),
  ]),
}) as ServerPolicy;
const OLD = { ...POLICY, localAddresses: [address('10.0.0.10')] };
const written = publishedGenerator.write(POLICY);
const { text, unmanagedConfig } = written;

it('generates two files of the owner, each complete', () => {
  expect(text).toBe(`==> /etc/apf/conf.apf <==
# cpanel-edge:web-team
DEVEL_MODE="0"
INSTALL_PATH="/etc/apf"
IFACE_UNTRUSTED="eth0"
IFACE_TRUSTED=""
USE_IPV6="1"
SET_FASTLOAD="0"
SET_VNET="0"
SET_MONOKERN="1"
SET_REFRESH="0"
VF_ROUTE="0"
TCP_STOP="DROP"
UDP_STOP="DROP"
ALL_STOP="DROP"
TCR_PASS="0"
ICMP_LIM="0"
BLK_PRVNET="0"
BLK_RESNET="0"
IG_TCP_CPORTS="443"
IG_UDP_CPORTS=""
IG_ICMP_TYPES="0,3,11,12"
IG_ICMPV6_TYPES="1,2,3,4,128,129,130"
EGF="0"
USE_RGT="0"
USE_GRE="0"

==> /etc/apf/allow_hosts.rules <==
# cpanel-edge:web-team begin
udp:in:d=53:s=192.0.2.7
tcp:in:d=22:s=198.51.100.0/28
tcp:in:d=22:s=[2001:db8:9::/48]
# cpanel-edge:web-team end
`);
});

it('is selected by version 2.0.2 alone, and refuses other versions', () => {
  expect(getPlatform(POLICY).generator).toBe(publishedGenerator);
  expect(getPlatform({ ...POLICY, version: '9.7' }).generator).toBe(apf.generator);
  for (const version of ['2.0.1', '2.1', '9.6'])
    expect(codesOf(() => getPlatform({ ...POLICY, version }).generator.write({ ...POLICY, version }))).toEqual([
      'apf/version',
    ]);
  expect(codesOf(() => publishedGenerator.write({ ...POLICY, version: '9.7' }))).toEqual(['apf/version']);
});

it('refuses to open a port to any source of one family: a refresh would open it to both', () => {
  const opened = openings('web', [opening({ ports: ports(8443), sources: ranges('0.0.0.0/0') })]);
  expect(codesOf(() => publishedGenerator.write({ ...POLICY, allowRules: opened }))).toEqual(['apf/one-family']);
});

it('accepts the versions 2.0.2 and 9.7 in an intent, and no other', () => {
  const codes = ['2.0.2', '9.7', '1.7.6', '9.8', '2.1'].map((version) => {
    const { profile, ...intent } = caseWish('server/two-interfaces').servers![0]!;
    const parts = new ServerPolicyBuilder(
      'server web1',
      { owner: 'web', platform: 'apf', version, ...intent },
      knownPlatforms,
    );
    parts.addProfile('profile', profile);
    const { policy, problems } = parts.build();
    return policy ? codesOf(() => verifyPolicy(policy)).join() : problems.map(({ code }) => code).join();
  });
  expect(codes).toEqual(['', '', 'intent/bad-version', 'intent/bad-version', 'apf/version']);
});

it('a closing text keeps management open and nothing else', () => {
  expect(publishedGenerator.closing!(POLICY)).toMatch(
    /IG_TCP_CPORTS=""\n[^]*\ntcp:in:d=22:s=198[^]*\ntcp:in:d=22:s=\[2001[^\n]*\n# cpanel/,
  );
});

/** The kinds of counterexamples of a changed text. */
function kindsOf(changed: string): readonly string[] {
  const device = assumeForwarding(deriveDevice(POLICY, written));
  const [evaluated, withoutRelease] = [changed, unmanagedConfig.text].map((one) => parser.read(one, device)) as [
    ReturnType<typeof parser.read>,
    never,
  ];
  const spec = buildSpec(POLICY, getPlatform(POLICY).capabilities.excess);
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

it.each<[string, string, string]>([
  ['USE_IPV6', '0', 'opens'],
  ['DEVEL_MODE', '1', 'opens'],
  ['IFACE_TRUSTED', 'eth0', 'opens'],
  ['ALL_STOP', 'ACCEPT', 'opens'],
  ['TCP_STOP', 'drop', 'opens'],
  ['ICMP_LIM', '30', 'opens'],
  ['IG_TCP_CPORTS', '443,3306', 'opens'],
  ['IG_ICMPV6_TYPES', 'all', 'opens'],
  ['IG_ICMPV6_TYPES', '1,2,3,4', 'missing'],
  ['SET_VNET', '1', 'undecided'],
  ['USE_GRE', '1', 'undecided'],
  ['USE_RGT', '1', 'undecided'],
])('the verifier notices %s="%s"', (name, value, kind) => expect(kindsOf(key(name, value))).toContain(kind));

it.each(['USE_IPV6', 'VF_ROUTE', 'ALL_STOP', 'IG_ICMPV6_TYPES', 'USE_GRE', 'IG_TCP_CPORTS', 'EGF'])(
  'the verifier finds packets unknown without %s, because the server may have another value',
  (name) => expect(kindsOf(text.replace(new RegExp(`^${name}=.*\n`, 'm'), ''))).toContain('undecided'),
);

it('a line that iptables refuses removes the other lines too, also management’s', () => {
  expect(kindsOf(text.replace('udp:in:d=53:s=192.0.2.7', 'udp:in:d=70000:s=192.0.2.7'))).toContain('missing');
});

it('is recognised by its folder', () => {
  expect([live, livePublished].map((one) => one.findUnit({ text, owner: 'web-team' }))).toEqual([
    undefined,
    'apf cu-web-team',
  ]);
  expect(system.findUnit({ text, owner: 'web-team' } as never)).toBe('settings cu-web-team');
  expect(
    system.findUnit({ text: apf.generator.closing!({ ...OLD, version: '9.7' }), owner: 'web-team' } as never),
  ).toBe('settings ca-web-team');
  expect(livePublished.shown('apf cu-web-team')).toMatch(/ \/etc\/apf\/allow_hosts\.rules$/);
});

it('is verified for each server case that it can express, and lets nothing pass by IPv6', () => {
  const all = serverCases().map(([name]) => {
    const policy = { ...compiled(caseWish(name), 'apf').policies[0]!, version: '2.0.2' } as Policy;
    const { made, refused } = madeOf(() => verifyPolicy(policy));
    if (!made) return `${name}: refused ${[...new Set(refused)].join(', ')}`;
    expect(made.differences).toEqual([]);
    const [conf, allow] = made.generated.text.split('\n==> ');
    const opened = [...conf!.matchAll(/^IG_.*$/gm), ...allow!.matchAll(/^\w+:.*$/gm)].map(([line]) => `  ${line}`);
    return [`${name}:`, ...opened, printExposureTable(made).trimEnd()].join('\n');
  });
  expectGolden(`${all.join('\n')}\n`, join(__dirname, 'published.golden'));
});

it('verifies the configs of random policies', () => {
  let [tried, compared] = [0, 0];
  fc.assert(
    fc.property(servers, (policy) => {
      tried += 1;
      const { made, refused } = madeOf(() => verifyPolicy(askedOf(policy, 'apf', '2.0.2')));
      if (made) compared += 1;
      else expect(refused.join()).toMatch(/^apf\//);
      expect((made?.differences ?? []).map(({ text: found }) => found)).toEqual([]);
    }),
    { numRuns: 60 },
  );
  checkShares(tried, () => expect(compared).toBeGreaterThan(0));
});
