// Tests that wrong fields of a gateway (interfaces, routes, networks, platform) are refused, each with code, place and
// advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'no outside interface',
    (w) => {
      w.gateway.interfaces = w.gateway.interfaces.slice(1);
    },
    `intent/no-outside-interface at gateway interfaces: No interface has the role "outside", so there is nothing to map on.
  instead: role: 'outside' for the interface that the internet arrives by.`,
  ],
  [
    'interface twice',
    (w) => w.gateway.interfaces.push({ name: 'eth1', role: 'inside', addresses: ['10.9.0.1/24'] }),
    `intent/duplicate at gateway interfaces[4]: There is an interface "eth1" already: interfaces[1].
  instead: Another one, or only one of the two.`,
  ],
  [
    'a route to the network of another interface',
    (w) => (w.gateway.interfaces[2].routes = ['10.0.0.0/24']),
    `intent/same-network-twice at gateway interfaces[2]: 10.0.0.0/24 is the network of "eth1" too, so it is not clear where its hosts are.
  instead: The network on one of the two.`,
  ],
  [
    'network on two interfaces',
    (w) => w.gateway.interfaces.push({ name: 'eth3', role: 'inside', addresses: ['10.0.0.2/24'] }),
    `intent/same-network-twice at gateway interfaces[4]: 10.0.0.0/24 is the network of "eth1" too, so it is not clear where its hosts are.
  instead: The network on one of the two.`,
  ],
  [
    'interfaces as text, with mistakes',
    (w) =>
      w.gateway.interfaces.push(
        'eth3 inside 10.3.0.1/24',
        'eth4: lan 10.4.0.1/24',
        'eth5: inside 10.5.0.1 10.5.0.0/24',
        'eth6: inside',
      ),
    `intent/wrong-type at gateway interfaces[4]: This is the text "eth3 inside 10.3.0.1/24".
  instead: An interface: { name, role, addresses }, or "wan: outside 203.0.113.2/28".`,
    `intent/unknown-choice at gateway interfaces[5].role: "lan" is not one of the choices.
  instead: "outside" or "inside" or "dmz" or "vpn".`,
    `intent/bad-address at gateway interfaces[6].addresses[0]: "10.5.0.1" is not an address with its length.
  instead: An address with the length of its network: 203.0.113.2/28.`,
    `intent/network-address at gateway interfaces[6].addresses[1]: 10.5.0.0/24 is the network address of 10.5.0.0/24.
  instead: An address of a host in that network.`,
    `intent/wrong-type at gateway interfaces[7]: This is the text "eth6: inside".
  instead: An interface: { name, role, addresses }, or "wan: outside 203.0.113.2/28".`,
  ],
  [
    'interface address without length',
    (w) => (w.gateway.interfaces[1].addresses = ['10.0.0.1']),
    `intent/bad-address at gateway interfaces[1].addresses[0]: "10.0.0.1" is not an address with its length.
  instead: An address with the length of its network: 203.0.113.2/28.`,
  ],
  [
    'interface address that is the network',
    (w) => (w.gateway.interfaces[1].addresses = ['10.0.0.0/24']),
    `intent/network-address at gateway interfaces[1].addresses[0]: 10.0.0.0/24 is the network address of 10.0.0.0/24.
  instead: An address of a host in that network.`,
  ],
  [
    'interface without addresses',
    (w) => (w.gateway.interfaces[1].addresses = []),
    `intent/empty-list at gateway interfaces[1].addresses: The list is empty. That could mean nothing or everything.
  instead: At least one address.`,
  ],
  [
    'loopback as an interface',
    (w) => (w.gateway.interfaces[3].name = 'lo'),
    `intent/bad-interface-name at gateway interfaces[3].name: "lo" is not the name of a network interface that traffic arrives by.
  instead: Its name on the device, such as eth0 or wan: letters, numbers and . _ / : -, at most 63 of them; not lo.`,
  ],
  [
    'default route on an inside interface',
    (w) => (w.gateway.interfaces[1].routes = ['0.0.0.0/0']),
    `intent/everything-as-prefix at gateway interfaces[1].routes[0]: 0.0.0.0/0 is every address, which must not be said by a prefix.
  instead: The networks themselves: what no other interface has is behind the outside ones anyway.`,
  ],
  [
    'public prefix on an inside interface',
    (w) => (w.gateway.interfaces[1].publicPrefixes = [{ prefix: '198.51.100.0/28', delivery: 'routed' }]),
    `intent/public-prefix-not-outside at gateway interfaces[1].publicPrefixes: Public prefixes arrive by outside interfaces, and this one has the role "inside".
  instead: publicPrefixes on the outside interface; here routes, where the network is behind it.`,
  ],
  [
    'unknown platform',
    (w) => (w.gateway.platform = 'netfilter'),
    `intent/unknown-platform at gateway platform: There is no platform "netfilter" for a gateway.
  instead: One of nftables, pfsense.`,
  ],
  [
    'another program with a similar name',
    (w) => (w.gateway.platform = 'OPNsense'),
    `intent/unknown-platform at gateway platform: There is no platform "OPNsense" for a gateway.
  instead: One of nftables, pfsense.`,
  ],
  [
    'a platform by its own spelling',
    (w) => (w.gateway.platform = 'NFTables'),
    `intent/unknown-platform at gateway platform: There is no platform "NFTables" for a gateway.
  instead: "nftables", if that was meant. One of nftables, pfsense.`,
  ],
  [
    'a field of connections, and a mistyped one of the construct',
    (w) => Object.assign(w.gateway, { rollbackSeconds: 60, conection: {} }),
    `intent/unknown-key at gateway: There is no "rollbackSeconds" here, so it would have no effect.
  instead: It belongs in connection: { rollbackSeconds: … }. Here there are device, owner, platform, version, establishedSessions, healthChecks, adopt, interfaces, sourceSets, capturedConfig, connection, releaseResource.`,
    `intent/unknown-key at gateway: There is no "conection" here, so it would have no effect.
  instead: connection, if that was meant.`,
  ],
  [
    'bad version',
    (w) => (w.gateway.version = 'latest'),
    `intent/bad-version at gateway version: "latest" is not a version: two numbers or more with dots between them, and a suffix at most.
  instead: The version of the platform, such as "1.0.6".`,
  ],
  [
    'a version of one number, of which a delivery compares two',
    (w) => (w.gateway.version = '1'),
    `intent/bad-version at gateway version: "1" is not a version: two numbers or more with dots between them, and a suffix at most.
  instead: The version of the platform, such as "1.0.6".`,
  ],
  [
    'a version with the words printed around it',
    (w) => {
      w.gateway.version = 'nftables v1.0.6 (Lester Gooch #5)';
      w.servers[0].server.version = 'v1.8.10';
    },
    `intent/bad-version at gateway version: "nftables v1.0.6 (Lester Gooch #5)" is not a version: two numbers or more with dots between them, and a suffix at most.
  instead: "1.0.6".`,
    `intent/bad-version at servers[0] version: "v1.8.10" is not a version: two numbers or more with dots between them, and a suffix at most.
  instead: "1.8.10".`,
  ],
  [
    'bad owner and device',
    (w) => {
      w.gateway.owner = 'Team A';
      w.gateway.device = 'edge_1';
    },
    `intent/bad-name at gateway device: "edge_1" is not a name: names are 1 to 63 of a-z, 0-9 and "-", and start with a letter.
  instead: "edge-1", for example.`,
    `intent/bad-name at gateway owner: "Team A" is not a name: names are 1 to 63 of a-z, 0-9 and "-", and start with a letter.
  instead: "team-a", for example.`,
  ],
  [
    'bad owner token',
    (w) => (w.gateway.adopt = 'a b'),
    `intent/bad-lease at gateway adopt: This is not an owner token.
  instead: The owner token as the refusal or "cpanel-edge verify" prints it: letters, numbers and "-".`,
  ],
  [
    'health check from a network, to another family',
    (w) =>
      (w.gateway.healthChecks = [
        { from: '192.0.2.0/24', to: '203.0.113.10', port: 22 },
        { from: '2001:db8::1', to: '203.0.113.10', port: 0 },
        { from: '2001:db8::1', to: '203.0.113.10', port: 22 },
      ]),
    `intent/bad-address at gateway healthChecks[0].from: "192.0.2.0/24" is not an address.
  instead: An address: 203.0.113.10 or 2001:db8::10.`,
    `intent/not-in-range at gateway healthChecks[1].port: 0 is not a whole number from 1 to 65535.
  instead: A number from 1 to 65535.`,
    `intent/families-differ at gateway healthChecks[2]: One address is IPv4 and the other IPv6.
  instead: Both of one family.`,
  ],
  [
    'health check that could arrive by two interfaces',
    (w) => {
      w.gateway.interfaces[3].role = 'outside';
      w.gateway.healthChecks = [{ from: '192.0.2.1', to: '203.0.113.10', port: 22 }];
    },
    `intent/witness-interface-unset at gateway healthChecks[0]: There is more than one interface by which it could arrive.
  instead: interface: the name of the interface.`,
  ],
];

refuses('gateway-device', WRONG);
