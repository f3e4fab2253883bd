// Tests which interface has the only default route of a device, by the output of `ip route`, and that a server with
// several interfaces is verified by it: replies leave there.

import { createLiveDevice } from '../../driver/live-device';
import { findDefaultRoutes } from '../../driver/live-routes';
import { parseAddress } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { nftables } from '../../lib/platforms/nftables';
import { verifyDevice } from '../../lib/verifier/verify-device';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { compiled } from '../support';

const BY_ETH0 = 'default via 2001:db8:0:1::1 dev eth0 metric 1024 pref medium';

it.each<[string, string, object]>([
  ['one of each family', `default via 10.0.0.1 dev eth0 \n${BY_ETH0}`, { ip: 'eth0', ip6: 'eth0' }],
  [
    'each by another interface',
    `default via 10.9.0.1 dev mgmt0 proto static\n${BY_ETH0}`,
    { ip: 'mgmt0', ip6: 'eth0' },
  ],
  ['IPv4 by an IPv6 next hop', 'default via inet6 fe80::1 dev eth0', { ip: 'eth0', ip6: 'eth0' }],
  ['without a next hop', `default dev ppp0 scope link\n${BY_ETH0}`, { ip: 'ppp0' }],
  ['a second one with a higher metric', `${BY_ETH0}\ndefault via 2001:db8:0:2::1 dev eth1 metric 2048 pref medium`, {}],
  [
    'over two interfaces',
    'default proto static \\\tnexthop via 10.0.0.1 dev eth0 weight 1 \\\tnexthop via 10.1.0.1 dev eth1 weight 1',
    {},
  ],
  [
    'another table has one by another interface',
    `${BY_ETH0}\ndefault via 2001:db8:0:2::1 dev eth1 table 7 metric 1024 pref medium`,
    {},
  ],
  ['another table has the same', `${BY_ETH0}\n${BY_ETH0} table 7`, { ip6: 'eth0' }],
  ['another table alone has one', 'default via 10.0.0.1 dev eth0 table 7', {}],
  ['none', '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.10', {}],
])('%s', (_, routes, found) => {
  expect(findDefaultRoutes(routes)).toEqual(found);
});

const policy = compiled(
  {
    servers: [
      {
        device: 'web1',
        interfaces: [
          { name: 'eth0', addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'] },
          { name: 'mgmt0', addresses: ['10.9.0.10/24'] },
        ],
        trustedNetworks: 'none',
        profile: {
          name: 'web',
          services: ['https'],
          sources: 'anywhere',
          management: { from: ['2001:db8:aaaa::/64'], port: 22 },
        },
      },
    ],
  },
  'nftables',
).policies[0]!;

/** firewalld's rules against forged IPv6 sources. */
const RULES = `table inet t {
	chain first { type filter hook prerouting priority filter + 10; policy accept;
		meta nfproto ipv6 fib saddr . mark . iif oif missing drop
	}
}`;

function device(routes: string, addresses: readonly string[] = []): Device {
  const held = [
    '2: eth0    inet 10.0.0.10/24',
    '2: eth0    inet6 2001:db8:0:1::10/64',
    '3: mgmt0    inet 10.9.0.10/24',
    ...addresses,
  ];
  const links = '2: eth0: <UP>\n3: mgmt0: <UP>';
  const forwarding = { ip: false, ip6: false };
  return createLiveDevice(policy, {
    addresses: held.join('\n'),
    links,
    routes,
    forwarding,
    legacyTables: [],
    version: 'nftables v1.0.6',
  });
}

/** Returns the outcome of an HTTPS connection by IPv6, by either interface. */
function passes(live: Device): readonly string[] {
  const { reachability, explain } = nftables.parser.read(RULES, live);
  const [source, destination] = ['2001:db8:aaaa::7', '2001:db8:0:1::10'].map((one) => parseAddress(one)!) as [
    never,
    never,
  ];
  const packet = { source, destination, protocol: 6, sourcePort: 40_000, port: 443 };
  return ['eth0', 'mgmt0'].map((name) => {
    const dispositions = reachability.views
      .filter(({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === name)
      .map(({ startLocation, dispositions }) => {
        const verdict = dispositions.findValue(packet)?.is ?? 'denied';
        expect(explain(startLocation, packet).disposition).toBe(verdict);
        return verdict;
      });
    return [...new Set(dispositions)].join(', ');
  });
}

const CONNECTED = '2001:db8:0:1::/64 dev eth0 proto kernel metric 256 pref medium';
const TOLD = device(`${CONNECTED}\n${BY_ETH0}`);

it('replies leave by the only default route, whichever interfaces are outside', () => {
  expect(passes(TOLD)).toEqual(['allowed', 'denied']);
  expect(passes(device(CONNECTED))).toEqual(['unknown', 'unknown']);
});

it.each<[string, Device]>([
  [
    'a route that the intent doesn’t name',
    device(`${CONNECTED}\n${BY_ETH0}\n2001:db8:aaaa::/48 via fe80::9 dev eth0 metric 1024 pref medium`),
  ],
  ['an address at the other one', device(`${CONNECTED}\n${BY_ETH0}`, ['3: mgmt0    inet6 2001:db8:0:9::10/64'])],
  ['a route by the other one', device(`${CONNECTED}\n${BY_ETH0}\n2001:db8:0:9::/64 dev mgmt0 metric 256 pref medium`)],
  [
    'another default route',
    device(`${CONNECTED}\n${BY_ETH0}\ndefault via fe80::9 dev mgmt0 table 7 metric 1024 pref medium`),
  ],
])('%s: unknown', (_, live) => {
  expect(passes(live)).toEqual(['unknown', 'unknown']);
});

it("an inbound interface without addresses of the family isn't needed", () => {
  const text = `${verifyPolicy(policy).generated.text}\n${RULES}`;
  const { refusals, narrower } = verifyDevice(policy, text, TOLD, []);
  expect([refusals, narrower]).toEqual([[], undefined]);
  expect(verifyDevice(policy, text, device(CONNECTED), []).refusals.join('\n')).toContain(
    'the way in would be lost: from the internet by eth0',
  );
});
