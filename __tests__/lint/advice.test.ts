// Tests that the advice in lint's findings can be followed: it names the services that were found, and fits the stack
// that it is for.

import { lint } from '../../lib/lint/lint';
import { wished } from './samples/lint-subjects';
import { hosting } from './samples/profiles';

test("operators without an address of the server's family: the advice names what is wrong in the stack", () => {
  const found = lint(wished(hosting({ profile: { management: { from: ['2001:db8::/64'], port: 22 } } })));
  expect(found.filter(({ code }) => code === 'access/admin-lockout').map(({ instead }) => instead)).toEqual([
    expect.stringMatching(
      /^management: \{ from, port \} of its profile with networks of the operators that reach it: of the family/,
    ),
  ]);
});

test('the advice names the services that were found and no others', () => {
  const advised = (...services: readonly string[]): readonly string[] =>
    lint(wished(hosting({ profile: { services } }))).flatMap(({ code, instead }) =>
      /^ports\/(plaintext-open|insecure-login-port)$/.test(code) ? [instead] : [],
    );
  expect(advised('pop3-plain')).toEqual(['The TLS twin alone: pop3s (995).']);
  expect(advised('pop3-plain', 'imap-plain')).toEqual(['The TLS twins alone: pop3s (995), imaps (993).']);
  expect(advised('webmail-plain')).toEqual([
    'webmail (2096) in its place; a plain port only with the redirect-to-TLS setting, acknowledged.',
  ]);
});

test.each([
  [4, true],
  [5, false],
])('a mapping of %i ports without an outbound address: nat/port-forward-would-do is found: %s', (count, isFound) => {
  const { gateway } = hosting();
  const open = [...'12345']
    .slice(0, count)
    .map((digit) => ({ ports: 8000 + Number(digit), protocol: 'tcp' as const, from: 'anywhere' as const }));
  const mappings = [{ name: 'web', virtualIp: 'vip', internal: '10.0.0.20', inboundOnly: true, open }];
  const codes = lint(wished({ gateway: { ...gateway!, mappings } })).map(({ code }) => code);
  expect(codes.includes('nat/port-forward-would-do')).toBe(isFound);
});
