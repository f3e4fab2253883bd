// Tests that the verifier sees changes of everything that the policy doesn't name: it has to be as without the
// release.

import { Verification, verifyPolicy, verifyGenerated } from '../../lib/verifier/verify-policy';
import { MANAGEMENT } from '../cases/edge';
import { Wish, caseWish, compiled } from '../support';

const [gateway, server] = compiled(caseWish('guide/mail-server'), 'nftables').policies.map((policy) =>
  verifyPolicy(policy),
) as [Verification, Verification];

/** The counterexamples about unmanaged packets after one part of the text was changed. */
function found({ policy, generated }: Verification, from: string, to: string): string {
  expect(generated.text).toContain(from);
  return verifyGenerated(policy, { ...generated, text: generated.text.replace(from, to) })
    .differences.filter(({ isUnmanaged }) => isUnmanaged)
    .map(({ text }) => text)
    .join('\n');
}

it('finds nothing in the generated text', () => {
  for (const { differences } of [gateway, server]) expect(differences).toEqual([]);
});

it('names trusted networks of a server that are cut off', () => {
  const cut = found(server, 'ip saddr 10.0.0.0/24 accept comment "inside"', 'ip saddr 10.0.0.0/25 accept');
  expect(cut).toMatch(/from 10\.0\.0\.128\/25 would not pass, and is not ours to close/);
});

it('names hosts behind a gateway that are cut off though they have no mapping', () => {
  const FORWARD = 'hook forward priority filter - 10; policy';
  expect(found(gateway, `${FORWARD} accept`, `${FORWARD} drop`)).toMatch(
    /from inside by lan0: .* would not pass, and is not ours to close/,
  );
});

it('names the gateway that is cut off from its own administrators', () => {
  expect(found(gateway, 'iif "lo" accept', 'ip daddr 203.0.113.2 tcp dport 22 drop')).toMatch(
    /203\.0\.113\.2 tcp 22 from anywhere would not pass, and is not ours to close/,
  );
});

it('leaves a blocked part of the trusted networks closed, also for ICMP errors', () => {
  const blocked: Wish['servers'] = [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      trustedNetworks: ['10.0.0.0/24'],
      profile: {
        name: 'web',
        services: ['https'],
        sources: 'anywhere',
        management: MANAGEMENT,
        blocked: ['10.0.0.128/25'],
      },
    },
  ];
  expect(compiled({ servers: blocked }, 'nftables').policies.map((policy) => verifyPolicy(policy).differences)).toEqual(
    [[]],
  );
});

describe('other packets fare as without the release', () => {
  it.each([
    [
      'a neighbour that is not mapped',
      '203.0.113.10 : 10.0.0.10',
      '203.0.113.10 : 10.0.0.10, 203.0.113.99 : 10.0.0.99',
      /203\.0\.113\.99 .* is not ours to translate/,
    ],
    [
      "the gateway's own address that is translated to another host",
      'iifname { "lan0", "wan0" } dnat ip to',
      'ip daddr 203.0.113.2 tcp dport 25 dnat ip to 10.0.0.99\n        iifname { "lan0", "wan0" } dnat ip to',
      /203\.0\.113\.2 tcp 25 from anywhere would be translated to another host/,
    ],
    [
      'outbound packets that are all translated',
      'oifname "wan0" snat ip to ip saddr map @m_out_1',
      'oifname "wan0" snat ip to ip saddr map @m_out_1\n        oifname "wan0" snat ip to 203.0.113.10',
      /from inside by lan0: .* as another source than without this release/,
    ],
    [
      'a neighbour that sends with a public address',
      '10.0.0.10 : 203.0.113.10',
      '10.0.0.10 : 203.0.113.10, 10.0.0.11 : 203.0.113.10',
      /from 10\.0\.0\.11 would pass .* as another source/,
    ],
  ])('on a gateway, it names %s', (_, from, to, said) => {
    expect(found(gateway, from, to)).toMatch(said);
  });

  it('on a server, it names packets that pass through it', () => {
    const through =
      'chain c_through {\n        type filter hook forward priority filter; policy drop;\n    }\n\n    chain c_input {';
    expect(found(server, 'chain c_input {', through)).toMatch(/would not pass, and is not ours to close/);
  });
});

it.each([
  ['a table of IPv4 alone', 'table inet ', 'table ip '],
  ['all of IPv6', 'iif "lo" accept', 'iif "lo" accept\n        meta nfproto ipv6 accept'],
])('a server without an IPv6 address in the intent still has a link-local one: %s', (_, from, to) => {
  const { policy, generated } = server;
  const { differences } = verifyGenerated(policy, { ...generated, text: generated.text.replaceAll(from, to) });
  expect(differences.map(({ text }) => text).join('\n')).toMatch(/fe80::\/10 .* would pass, and nothing asks for it/);
});
