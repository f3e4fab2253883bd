// Tests the headline of a device of which it isn't known which interfaces lead to the internet: one that lets in
// everything is told apart from the others.

import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { reportOf } from './report-on-file';

const input = (...rules: readonly string[]): string => `table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ${rules.join('\n    ')}
  }
}
`;

describe("the headline if it isn't given which interfaces lead to the internet", () => {
  const report = reportOf(
    input('tcp dport { 22, 443 } accept', 'ip saddr 10.8.0.0/24 tcp dport 3306 accept', 'iifname "wg0" accept'),
  );
  test('keeps an interface that allows everything apart from the others', () => {
    expect(report.headline).toBe(
      'Open to the internet by any interface but wg0: tcp 22,443. For some sources only: tcp 3306. By wg0, if it leads to the internet: all protocols (line 6).',
    );
  });
  test('does so if that includes traffic from containers', () => {
    const led = `${input('iifname "wg0" accept', 'iifname "wan0" tcp dport 22 accept')}table ip docker {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr 203.0.113.21 dnat to 10.20.0.12
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    iifname "docker0" accept
  }
}
`;
    expect(reportOf(led).headline).toBe(
      'Open to the internet by wan0 and any other interface: tcp 22. By wg0, if it leads to the internet: all protocols (line 4).',
    );
  });
  test('keeps the findings apart as well', () => {
    expect(
      report.devices[0]!.findings.map(({ code, what }) => [
        code,
        what.endsWith(' By wg0, if it leads to the internet.'),
      ]),
    ).toEqual([
      ['ports/everything-open', true],
      ['access/ssh-open', false],
    ]);
  });
  test("doesn't if the roles are given, or if all interfaces allow everything", () => {
    const rules = input('iifname "wg0" accept', 'iifname "eth0" accept');
    expect(reportOf(rules.replace('policy drop', 'policy accept')).headline).toMatch(
      /^Open to the internet: all protocols \(/,
    );
    const told = input('tcp dport 22 accept', 'iifname "wg0" accept');
    expect(reportOf(told, {}, parseInterfaceOption('wg0:outside')).headline).toMatch(
      /^Open to the internet: all protocols/,
    );
  });
});

test("keeps families apart if one has nearly everything open and the other hasn't", () => {
  const rules = input('tcp dport vmap { 22 : drop, 25 : accept, 443 : accept }', 'meta nfproto ipv6 accept');
  expect(reportOf(rules).headline).toBe('Open to the internet by IPv4: tcp 25,443. By IPv6: everything but tcp 22.');
});

test("a translation of loopback packets doesn't count as reachable from the internet", () => {
  const rules = `*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -p tcp -m tcp --dport 3306 -j DNAT --to-destination 172.17.0.2:3306
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`;
  const [remark] = reportOf(rules).devices[0]!.findings.filter(({ code }) => code === 'ports/mysql-public');
  expect(remark?.what).toBe(
    'Any source in the internet reaches MySQL (tcp 3306) at this server. It is translated to another host.',
  );
});
