// Tests which addresses count as a device's own, and which routes lead to the internet, by output of `ip`: loopback,
// networks, local routes, several hops; and what follows for packets to them.

import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { splitFacts } from '../../lib/exposure/facts/device-facts';
import { reportOf } from './report-on-file';

const RULES = `table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    ip daddr 198.51.100.40 drop
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
  }
}
`;
const on = (name: string, address: string): string =>
  `1: ${name}    inet${address.includes(':') ? '6' : ''} ${address} scope global ${name}\n`;
const TOLD = `${on('lo', '127.0.0.1/8')}${on('lo', '::1/128')}${on('eth0', '198.51.100.40/24')}default via 198.51.100.1 dev eth0\nnet.ipv4.ip_forward = 0\n`;

/** Returns the addresses that the internet reaches on port 25. */
function reached(...facts: readonly string[]): readonly (readonly string[])[] {
  const { sections } = reportOf(RULES + TOLD + facts.join(''), { port: ['25'], start: ['outside'] }).devices[0]!;
  return sections.flatMap(({ entries }) => entries.map(({ destinations }) => destinations));
}

describe('an address of the loopback interface', () => {
  it('is reachable by every other interface', () => {
    expect(reached()).toEqual([]);
    expect(reached(on('lo', '203.0.113.10/32'))).toEqual([['203.0.113.10']]);
    expect(reached(on('lo', '2001:db8::10/128'))).toEqual([['2001:db8::10']]);
  });

  // Source: fib_add_ifaddr in net/ipv4/fib_frontend.c; observed on 6.18. For IPv6 it is the single address.
  it('stands for its whole network, for IPv4', () => {
    expect(reached(on('lo', '203.0.113.9/30'))).toEqual([['203.0.113.8/30']]);
    expect(reached(on('lo', '2001:db8::10/64'))).toEqual([['2001:db8::10']]);
  });

  it('in a network that is too large leaves the addresses unknown', () => {
    expect(splitFacts(on('lo', '203.0.113.1/16')).facts.addresses).toBe(false);
    expect(reached(on('lo', '203.0.113.1/16')).length).toBeGreaterThan(0);
  });

  // Observed on 6.18: packets to such a route's addresses go through input. As `ip -o route show table all` of iproute2
  // 6.1 prints them.
  it('may be given by a local route alone', () => {
    expect(reached('local 203.0.113.8/30 dev lo table local scope host \n')).toEqual([['203.0.113.8/30']]);
    expect(reached('local 2001:db8::8/126 dev lo table local metric 1024 pref medium\n')).toEqual([
      ['2001:db8::8/126'],
    ]);
    for (const uncounted of ['203.0.0.0/16', '203.0.113.8/99'])
      expect(splitFacts(`local ${uncounted} dev lo \n${TOLD}`).facts.addresses).toBe(false);
  });

  it("doesn't count if an interface has it", () => {
    const local = (address: string, name: string): string =>
      `local ${address} dev ${name} table local proto kernel scope host src ${address}\n`;
    expect(
      splitFacts(TOLD + local('198.51.100.40', 'eth0') + local('127.0.0.1', 'lo')).facts.loopbackAddresses,
    ).toEqual([]);
  });

  it('is listed among the known facts', () =>
    expect(reportOf(RULES + TOLD + on('lo', '203.0.113.10/32')).devices[0]!.knownFacts[0]).toBe(
      'eth0 has 198.51.100.40/24; lo has 203.0.113.10',
    ));
});

describe('an interface without a usable address', () => {
  const rules = RULES.replace('ip daddr 198.51.100.40 drop', 'iifname "eth0" drop');
  const by = (told: string): readonly string[] =>
    reportOf(rules + TOLD + told, { port: ['25'] }).devices[0]!.sections.flatMap(({ entries }) =>
      entries.flatMap(({ startLocations }) => startLocations),
    );
  const own = (name: string): string =>
    `2: ${name}    inet6 fe80::1/64 scope link proto kernel_ll \\       valid_lft forever preferred_lft forever\n`;
  const link = (name: string, flags: string): string =>
    `2: ${name}: <${flags}> mtu 1500 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/ether 02:00:00:00:00:01\n`;

  // Linux accepts packets to its other addresses there; observed on 6.18.
  it.each([
    ['has a link-local one', own('eth5')],
    ['has none', link('eth5', 'BROADCAST,MULTICAST,UP,LOWER_UP')],
  ])('receives packets if it %s', (_, told) => expect(by(told)).toEqual(['inside by eth5']));

  it.each([
    [
      'leads to a container by a bridge',
      own('veth1234567@if5') + link('veth1234567@if5', 'BROADCAST,MULTICAST,UP,LOWER_UP'),
    ],
    ['is a port', link('eth5', 'BROADCAST,MULTICAST,UP,LOWER_UP').replace('qdisc', 'master br0 qdisc')],
    ['is down', link('eth5', 'BROADCAST,MULTICAST')],
  ])('receives none if it %s', (_, told) => expect(by(told)).toEqual([]));
});

it("an interface that rules name and that doesn't exist now is reported", () => {
  const named = (...names: readonly string[]): readonly string[] => {
    const text = names.reduce(
      (rules, name) => rules.replace('ip daddr', `iifname "${name}" accept\n    ip daddr`),
      RULES,
    );
    return reportOf(text + TOLD).devices[0]!.assumptions;
  };
  expect(named('eth0', 'docker0')).toEqual([]);
  expect(named('tun0')).toEqual([
    'tun0 is none by which packets come now, by what was told: what rules let in there is not shown',
  ]);
  expect(named('wg*', 'eth*', 'ppp0')).toEqual([
    'ppp0 and wg* are none by which packets come now, by what was told: what rules let in there is not shown',
  ]);
});

describe('addresses given by the user', () => {
  const SIX =
    'table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n  ip6 nexthdr tcp tcp dport 3306 accept\n }\n}\n';
  const asked = (listed: string) =>
    reportOf(SIX, { port: ['3306'], start: ['outside'] }, parseInterfaceOption(listed)!);

  it('of one family leave those of the other unknown', () => {
    const { headline, devices } = asked('eth0=198.51.100.40/24:outside');
    expect(headline).toContain('YES, tcp 3306 from any address in the internet by IPv6');
    expect(devices[0]!.assumptions).toContain(
      '"this server" stands for every address that it has: those of IPv6 were not told',
    );
  });

  it('of both families are all addresses of the device', () => {
    const { devices } = asked('eth0=198.51.100.40/24,2001:db8::40/64:outside');
    expect(devices[0]!.sections[0]!.entries.map(({ destinations }) => destinations)).toEqual([['2001:db8::40']]);
  });
});

describe('routes', () => {
  const BOTH = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname "eth1" tcp dport 3306 accept
  }
}
${on('eth0', '192.168.1.50/24')}${on('eth1', '192.168.2.50/24')}net.ipv4.ip_forward = 0
`;
  const headline = (routes: string) => reportOf(BOTH + routes, { port: ['3306'], start: ['outside'] }).headline;

  // The formats of ip of iproute2 6.1, with -o and without it.
  it.each([
    [
      'in a line',
      'default \\\tnexthop via 192.168.1.1 dev eth0 weight 1 \\\tnexthop via 192.168.2.1 dev eth1 weight 1 \n',
    ],
    [
      'below each other',
      'default \n\tnexthop via 192.168.1.1 dev eth0 weight 1 \n\tnexthop via 192.168.2.1 dev eth1 weight 1 \n',
    ],
    [
      'to a group',
      'default nhid 9 \n\tnh_info id 9 group 7/8 \n\tnexthop via 192.168.1.1 dev eth0 weight 1 \n\tnexthop via 192.168.2.1 dev eth1 \n',
    ],
  ])('with several next hops lead to the internet by each of them: %s', (_, routes) => {
    expect(headline(routes)).toContain('YES, tcp 3306 from any address by eth1');
  });

  // OpenVPN's redirect-gateway def1, and its usual form for IPv6.
  it.each([
    '0.0.0.0/1 via 192.168.2.1 dev eth1',
    '128.0.0.0/1 via 192.168.2.1 dev eth1',
    '2000::/3 via fe80::1 dev eth1 metric 1024',
  ])('that cover all addresses in parts lead to the internet: %s', (part) =>
    expect(headline(`default via 192.168.1.1 dev eth0\n${part}\n`)).toContain('YES, tcp 3306 from any address by eth1'),
  );

  it.each(['224.0.0.0/4 dev eth1 scope link', '10.0.0.0/8 via 192.168.2.1 dev eth1', 'fc00::/7 dev eth1'])(
    "to multicast and private networks don't lead to the internet: %s",
    (inner) => expect(headline(`default via 192.168.1.1 dev eth0\n${inner}\n`)).not.toContain('YES, tcp 3306'),
  );

  it('by one interface lead to the internet by no other', () =>
    expect(
      headline('default via 192.168.1.1 dev eth0\n192.168.2.0/24 dev eth1 proto kernel scope link \n'),
    ).not.toContain('YES, tcp 3306'));

  it('of type unreachable or the like are ignored', () => {
    const nowhere =
      'blackhole 10.42.0.0/26 proto bird \nunreachable default metric 5 \nprohibit 10.44.0.0/26\nthrow 10.45.0.0/26 \n';
    expect(headline(`${nowhere}default via 192.168.2.1 dev eth1\n`)).toContain('YES, tcp 3306');
  });
});

it("a gateway with given addresses doesn't count forwarded packets as sent to itself", () => {
  const gateway =
    `${RULES}${TOLD.replace('ip_forward = 0', 'ip_forward = 1')}${on('lan0', '10.0.0.1/24')}10.0.0.0/24 dev lan0\n`.replace(
      'policy accept',
      'policy drop',
    );
  expect(reportOf(gateway, { service: ['mysql'], start: ['outside'] }).devices[0]!.deniedReasons).toEqual([
    '198.51.100.7 port 40000 to 10.0.0.1 tcp 3306 from the internet by eth0: chain input of table inet filter has policy drop, line 3',
    '198.51.100.7 port 40000 to 203.0.113.10 tcp 3306 from the internet by eth0: chain forward of table inet filter has policy drop, line 7',
  ]);
});
