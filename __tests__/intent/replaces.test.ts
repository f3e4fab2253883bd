// Tests the field `replaces` of a server's intent: the firewalls that its release replaces, their order, and their line
// in a plan.

import { Edit, Wrong, refuses } from './samples';
import { compiled } from './compile-sample';
import { printPolicy } from '../../lib/policy/print-policy';
import { decodePolicy, encodePolicy } from '../../lib/verifier/policy-codec';

const replacing =
  (replaces: unknown): Edit =>
  (w) =>
    (w.servers[0].server.replaces = replaces);

describe("firewalls that a server's release replaces", () => {
  test('are none without the field', () => {
    const { server } = compiled(() => undefined);
    expect([server.replaces, encodePolicy(server)]).toEqual([undefined, expect.not.stringContaining('replaces')]);
  });

  test('are sorted, with a line of the plan for each', () => {
    const { server } = compiled(replacing(['csf', 'ufw']));
    expect(server.replaces).toEqual(['ufw', 'csf']);
    expect(decodePolicy(encodePolicy(server))).toEqual(server);
    expect(printPolicy(server).filter((line) => line.startsWith('replaces'))).toEqual([
      'replaces csf: stopped, and off once it is confirmed',
      'replaces ufw: stopped, and off once it is confirmed',
    ]);
  });

  const CHOICES = '"ufw" or "csf"';
  const WRONG: readonly Wrong[] = [
    [
      'an invalid one',
      replacing(['ufw', 'fail2ban']),
      `intent/unknown-choice at servers[0] replaces[1]: "fail2ban" is not one of the choices.
  instead: ${CHOICES}.`,
    ],
    [
      'one twice, beside another mistake',
      replacing(['csf', 'csf', 7]),
      `intent/duplicate at servers[0] replaces[1]: There is a firewall "csf" already: servers[0] replaces[0].
  instead: Another one, or only one of the two.`,
      `intent/wrong-type at servers[0] replaces[2]: This is the number 7.
  instead: ${CHOICES}.`,
    ],
    [
      'no list',
      replacing('ufw'),
      `intent/wrong-type at servers[0] replaces: This is the text "ufw".
  instead: A list such as ["ufw"].`,
    ],
    [
      'an empty one',
      replacing([]),
      `intent/empty-list at servers[0] replaces: The list is empty. That could mean nothing or everything.
  instead: At least one firewall, or no "replaces" at all.`,
    ],
  ];
  refuses('replaces', WRONG);
});
