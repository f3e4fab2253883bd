// Tests that the verifier notices faults of packets that start no connection: lost ICMP errors, cut sessions, packets
// that come to the gateway itself because nothing translates them.

import { Verification, verifyPolicy, verifyGenerated } from '../../lib/verifier/verify-policy';
import { caseWish, compiled } from '../support';

const [gateway, server] = compiled(caseWish('guide/mail-server'), 'nftables').policies.map((policy) =>
  verifyPolicy(policy),
) as [Verification, Verification];

/** The counterexamples after one part of the text was changed. */
function found({ policy, generated }: Verification, from: RegExp, to: string): string {
  expect(generated.text).toMatch(from);
  return verifyGenerated(policy, { ...generated, text: generated.text.replace(from, to) })
    .differences.map(({ phase, text }) => `${phase}: ${text}`)
    .join('\n');
}

const ANSWERS = /ct direction reply ct state established accept/g;
const ERRORS = /icmpv6 type \{ destination-unreachable, packet-too-big, time-exceeded, parameter-problem \}/g;

describe.each([
  ['gateway', gateway],
  ['server', server],
])('on a %s', (_, proof) => {
  it.each<[string, RegExp, string, RegExp]>([
    ['lost replies', ANSWERS, '', /^answer: .* would not pass/m],
    ['dropped replies', ANSWERS, 'ct state established drop', /^answer: .* would not pass/m],
    [
      'all related packets accepted',
      ANSWERS,
      'ct direction reply ct state established accept\nct state related accept',
      /^related: .* nothing asks for it/m,
    ],
    [
      'sessions that go on though they should end',
      ANSWERS,
      'ct state established accept',
      /^going on: .* nothing asks for it/m,
    ],
    [
      'lost errors about sessions',
      /ct state related icmp type \{[^}]*\} accept/g,
      '',
      /^related: .* icmp .* would not pass/m,
    ],
    [
      'strays',
      ANSWERS,
      'ct direction reply ct state established accept\nct state invalid accept',
      /^stray: .* nothing asks for it/m,
    ],
  ])('sees %s', (__, from, to, said) => {
    expect(found(proof, from, to)).toMatch(said);
  });
});

it('sees lost errors about packets that are too big', () => {
  expect(found(server, ERRORS, 'icmpv6 type { destination-unreachable, time-exceeded, parameter-problem }')).toMatch(
    /^related: .* packet-too-big .* would not pass/m,
  );
});

it('sees that packets without a translation reach the gateway itself', () => {
  expect(found(gateway, /ip daddr @s_public drop comment "not translated"\n\s*ct original/, 'ct original')).toMatch(
    /^stray: from the internet by wan0: .* 203\.0\.113\.10 tcp 0-21,/m,
  );
});

it('sees lost errors about packets that the gateway answers itself', () => {
  const proof = verifyPolicy(compiled(caseWish('gateway/virtual-ip-answers'), 'nftables').policies[0]!);
  expect(found(proof, /(chain c_input \{[^}]*)ct state related icmp type \{[^}]*\} accept/, '$1')).toMatch(
    /^related: from the internet by wan0: 203\.0\.113\.10 icmp .* would not pass/m,
  );
});

it('sees sessions that end though they may go on', () => {
  const policy = { ...server.policy, establishedSessions: 'keep' as const };
  expect(verifyGenerated(policy, verifyPolicy(policy).generated).differences).toEqual([]);
  expect(verifyGenerated(policy, server.generated).differences.map(({ phase, kind }) => `${phase} ${kind}`)).toContain(
    'going on missing',
  );
});
