// Tests which differences between a device's facts (addresses, interfaces, routes, version) and its policy are
// reported, and for which device its rules are then evaluated.

import { LiveFacts } from '../../driver/verification';
import { compareFacts, createLiveDevice } from '../../driver/live-device';
import { printAddress, printPrefix } from '../../lib/net/address';
import { verifyDevice } from '../../lib/verifier/verify-device';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { EDGE } from '../cases/edge';
import { caseWish, compiled } from '../support';

const policy = compiled(
  { gateway: { ...EDGE, virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }] } },
  'nftables',
).policies[0]!;

const facts = (changed: Partial<LiveFacts> = {}): LiveFacts => ({
  addresses: [
    '1: lo    inet 127.0.0.1/8 scope host lo',
    '2: wan0    inet 203.0.113.2/24 brd 203.0.113.255 scope global wan0',
    '3: lan0@if7    inet 10.0.0.1/24 scope global lan0',
    '3: lan0@if7    inet6 fe80::1/64 scope link',
  ].join('\n'),
  links: '1: lo: <UP>\n2: wan0: <UP>\n3: lan0@if7: <UP>',
  routes:
    'default via 203.0.113.254 dev wan0\n10.0.0.0/24 dev lan0 proto kernel scope link src 10.0.0.1\nfe80::/64 dev lan0 metric 256',
  forwarding: { ip: true, ip6: false },
  legacyTables: [],
  version: 'nftables v1.0.6 (Lester Gooch #5)',
  ...changed,
});

it('a device as in the intent has no difference', () => {
  expect(compareFacts(policy, facts(), [])).toEqual({ refusals: [], reports: [] });
});

it.each<[string, Partial<LiveFacts>, string]>([
  [
    'another series',
    { version: 'nftables v1.1.3 (Commodore Bullmoose #4)' },
    'the device runs version 1.1.3, and the intent says 1.0.6.',
  ],
  ['no version', { version: '' }, 'the device does not say which version it runs.'],
  ['no forwarding', { forwarding: { ip: false, ip6: true } }, 'the device does not forward IPv4.'],
  ['an interface less', { links: '1: lo: <UP>\n2: wan0: <UP>' }, 'the device has no interface lan0.'],
  [
    'another address',
    { addresses: '2: wan0    inet 203.0.113.3/24\n3: lan0    inet 10.0.0.1/24' },
    'interface wan0 of the device does not have 203.0.113.2/24.',
  ],
  [
    'another length',
    { addresses: '2: wan0    inet 203.0.113.2/25\n3: lan0    inet 10.0.0.1/24' },
    '203.0.113.2 on wan0 has length 25 on the device, and 24 in the intent.',
  ],
])('%s is refused', (_, changed, refusal) => {
  expect(compareFacts(policy, facts(changed), []).refusals).toEqual([refusal]);
});

it('reports a system update and an additional address', () => {
  const more = facts({
    version: 'nftables v1.0.9',
    addresses: `${facts().addresses}\n4: docker0    inet 172.17.0.1/16`,
  });
  expect(compareFacts(policy, more, [])).toEqual({
    refusals: [],
    reports: [
      'the device runs version 1.0.9; the intent says 1.0.6',
      'the device also has interface docker0, which the intent does not name: no host from outside is behind it',
      'the device also has 172.17.0.1 on docker0, which the intent does not name',
    ],
  });
});

it("addresses of loopback are the device's own, and those of every machine are ignored", () => {
  const more = facts({
    addresses: `${facts().addresses}\n1: lo    inet 192.0.2.7/32 scope global lo\n1: lo    inet6 ::1/128 scope host`,
  });
  expect(createLiveDevice(policy, more).localAddresses.map(printAddress)).toEqual(['192.0.2.7']);
  expect(compareFacts(policy, more, [])).toEqual({
    refusals: [],
    reports: ['the device also has 192.0.2.7 on lo, which the intent does not name'],
  });
});

it("a server named by its address may have it in any network; a gateway's network is part of its policy", () => {
  const alone = (kind: 'server' | 'gateway'): readonly string[] => {
    const of = compiled(caseWish('guide/mail-server'), 'nftables').policies.find((one) => one.kind === kind)!;
    const [first, ...others] = of.interfaces;
    const [address] = first!.addresses;
    const named = { ...of, interfaces: [{ ...first!, addresses: [{ ...address!, length: 32 }] }, ...others] };
    const held = of.interfaces.flatMap(({ name, addresses }) => addresses.map((one) => ({ name, ...one })));
    const said = facts({
      addresses: held
        .map((one) => `2: ${one.name}    inet ${printAddress(one.address)}/${one.length} scope global`)
        .join('\n'),
      links: held.map(({ name }) => `2: ${name}: <UP>`).join('\n'),
    });
    return compareFacts(named, said, []).refusals;
  };
  expect(alone('server')).toEqual([]);
  expect(alone('gateway')).toEqual([expect.stringMatching(/has length \d+ on the device, and 32 in the intent\.$/)]);
});

it('any additional address of the device is local to it', () => {
  const live = createLiveDevice(policy, facts({ addresses: `${facts().addresses}\n2: wan0    inet 203.0.113.10/24` }));
  expect(live.localAddresses.map(printAddress)).toEqual(['203.0.113.10']);
});

describe('interfaces that the intent does not name', () => {
  const server = compiled(caseWish('guide/mail-server'), 'nftables').policies.find(({ kind }) => kind === 'server')!;
  const eth0 = server.interfaces[0]!;
  const held = [...eth0.addresses, ...server.interfaces.slice(1).flatMap(({ addresses }) => addresses)];
  const busy = facts({
    addresses: `${held.map(({ address, length }) => `2: eth0    inet ${printAddress(address)}/${length} scope global eth0`).join('\n')}
3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
4: wg0    inet 10.7.0.1/24 scope global wg0
9: eth2    inet 192.0.2.66/24 scope global eth2`,
    links: `1: lo: <LOOPBACK,UP> mtu 65536
2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500
3: docker0: <BROADCAST,UP> mtu 1500
4: wg0: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1420
5: veth1@if4: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master docker0 state UP
6: tun9: <POINTOPOINT,UP> mtu 1500
7: sit0@NONE: <NOARP> mtu 1480
8: eth1: <BROADCAST,UP,LOWER_UP> mtu 1500
9: eth2: <BROADCAST,UP,LOWER_UP> mtu 1500`,
    routes: `default via 10.0.0.1 dev eth0
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1
10.8.0.0/16 via 10.7.0.2 dev wg0
default dev eth1 table 51820
blackhole 10.9.0.0/16
10.10.0.0/16 proto static \\\tnexthop via 10.7.0.3 dev wg0 weight 1 \\\tnexthop dev tun9 weight 1
192.0.2.77 dev tun9`,
  });

  it('are known with their networks and the routes through them', () => {
    const { interfaces, localAddresses } = createLiveDevice(server, busy);
    const added = interfaces.filter(({ name }) => !server.interfaces.some((one) => one.name === name));
    expect(
      added.map(({ name, role, addresses, routes }) => [
        name,
        role,
        addresses.length,
        routes.map(printPrefix).join(' '),
      ]),
    ).toEqual([
      ['docker0', 'inside', 1, '172.17.0.0/16'],
      ['wg0', 'inside', 1, '10.8.0.0/16 10.10.0.0/16'],
      ['tun9', 'inside', 0, '10.10.0.0/16 192.0.2.77'],
      ['eth1', 'outside', 0, ''],
      ['eth2', 'outside', 1, ''],
    ]);
    expect(localAddresses).toEqual([]);
  });

  it('are outside on a gateway if they are a second uplink, so that their networks have to be closed', () => {
    const gateway = compiled(caseWish('guide/mail-server'), 'nftables').policies.find(
      ({ kind }) => kind === 'gateway',
    )!;
    const { generated } = verifyPolicy(gateway);
    const more = (line: string): readonly string[] => {
      const changed = {
        addresses: `${facts().addresses}\n4: x0    inet ${line}`,
        links: `${facts().links}\n4: x0: <UP>`,
      };
      return verifyDevice(
        gateway,
        generated.text.split('\n').slice(2).join('\n'),
        createLiveDevice(gateway, facts(changed)),
        [],
      ).refusals;
    };
    expect(more('172.17.0.1/16')).toEqual([]);
    expect(more('198.51.100.2/24').join('\n')).toMatch(/by x0.* would pass, and nothing asks for it/);
  });

  it('may be reached from outside: a port that a container publishes is refused', () => {
    const published = `table ip nat {
chain p {
type nat hook prerouting priority dstnat; policy accept;
tcp dport 8080 dnat to 172.17.0.2:80
}
chain f {
type filter hook forward priority filter; policy drop;
oifname "docker0" accept
}
}
`;
    const ownText = verifyPolicy(server).generated.text.split('\n').slice(2).join('\n');
    const live = createLiveDevice(server, { ...busy, routes: busy.routes.replace(/^default dev eth1.*$/m, '') });
    expect(verifyDevice(server, ownText, live, []).refusals).toEqual([]);
    expect(verifyDevice(server, ownText + published, live, []).refusals.join('\n')).toMatch(
      /by eth0: .*tcp 8080 .*nothing asks for it/,
    );
  });
});
