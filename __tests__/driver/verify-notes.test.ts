// Tests which findings of `verify` are notes and which count as differences: an interface that is down or missing,
// rules of others that close a port or may close it.

import { foreign, live, server, verify } from './drift-samples';
import { lookAt } from './doctor/samples';

test('an interface that is down is no difference; a missing one is', () => {
  const links = '2: eth0: <BROADCAST,MULTICAST> mtu 1500 state DOWN\n';
  const { facts } = lookAt(server);
  const found = (text: string): readonly string[] =>
    verify({ ...lookAt(server), facts: { ...facts, links: text } }, { ownershipRecords: [server] }).owners[0]!
      .differences;
  expect([found(links), found('1: lo: <LOOPBACK,UP,LOWER_UP>\n')]).toEqual([[], ['the device has no interface eth0.']]);
});

test.each([
  ['a limit in another table may close a port, which is a note', 'limit rate 10/second drop', [false, true]],
  ['an unknown match may close a port as well', 'meta cgroup 7 drop', [false, true]],
  ['a port that another table closes narrows the release', 'tcp dport 443 drop', [true, false]],
])('%s', (_, rule, wanted) => {
  const table = foreign(`\t\ttype filter hook input priority 0; policy accept;\n\t\t${rule}`, 'inet');
  const { narrowed, lines } = verify(
    live(server, (rules) => rules + table),
    { ownershipRecords: [server] },
  );
  expect([narrowed, lines.some((line) => line.startsWith('  no drift: perhaps closed there: '))]).toEqual(wanted);
});
