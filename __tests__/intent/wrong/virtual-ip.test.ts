// Tests that wrong virtual IPs (the gateway's own address, another network, an inside interface) are refused, each with
// code, place and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'VIP of the gateway itself',
    (w) => (w.virtualIps[0].address = '203.0.113.2'),
    `intent/public-is-own-address at virtualIps[0] address: 203.0.113.2 is or contains the gateway's own address on eth0: translating it would take away its way to the internet and to its operators.
  instead: Another public address, as a virtual IP.`,
  ],
  [
    'VIP that is a broadcast address',
    (w) => (w.virtualIps[0].address = '203.0.113.15'),
    `intent/network-address at virtualIps[0] address: 203.0.113.15 is the broadcast address of 203.0.113.0/28.
  instead: An address of a host in that network.`,
  ],
  [
    'VIP that is a network address',
    (w) => (w.virtualIps[0].address = '203.0.113.0'),
    `intent/network-address at virtualIps[0] address: 203.0.113.0 is the network address of 203.0.113.0/28.
  instead: An address of a host in that network.`,
  ],
  [
    'VIP of another network',
    (w) => (w.virtualIps[0].address = '203.0.114.10'),
    `intent/not-a-public-prefix at virtualIps[0] address: 203.0.114.10 is in none of the public prefixes and networks of eth0, so no traffic for it arrives there.
  instead: An address of those, or its network among the publicPrefixes of eth0: { prefix, delivery: 'routed' } where the provider sends it there.`,
  ],
  [
    'VIP of another network without given public prefixes',
    (w) => {
      delete w.gateway.interfaces[0].publicPrefixes;
      w.virtualIps[0].address = '203.0.114.10';
      w.virtualIps[0].kind = 'proxy-arp';
    },
    `intent/not-a-public-prefix at virtualIps[0] address: 203.0.114.10 is in none of the public prefixes and networks of eth0, so no traffic for it arrives there.
  instead: An address of those, or its network among the publicPrefixes of eth0: { prefix, delivery: 'routed' } where the provider sends it there.`,
  ],
  [
    'VIP in an inside network',
    (w) => (w.virtualIps[0].address = '10.0.0.7'),
    `intent/public-on-other-interface at virtualIps[0] address: 10.0.0.7 is in a network of the interface eth1, which is inside.
  instead: The public address: one that the provider leads to the gateway. The host's own is the "internal" address of a mapping; publish takes the server itself.`,
  ],
  [
    'VIP on an inside interface',
    (w) => (w.virtualIps[0].interface = 'eth1'),
    `intent/not-an-outside-interface at virtualIps[0] interface: "eth1" is not an outside interface, so no source outside would reach the address.
  instead: One of eth0; or role "outside" for eth1, where the internet arrives by it.`,
  ],
  [
    'VIP on a missing interface',
    (w) => (w.virtualIps[0].interface = 'eth9'),
    `intent/unknown-interface at virtualIps[0] interface: There is no interface "eth9".
  instead: One of eth0, eth1, eth2, tun0.`,
  ],
  [
    'VIP of IPv6',
    (w) => (w.virtualIps[0].address = '2001:db8::7'),
    `intent/ipv6-mapping at virtualIps[0] address: 2001:db8::7 is IPv6, and a virtual IP is for IPv4 only for now.
  instead: The server's own IPv6 address among its addresses: it gets the same profile, without translation.`,
  ],
  [
    'VIP that is multicast',
    (w) => (w.virtualIps[0].address = '224.0.0.5'),
    `intent/unusable-address at virtualIps[0] address: 224.0.0.5 is multicast, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
  ],
  [
    'VIP that is link-local',
    (w) => (w.virtualIps[0].address = '169.254.0.5'),
    `intent/link-local at virtualIps[0] address: 169.254.0.5 is link-local: routers don't forward it.
  instead: An address that is routed.`,
  ],
  [
    'alias of a subnet',
    (w) => {
      w.virtualIps[0].address = '198.51.100.16/29';
      w.mappings = [];
    },
    `intent/kind-needs-one-address at virtualIps[0] address: The kind ip-alias puts one address on the interface, and this is a subnet.
  instead: A virtual IP per address; or kind proxy-arp (on-link) or other (routed) for the whole subnet.`,
  ],
  [
    'mask that is too long for its subnet',
    (w) => {
      w.virtualIps[0] = { name: 'net', interface: 'eth0', address: '198.51.100.16/29', kind: 'other', mask: 30 };
      w.mappings = [];
    },
    `intent/mask-differs at virtualIps[0] mask: A network of length 30 does not hold 198.51.100.16/29.
  instead: The length of the network that the address is in, or no mask.`,
  ],
  [
    'carp without its settings',
    (w) => (w.virtualIps[0].kind = 'carp'),
    `intent/carp-missing at virtualIps[0]: The kind is carp, and "carp" is not set.
  instead: carp: { vhid: 10 } with an id from 1 to 255 that no other device on that network has.`,
  ],
  [
    'carp settings of another kind',
    (w) => (w.virtualIps[0].carp = { vhid: 1 }),
    `intent/carp-without-effect at virtualIps[0] carp: "carp" is set, and the kind is ip-alias.
  instead: kind: 'carp', or no carp.`,
  ],
  [
    'carp vhid 0',
    (w) => {
      w.virtualIps[0].kind = 'carp';
      w.virtualIps[0].carp = { vhid: 0 };
    },
    `intent/not-in-range at virtualIps[0] carp.vhid: 0 is not a whole number from 1 to 255.
  instead: A number from 1 to 255.`,
  ],
  [
    'two of one carp group',
    (w) => {
      w.virtualIps = ['10', '11'].map((n) => ({
        name: `v-${n}`,
        interface: 'eth0',
        address: `203.0.113.${n}`,
        kind: 'carp',
        carp: { vhid: 3 },
      }));
      w.mappings = [];
    },
    `intent/duplicate at virtualIps[1]: There is a carp group "vhid 3 on eth0" already: virtualIps[0].
  instead: Another one, or only one of the two.`,
  ],
  [
    'VIP name twice',
    (w) => w.virtualIps.push({ ...w.virtualIps[0], address: '203.0.113.11' }),
    `intent/duplicate at virtualIps[1]: There is a virtual IP "web" already: virtualIps[0].
  instead: Another one, or only one of the two.`,
  ],
  [
    'VIP address twice',
    (w) => w.virtualIps.push({ ...w.virtualIps[0], name: 'again' }),
    `intent/virtual-ip-overlap at virtualIps[1]: 203.0.113.10 overlaps the virtual IP "web" at virtualIps[0].
  instead: One of them, or addresses that differ.`,
  ],
  [
    'VIP without an interface, and two are outside',
    (w) => {
      w.gateway.interfaces.push({ name: 'eth3', role: 'outside', addresses: ['192.0.2.2/28'] });
      delete w.virtualIps[0].interface;
    },
    `intent/virtual-ip-interface-unset at virtualIps[0] interface: It is not set, and there is more than one outside interface, of which one announces the address.
  instead: interface: one of eth0, eth3.`,
  ],
  [
    'VIP without an interface, and none is outside: only the missing interface is reported',
    (w) => {
      w.gateway.interfaces[0].role = 'inside';
      delete w.gateway.interfaces[0].publicPrefixes;
      delete w.virtualIps[0].interface;
    },
    `intent/no-outside-interface at gateway interfaces: No interface has the role "outside", so there is nothing to map on.
  instead: role: 'outside' for the interface that the internet arrives by.`,
  ],
  [
    'subnet without a kind',
    (w) => {
      w.virtualIps[0].address = '198.51.100.16/29';
      delete w.virtualIps[0].kind;
      w.mappings = [];
    },
    `intent/kind-needs-one-address at virtualIps[0] address: The kind ip-alias puts one address on the interface, and this is a subnet.
  instead: A virtual IP per address; or kind proxy-arp (on-link) or other (routed) for the whole subnet.`,
  ],
  [
    'unknown kind',
    (w) => (w.virtualIps[0].kind = 'alias'),
    `intent/unknown-choice at virtualIps[0] kind: "alias" is not one of the choices.
  instead: "ip-alias" or "carp" or "proxy-arp" or "other".`,
  ],
  [
    'answers without sources',
    (w) => (w.virtualIps[0].answers = ['https']),
    `intent/sources-unset at virtualIps[0] answers[0]: It is not said who may reach "https".
  instead: { service: …, from: 'anywhere' }, or a list of prefixes in place of 'anywhere'.`,
  ],
];

refuses('virtual-ip', WRONG);
