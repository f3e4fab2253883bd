// Tests that a report names the program (Docker, cPanel and others) whose rule opens a port, and no program where a
// rule by hand is needed as well.

import { HEADER, filter } from '../platforms/iptables/printed';
import { reportOf } from './report-on-file';

/** Returns the finding on a database that is open. */
function said(text: string): string {
  return reportOf(text)
    .devices.flatMap(({ findings }) =>
      findings.filter(({ code }) => code === 'ports/mysql-public').map(({ what }) => what),
    )
    .join();
}

const OPEN = 'Any source in the internet reaches MySQL (tcp 3306) at this server.';
const BY_SCRIPT = `${OPEN} configure_firewall_for_cpanel opens it, which is changed for good by skip_rules_added_by_configure_firewall_for_cpanel=1 in /var/cpanel/cpanel.config and another run of it (on Ubuntu, where that changes nothing, by taking them away, too).`;
const accept = '-A cP-Firewall-1-INPUT -p tcp -m state --state NEW -m tcp --dport 3306 -j ACCEPT';
const iptables = (...rules: readonly string[]): string =>
  HEADER.ip +
  filter('DROP', 'DROP', ...rules).replace(/^:OUTPUT.*\n/m, (line) => `${line}:cP-Firewall-1-INPUT - [0:0]\n`) +
  HEADER.ip6 +
  filter('DROP', 'DROP');

describe('the program that opens a port', () => {
  it("is named if a program's rules open it, in iptables", () => {
    expect(said(iptables('-A INPUT -j cP-Firewall-1-INPUT', accept))).toBe(BY_SCRIPT);
    expect(
      said(iptables('-A INPUT -p tcp -m tcp --dport 3306 -j ACCEPT', '-A INPUT -j cP-Firewall-1-INPUT', accept)),
    ).toBe(OPEN);
  });

  const table = (policy: string): string =>
    `table inet filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy ${policy};\n\t\tjump cP-Firewall-1-INPUT\n\t}\n\tchain cP-Firewall-1-INPUT {\n\t\tct state new tcp dport 3306 accept\n\t}\n}\n`;

  it('is named in nftables, unless a chain by hand has to accept it as well', () => {
    expect(said(table('drop'))).toBe(BY_SCRIPT);
    const own =
      'table inet own {\n\tchain input {\n\t\ttype filter hook input priority filter + 10; policy drop;\n\t\ttcp dport 3306 accept\n\t}\n}\n';
    expect(said(table('accept') + own)).toBe(OPEN);
  });

  it("is named for cPanel's firewalld service, and not for one by hand", () => {
    const files = (service: string): string =>
      [
        '==> etc/firewalld/firewalld.conf <==\nDefaultZone=public\n',
        `==> etc/firewalld/zones/public.xml <==\n<zone>\n  <service name="${service}"/>\n</zone>\n`,
        `==> etc/firewalld/services/${service}.xml <==\n<service>\n  <port protocol="tcp" port="3306"/>\n</service>\n`,
        '==> usr/lib/firewalld/policies/allow-host-ipv6.xml <==\n<policy target="CONTINUE"/>\n',
        '==> usr/lib/firewalld/services/ssh.xml <==\n<service>\n  <port protocol="tcp" port="22"/>\n</service>\n',
        '==> usr/lib/firewalld/zones/block.xml <==\n<zone target="%%REJECT%%"/>\n',
      ].join('\n');
    expect(said(files('cpanel'))).toBe(
      `${OPEN} The service cpanel, which configure_firewall_for_cpanel writes, opens it, which is changed for good by rich rules of the zone, which come before its services: \`rule port port="N" protocol="tcp" reject\`, and with priority="-10" one that accepts for each client.`,
    );
    expect(said(files('mysql'))).toBe(OPEN);
  });
});
