// Tests when `doctor` names a cause as certain: a step that couldn't be asked or decided makes it possible or unknown.
// Also the choice among several gateways (--gateway), and the diagnosis as JSON.

import { diagnose, createVerifier } from '../../../driver/doctor/diagnose';
import { findCase, isMapped, collectPolicies } from '../../../driver/doctor/diagnosis-case';
import { toDiagnosisJson } from '../../../driver/doctor/print-diagnosis';
import { parseQuestion } from '../../../driver/doctor/doctor-question';
import { OwnershipRecord } from '../../../driver/synthesized-stack';
import { Refusal } from '../../../lib/problems/problem';
import { said, table } from './print-sample-diagnosis';
import { Asked, MAIL, PROJECT, holdersOf, seen, walk } from './samples';

const LIMITED = table('type filter hook forward priority 0; policy accept;\nlimit rate 10/second drop');

test('an address that several gateways map requires --gateway, and that gateway is diagnosed', () => {
  const [edge, server] = holdersOf(MAIL) as [OwnershipRecord, OwnershipRecord];
  const holders = [edge, { ...edge, device: 'edge2' }, server];
  const question = parseQuestion('203.0.113.10');
  expect(() => findCase(question, collectPolicies(holders))).toThrow(
    /^cli\/two-gateways at 203\.0\.113\.10: .*\n.*--gateway edge, or --gateway edge2\.$/,
  );
  const one = findCase(question, collectPolicies(holders, 'edge2'), 'edge2');
  if (!isMapped(one)) throw new Error('nothing maps it');
  const { steps } = diagnose(one, {
    gateway: seen(edge),
    server: seen(server),
    ...createVerifier(holders, () => PROJECT),
  });
  expect(steps[1]!.name).toBe('edge2 runs its release');
});

test('the JSON answer has the address, the cause and the steps', () => {
  const { one, found } = walk({ server: { looked: { listening: [] } } });
  expect(toDiagnosisJson(one, found, { result: 'timed out', sourceAddress: '192.0.2.1' })).toMatchObject({
    address: '203.0.113.10',
    port: 443,
    protocol: 'tcp',
    client: '192.0.2.77',
    mapping: 'mail',
    gateway: 'edge',
    internal: '10.0.0.10',
    server: 'mail1',
    localConnection: { result: 'timed out', sourceAddress: '192.0.2.1' },
    outcome: 'a cause',
    cause: { what: expect.stringMatching(/^nothing listens on tcp 443 of mail1/) as string },
    steps: expect.arrayContaining([
      expect.objectContaining({ name: 'something listens on the port', status: 'wrong' }),
    ]) as unknown[],
  });
});

test("a step that wasn't asked or decided makes the cause unknown or possible", () => {
  const refusal = new Refusal([{ code: 'driver/unreachable', where: 'x', what: 'x', instead: 'x' }]);
  expect(said({ server: { device: { refusal } } })).toMatch(/^Not known: /m);
  const unsaid = said({ server: { looked: { listening: ['LISTEN 0 128 [::]:443 [::]:*'] } } });
  expect(unsaid).toMatch(/^Not known: the lines with "\?" can’t be decided/m);
  expect(said({ gateway: { more: LIMITED } })).toMatch(/^Perhaps: the rules of edge may refuse /m);
  const unreadable: Asked = { server: { look: { ruleset: 'table inet x {\n' } } };
  expect([walk(unreadable).found.outcome, said(unreadable)]).toEqual([
    'not decidable',
    expect.stringMatching(
      /^\? mail1 runs its release: nftables\/cut-off at line 1: [^]*^Not known: the lines with "\?" can’t be decided/m,
    ),
  ]);
});

test('a difference is the cause only if no later step decides', () => {
  const ofEnd = (asked: Asked): readonly unknown[] => [
    walk(asked).found.outcome,
    said(asked).split('\n\n').at(-1)!.split('\n')[0],
  ];
  // An agent without the command `look` answers two steps only.
  const older: Asked['server'] = { facts: { version: 'nftables v0.9.0' }, looked: 'too old' };
  expect(ofEnd({ gateway: { more: LIMITED } })).toEqual([
    'not decidable',
    expect.stringMatching(/^Perhaps: .*a limit may be reached/),
  ]);
  expect(ofEnd({ server: older })).toEqual([
    'a cause',
    expect.stringMatching(
      /^Most likely: mail1 does not run what the stack says: the device runs version 0\.9\.0, and the intent says 1\.0\.6\.$/,
    ),
  ]);
});

test("an IPv6 address has no mapping, so it isn't traced", () =>
  expect(said({ target: '[2001:db8::1]:443' })).toMatch(
    /^Most likely: nothing in the synthesized stacks gives 2001:db8::1 to a server\./m,
  ));
