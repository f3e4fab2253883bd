// Tests the advice of a delivery for iptables that is refused because of a firewalld which is off or enabled: the prop
// `replaces`, or the command that disables it.

import { parseAnswer } from '../../driver/agent-answer';
import { explainRefusal } from '../../driver/refusal-messages';
import { connectionOf } from './samples';

const refusedBy = (values: string) =>
  explainRefusal(
    { connection: connectionOf(), device: 'web1', owner: 'web' },
    parseAnswer(`cpanel-edge: refused firewalld-not-running${values}\n`, '', 1),
  );

test('a stopped firewalld beside iptables rules: suggests "replaces", and no command that starts it', () => {
  const { what, instead } = refusedBy(' beside=iptables');
  expect(what).toContain('a start of firewalld takes away');
  expect(instead).toMatch(/^replaces: \['iptables'\] in the server's intent: the delivery starts firewalld/);
  expect(what + instead).not.toContain('systemctl');
});

test('a stopped and enabled firewalld has to be disabled first', () => {
  const { what, instead } = refusedBy(' beside=iptables start=enabled');
  expect(what).toContain('the next restart does that');
  expect(instead).toMatch(/^systemctl disable firewalld, then replaces: \['iptables'\]/);
});

test('a stopped firewalld without other rules has to be started by hand', () =>
  expect(refusedBy('').instead).toBe('systemctl enable --now firewalld; or platform nftables.'));
