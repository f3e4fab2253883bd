// Tests the verification of gateways together with their servers: packets that only one of the two lets through, or
// that neither policy asks for, are found.

import { existsSync } from 'node:fs';
import { findCompositionProblems } from '../../lib/verifier/composition-problems';
import { Policy } from '../../lib/policy/policy';
import { Verification, verifyPolicy } from '../../lib/verifier/verify-policy';
import { platforms } from '../../lib/registry';
import { caseFile, caseNames, caseWish, compiled } from '../support';

const proofsOf = (name: string): readonly Verification[] =>
  compiled(caseWish(name), 'nftables').policies.map((policy) => verifyPolicy(policy));

/** The same verification with another generated config. */
function rewritten(proof: Verification, from: string, to: string): Verification {
  expect(proof.generated.text).toContain(from);
  return {
    ...proof,
    evaluated: platforms.nftables.parser.read(proof.generated.text.replaceAll(from, to), proof.device),
  };
}

const written = caseNames().filter(
  (name) => !name.startsWith('refused/') && !existsSync(caseFile(name, 'nftables.problems.txt')),
);

it.each(written)('%s: gateway and servers together do what both policies require', (name) => {
  expect(findCompositionProblems(proofsOf(name))).toEqual([]);
});

it('names packets that a host refuses though both policies require them', () => {
  const [gateway, server] = proofsOf('guide/mail-server') as [Verification, Verification];
  const problems = findCompositionProblems([gateway, rewritten(server, '25, 443, 465, 993', '25, 443, 465')]);
  expect(problems.map(({ code }) => code)).toContain('proving/composition-missing');
  expect(problems[0]!.what).toBe(
    'from the internet by wan0: 203.0.113.10 tcp 993 from anywhere but 10.0.0.0/24 was asked for end to end, and would not arrive.',
  );
});

it('names packets that reach a server though neither policy requires them', () => {
  const [gateway, server] = proofsOf('guide/mail-server') as [Verification, Verification];
  const opened = [
    rewritten(gateway, '25, 443, 465, 993', '25, 443, 465, 993, 3306'),
    rewritten(server, '25, 443, 465, 993', '25, 443, 465, 993, 3306'),
  ];
  expect(findCompositionProblems(opened).map(({ code, what }) => [code, what])).toContainEqual([
    'proving/composition-opens',
    'from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere would reach a server end to end, and nothing asks for it.',
  ]);
});

describe('a gateway that its captured config narrows', () => {
  const [gateway, server] = compiled(caseWish('guide/mail-server'), 'pfsense').policies as [Policy, Policy];
  /** The LAN's rule allows its own network alone, as on most boxes. */
  const captured = verifyPolicy(gateway)
    .generated.unmanagedConfig.text.replace('<assumed/>', '<captured/>')
    .replace(/(<interface>lan<\/interface>[^]*?<source>)\s*<any><\/any>/, '$1<network>lan</network>');
  const narrowed = verifyPolicy(gateway, captured);

  it('requires no packet end to end that its own verification reports as narrowed', () => {
    expect(narrowed.narrowed.map(({ kind }) => kind)).toEqual(['missing']);
    expect(findCompositionProblems([narrowed, verifyPolicy(server)])).toEqual([]);
  });

  it('still requires the other packets', () => {
    const closed = rewritten(verifyPolicy(server), '25, 443, 465, 993', '25, 443, 465');
    expect(findCompositionProblems([narrowed, closed]).map(({ code, what }) => [code, what])).toContainEqual([
      'proving/composition-missing',
      'from the internet by wan0: 203.0.113.10 tcp 993 from anywhere but 10.0.0.0/24 was asked for end to end, and would not arrive.',
    ]);
  });
});
