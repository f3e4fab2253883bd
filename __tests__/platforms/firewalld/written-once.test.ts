// Tests that the generator for firewalld writes no rule twice if a profile opens an ICMP type that every server's rules
// have anyway, because firewalld warns of repeated rules.

import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { compiled } from '../../support';

/** The rules that are generated for a server with these ICMP types open to any source. */
function rulesWith(...types: readonly (readonly ['icmp' | 'icmpv6', number])[]): readonly string[] {
  const { policies, problems } = compiled(
    {
      servers: [
        {
          device: 'web1',
          addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'],
          trustedNetworks: 'none',
          profile: {
            name: 'web',
            services: [
              'https',
              ...types.map(([protocol, type]) => ({ protocol, types: [type], from: 'anywhere' }) as const),
            ],
            sources: 'anywhere',
            management: { from: ['198.51.100.0/28'], port: 22 },
            ping: 'anywhere',
          },
        },
      ],
    },
    'firewalld',
  );
  expect(problems).toEqual([]);
  const proof = verifyPolicy(policies[0]!);
  expect(proof.differences).toEqual([]);
  return proof.generated.text.match(/ {2}<rule[^]*?<\/rule>/g)!;
}

// firewalld warns of repeated rules, and the agent refuses a text with a warning.
it.each([
  [
    'types that every IPv6 host needs',
    [
      ['icmpv6', 134],
      ['icmpv6', 135],
    ],
  ],
  [
    'ping',
    [
      ['icmp', 8],
      ['icmpv6', 128],
    ],
  ],
] as const)('generates no rule twice if the profile opens %s, too', (_, types) => {
  const rules = rulesWith(...types);
  expect(rules).toEqual([...new Set(rules)]);
});
