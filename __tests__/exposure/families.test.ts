// Tests that entries of a report for several interfaces are joined only if each interface lets in the same address
// families.

import { reportOf } from './report-on-file';

const RULES = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname "eth0" meta nfproto ipv4 tcp dport 3306 accept
    iifname "eth1" meta nfproto ipv6 tcp dport 3306 accept
    tcp dport 22 accept
  }
}
`;

test("IPv4 by one interface and IPv6 by another aren't joined to both families by both interfaces", () => {
  const [host] = reportOf(RULES, { port: ['3306'], start: ['outside'] }).devices[0]!.sections;
  expect(
    host!.entries.map(({ destinations, sources, starts }) =>
      [...destinations, sources, ...starts.map(({ interfaces }) => interfaces)].join(' '),
    ),
  ).toEqual(['this server by IPv4 anywhere eth0', 'this server by IPv6 anywhere eth1']);
});

test('what all interfaces allow in both families is one line', () => {
  const [host] = reportOf(RULES, { port: ['22'], start: ['outside'] }).devices[0]!.sections;
  expect(host!.entries.map(({ destinations, sources }) => [...destinations, sources].join(' '))).toEqual([
    'this server anywhere',
  ]);
});
