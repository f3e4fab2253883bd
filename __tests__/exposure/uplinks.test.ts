// Tests which interfaces count as uplinks to the internet, by routes and addresses, and what is reported if that is
// unknown.

import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { reportOf } from './report-on-file';

// A gateway of both families, as `ip` of iproute2 6.1 prints it. The inside network has public IPv6 addresses, as
// usual.
const RULES = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname "lan" tcp dport 22 accept
    fib saddr . iif oif "wan" tcp dport 443 accept
  }
}
`;
const ADDRESSES = `2: wan    inet 203.0.113.2/24 brd 203.0.113.255 scope global wan\\       valid_lft forever preferred_lft forever
2: wan    inet6 2001:db8::2/64 scope global \\       valid_lft forever preferred_lft forever
3: lan    inet 10.0.0.1/24 brd 10.0.0.255 scope global lan\\       valid_lft forever preferred_lft forever
3: lan    inet6 2001:db8:1::1/64 scope global \\       valid_lft forever preferred_lft forever
`;
const ROUTES = `default via 203.0.113.1 dev wan
10.0.0.0/24 dev lan proto kernel scope link src 10.0.0.1
`;
const ROUTES6 = `2001:db8::/64 dev wan proto kernel metric 256 pref medium
2001:db8:1::/64 dev lan proto kernel metric 256 pref medium
`;
const DEFAULT6 = 'default via 2001:db8::1 dev wan metric 1024 pref medium\n';

const forwarding = (rule: string): string => `table inet other {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ${rule}
  }
}
`;

const FORWARDS = 'net.ipv4.ip_forward = 1\n';
const asked = (...facts: readonly string[]) =>
  reportOf([RULES, forwarding('iifname "lan" accept'), ...facts, FORWARDS].join(''));
const headline = (...facts: readonly string[]): string => asked(...facts).headline;
const SAID = /^the internet may be behind (.*), too: no default route leads there/;
const taken = (...facts: readonly string[]): readonly string[] =>
  asked(...facts).devices.flatMap(({ assumptions, wideningAssumptions }) =>
    assumptions.filter((one) => SAID.test(one) && !wideningAssumptions.includes(one)),
  );

describe('an inside network', () => {
  it('is no uplink because of its public IPv6 addresses', () => {
    expect(headline(ADDRESSES, ROUTES, ROUTES6, DEFAULT6)).toBe('Open to the internet: tcp 443.');
    expect(taken(ADDRESSES, ROUTES, ROUTES6, DEFAULT6)).toEqual([]);
  });

  it.each([
    ['2000::/3 via fe80::1 dev wan metric 1024 pref medium\n'],
    ['default proto ra metric 1024 expires 1500sec pref medium\n\tnexthop via fe80::1 dev wan weight 1 \n'],
  ])('is no uplink, by whatever route IPv6 leaves elsewhere: %s', (route) =>
    expect(headline(ADDRESSES, ROUTES, ROUTES6, route)).toBe('Open to the internet: tcp 443.'),
  );

  it.each([
    ["the IPv6 routes aren't given", ADDRESSES, ROUTES],
    ['IPv6 has no given default route', ADDRESSES, ROUTES, ROUTES6],
    // RFC 5549: an IPv4 default route alone, with an IPv6 next hop.
    [
      'the default route by an IPv6 router is for IPv4',
      ADDRESSES,
      ROUTES,
      ROUTES6,
      'default via inet6 fe80::1 dev wan metric 5\n',
    ],
    [
      'there is no private IPv4 network',
      ADDRESSES.replace('10.0.0.1/24 brd 10.0.0.255', '198.51.100.1/24'),
      ROUTES,
      ROUTES6,
      DEFAULT6,
    ],
    ['IPv6 leaves by it', ADDRESSES, ROUTES, ROUTES6, DEFAULT6.replace('dev wan', 'dev lan')],
  ])('may be an uplink if %s', (_, ...facts) => expect(headline(...facts)).toMatch(/^Open to the internet: tcp 22/));
});

// The format of `ip -o route show table all` of iproute2 6.1.
it("a default route of another table leads to the internet, and a local route doesn't", () => {
  const local = `local 10.0.0.1 dev lan table local proto kernel scope host src 10.0.0.1
broadcast 10.0.0.255 dev lan table local proto kernel scope link src 10.0.0.1
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 2001:db8:1::1 dev lan table local proto kernel metric 0 pref medium
anycast fe80:: dev lan table local proto kernel metric 0 pref medium
multicast ff00::/8 dev lan table local proto kernel metric 256 pref medium
`;
  const told = [ADDRESSES, ROUTES, ROUTES6, DEFAULT6, local];
  expect(headline(...told)).toBe('Open to the internet: tcp 443.');
  expect(headline(...told, 'default via 10.0.0.254 dev lan table 100 \n')).toMatch(/^Open to the internet: tcp 22/);
});

describe('public addresses behind a gateway', () => {
  const told = [ADDRESSES, ROUTES, ROUTES6, DEFAULT6];
  const said = (rule: string, facts: readonly string[] = told): string =>
    reportOf([RULES, forwarding(rule), ...facts, FORWARDS].join('')).headline;

  it('stand in the headline with what the internet reaches there', () => {
    expect(said('iifname "wan" ip6 daddr 2001:db8:1::10 tcp dport { 25, 3306 } accept')).toBe(
      'Open to the internet: tcp 443. To public addresses behind it: tcp 25,3306.',
    );
    expect(said('iifname "wan" ip6 saddr 2001:db8:9::/48 ip6 daddr 2001:db8:1::10 tcp dport 22 accept')).toBe(
      'Open to the internet: tcp 443. To public addresses behind it: nothing for every source. For some sources only: tcp 22.',
    );
  });

  it.each([
    ['what comes from inside', 'iifname "lan" accept'],
    ["private addresses, to which the internet can't send", 'iifname "wan" ip daddr 10.0.0.9 accept'],
    ['what goes on to the internet', 'iifname "wan" ip daddr 192.0.2.9 accept'],
  ])("aren't counted for %s", (_, rule) => expect(said(rule)).toBe('Open to the internet: tcp 443.'));

  const remarks = (rule: string, facts: readonly string[] = told): readonly string[] =>
    reportOf([RULES, forwarding(rule), ...facts, FORWARDS].join(''))
      .devices[0]!.findings.filter(({ what }) => /behind this one/.test(what))
      .map(({ severity, code, what }) => `${severity} ${code}: ${what}`);

  it("are judged like the gateway's own services", () => {
    expect(remarks('iifname "wan" ip6 daddr 2001:db8:1::10 tcp dport { 443, 3306 } accept')).toEqual([
      'error ports/mysql-public: Any source in the internet reaches MySQL (tcp 3306) at 2001:db8:1::10. It is behind this one, and routed.',
    ]);
    expect(remarks('iifname "wan" accept')).toEqual([
      expect.stringMatching(
        /^error ports\/everything-open: Any source in the internet reaches every TCP port, or nearly every one, at .*2001:db8:1::/,
      ),
    ]);
    expect(remarks('iifname "wan" ip6 saddr 2001:db8:9::/48 ip6 daddr 2001:db8:1::10 tcp dport 3306 accept')).toEqual(
      [],
    );
    expect(remarks('iifname "wan" ip daddr 192.0.2.9 tcp dport 3306 accept')).toEqual([]);
    expect(remarks('iifname "wan" tcp dport 3306 accept', [])).toEqual([]);
  });

  it("aren't reported if it isn't given which networks are behind it", () =>
    expect(said('iifname "wan" tcp dport 25 accept', [])).not.toContain('behind it'));
});

describe('an interface that counts as an uplink by its address alone', () => {
  it('is reported, with the facts that would decide', () => {
    expect(taken(ADDRESSES, ROUTES)).toEqual([
      'the internet may be behind lan, too: no default route leads there, but it has a public address ("ip -6 -o route" tells the routes of IPv6; --interface lan:inside says otherwise)',
    ]);
    expect(taken(ADDRESSES.replace('10.0.0.1/24', '198.51.100.1/24'), ROUTES, ROUTES6, DEFAULT6)).toEqual([
      'the internet may be behind lan, too: no default route leads there, but it has a public address (--interface lan:inside says otherwise)',
    ]);
  });

  it("isn't reported if no route is given, or if a route leads there", () => {
    expect(taken(ADDRESSES)).toEqual([]);
    expect(taken(ADDRESSES, ROUTES, ROUTES6, DEFAULT6.replace('dev wan', 'dev lan'))).toEqual([]);
  });
});

describe('addresses without routes', () => {
  const seen = (rule: string): string =>
    printExposureText(reportOf([RULES, forwarding('iifname "lan" accept'), ADDRESSES, rule].join('')));
  const ASKED =
    'assumed: wan and lan may each be the one to the internet (what "ip -o route" prints tells which; --interface lan:inside';

  it('leave open which interface leads to the internet, which is reported if it matters', () => {
    expect(seen('')).toContain(ASKED);
    expect(seen(ROUTES)).not.toContain('may each be');
  });

  it("aren't reported if all interfaces allow the same", () => {
    const text = reportOf(
      ['table inet t {\n chain input {\n type filter hook input priority 0; policy accept;\n }\n}\n', ADDRESSES].join(
        '',
      ),
    );
    expect(printExposureText(text)).not.toContain('may each be');
    expect(printExposureText(text, { all: true })).toContain(ASKED);
  });
});
