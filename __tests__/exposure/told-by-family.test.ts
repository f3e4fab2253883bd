// Tests rulesets of which the device's addresses are given for IPv4 or IPv6 only: the given family is judged by them,
// the other stays open.

import { Facts, NO_FACTS, NO_INTERFACE_FACTS } from '../../lib/exposure/facts/device-facts';
import { parseInterfaceAddress } from '../../lib/net/address';
import { reportOf } from './report-on-file';

const at = (role: 'outside' | 'inside', ...addresses: readonly string[]) => ({
  ...NO_INTERFACE_FACTS,
  role,
  addresses: addresses.map((text) => parseInterfaceAddress(text)!),
});
const facts = (interfaces: Readonly<Record<string, ReturnType<typeof at>>>): Facts => ({
  ...NO_FACTS,
  interfaces: new Map(Object.entries(interfaces)),
});

// A container's port is translated in prerouting. Hook input would accept the translated packet; hook forward doesn't.
const CONTAINER = `table ip nat {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    tcp dport 3306 dnat to 172.17.0.2:3306
  }
}
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct status dnat accept
    tcp dport 22 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
`;

describe("a family with given addresses is judged by them, whether or not the other family's are given", () => {
  it('a packet translated to an address of another host ends in the forward chain', () => {
    const told = facts({ eth0: at('outside', '203.0.113.5/24'), docker0: at('inside', '172.17.0.1/16') });
    const report = reportOf(CONTAINER, {}, told);
    expect(report.headline).toBe('Open to the internet: tcp 22.');
    expect(report.devices[0]!.findings.map(({ code }) => code)).not.toContain('ports/mysql-public');
    expect(report.devices[0]!.assumptions.join()).not.toContain('another host’s or the server’s own');
  });

  it('the same holds for IPv6 without IPv4 addresses', () => {
    const six = CONTAINER.replace('table ip nat', 'table ip6 nat').replace('172.17.0.2:3306', '[2001:db8:1::2]:3306');
    const told = facts({ eth0: at('outside', '2001:db8::5/64'), docker0: at('inside', '2001:db8:1::1/64') });
    expect(reportOf(six, {}, told).headline).toBe('Open to the internet: tcp 22.');
    expect(reportOf(CONTAINER, {}, told).headline).toContain('3306');
  });

  const PF = `# pfctl -sn
# pfctl -sr
block drop in all
pass out all flags S/SA keep state
pass in on em0 inet proto tcp from any to (em0) port = ssh flags S/SA keep state
`;
  const ofPf = (told: Facts): string => reportOf(PF, {}, told, 'rules.pf').headline;

  it("pf rules that refer to an interface's addresses use them", () => {
    expect(ofPf(facts({ em0: at('outside', '198.51.100.5/24') }))).toMatch(/tcp 22/);
    expect(ofPf(facts({ em0: at('outside', '198.51.100.5/24') }))).not.toContain('UNKNOWN');
  });
});
