// Tests that a device with five hundred interfaces that no rule tells apart can be verified.

import { LiveFacts } from '../../driver/verification';
import { verifyLive } from '../../driver/verify-live';
import { Release } from '../../lib/agent-protocol/release';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { EDGE } from '../cases/edge';
import { compiled } from '../support';

const policy = compiled(
  { gateway: { ...EDGE, virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }] } },
  'nftables',
).policies[0]!;

const facts = (changed: Partial<LiveFacts> = {}): LiveFacts => ({
  addresses: [
    '1: lo    inet 127.0.0.1/8 scope host lo',
    '2: wan0    inet 203.0.113.2/24 brd 203.0.113.255 scope global wan0',
    '3: lan0@if7    inet 10.0.0.1/24 scope global lan0',
    '3: lan0@if7    inet6 fe80::1/64 scope link',
  ].join('\n'),
  links: '1: lo: <UP>\n2: wan0: <UP>\n3: lan0@if7: <UP>',
  routes:
    'default via 203.0.113.254 dev wan0\n10.0.0.0/24 dev lan0 proto kernel scope link src 10.0.0.1\nfe80::/64 dev lan0 metric 256',
  forwarding: { ip: true, ip6: false },
  legacyTables: [],
  version: 'nftables v1.0.6 (Lester Gooch #5)',
  ...changed,
});

const many = (line: (n: number) => string, times: number): string =>
  Array.from({ length: times }, (_, n) => line(n)).join('\n');

const ADDRESSES = {
  addresses: many((n) => `${n + 9}: if${n}    inet 10.9.${n >> 8}.${n & 255}/32 scope global if${n}`, 500),
};
const proved = (ruleset: string, changed: Partial<LiveFacts>): readonly string[] =>
  verifyLive({ policy: encodePolicy(policy), witnesses: [] } as unknown as Release, ruleset, facts(changed)).refusals;

// A redirect translates to the address of the incoming interface, so each interface is evaluated by itself.
const REDIRECT = `table ip r {
\tchain c {
\t\ttype nat hook prerouting priority -100; policy accept;
\t\ttcp dport 80 redirect to :8080
\t}
}`;

it.each<[string, string, Partial<LiveFacts>]>([
  ['default routes', '', { routes: many((n) => `default dev if${n} table ${n}`, 10_000) }],
  ['addresses', REDIRECT, ADDRESSES],
])(
  'refuses more interfaces than can be evaluated, with different %s, before memory runs out',
  (_, ruleset, changed) => {
    expect(proved(ruleset, changed).join()).toMatch(
      /^(nftables\/too-much-to-evaluate|proving\/too-much-to-compare) at /,
    );
  },
);

test('evaluates five hundred interfaces that no rule tells apart', () => {
  const refusals = proved('', ADDRESSES);
  for (const name of ['wan0', 'if0', 'if499'])
    expect(
      refusals.some((text) => text.includes(` by ${name}: 203.0.113.10 all protocols from anywhere would pass`)),
    ).toBe(true);
});
