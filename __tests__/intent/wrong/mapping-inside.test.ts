// Tests that wrong internal addresses of 1:1 NAT mappings are refused, each with code, place and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'same inside twice',
    (w) => w.mappings.push({ name: 'again', external: '198.51.100.18', internal: '10.0.0.10' }),
    `intent/inside-twice at mappings[1]: 10.0.0.10 is the internal address of "web" too (mappings[0]), for peers that both are for: it is not clear as what it leaves.
  instead: "destination" on both with peers that differ, or inboundOnly: true on all but one.`,
  ],
  [
    'same inside for peers that overlap',
    (w) => {
      w.mappings[0].destination = ['office'];
      w.mappings.push({
        name: 'again',
        external: '198.51.100.18',
        internal: '10.0.0.10',
        destination: ['192.0.2.128/25'],
      });
    },
    `intent/inside-twice at mappings[1]: 10.0.0.10 is the internal address of "web" too (mappings[0]), for peers that both are for: it is not clear as what it leaves.
  instead: "destination" on both with peers that differ, or inboundOnly: true on all but one.`,
  ],
  [
    'inside is an outside',
    (w) => {
      w.gateway.interfaces[1].routes = ['203.0.113.10'];
      w.mappings.push({ name: 'again', external: '198.51.100.18', internal: '203.0.113.10' });
    },
    `intent/inside-is-outside at mappings[1]: 203.0.113.10 is the internal address of one mapping and the external one of another (web).
  instead: The private address of the host as its internal address.`,
  ],
  [
    'inside behind nothing',
    (w) => (w.mappings[0].internal = '172.16.0.1'),
    `intent/inside-not-behind at mappings[0] internal: 172.16.0.1 is behind none of the inside interfaces, so the gateway would send it outside.
  instead: An address in a network of an inside, dmz or vpn interface; or its network among the routes of one.`,
  ],
  [
    'inside behind outside',
    (w) => (w.mappings[0].internal = '203.0.113.5'),
    `intent/inside-not-behind at mappings[0] internal: 203.0.113.5 is behind eth0, which is an outside interface.
  instead: An address in a network of an inside, dmz or vpn interface; or its network among the routes of one.`,
  ],
  [
    'inside is the gateway',
    (w) => (w.mappings[0].internal = '10.0.0.1'),
    `intent/inside-is-gateway at mappings[0] internal: 10.0.0.1 is or contains the gateway's own address on eth1, so the mapping would open the gateway itself.
  instead: The address of the server.`,
  ],
  [
    'inside is a network address',
    (w) => (w.mappings[0].internal = '10.0.0.0'),
    `intent/network-address at mappings[0] internal: 10.0.0.0 is the network address of 10.0.0.0/24.
  instead: An address of a host in that network.`,
  ],
  [
    'inside is a broadcast address',
    (w) => (w.mappings[0].internal = '10.0.0.255'),
    `intent/network-address at mappings[0] internal: 10.0.0.255 is the broadcast address of 10.0.0.0/24.
  instead: An address of a host in that network.`,
  ],
  [
    'inside of IPv6',
    (w) => (w.mappings[0].internal = '2001:db8::10'),
    `intent/ipv6-mapping at mappings[0] internal: 2001:db8::10 is IPv6, and a mapping is for IPv4 only for now.
  instead: The server's own IPv6 address among its addresses: it gets the same profile, without translation.`,
  ],
  [
    'several servers inside',
    (w) => (w.mappings[0].internal = [{ server: 'web-1' }]),
    `intent/wrong-type at mappings[0] internal: This is a list.
  instead: An address, or a server: a mapping has one.`,
  ],
  [
    'inside is loopback',
    (w) => (w.mappings[0].internal = '127.0.0.1'),
    `intent/unusable-address at mappings[0] internal: 127.0.0.1 is loopback, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
  ],
  [
    'unknown server',
    (w) => (w.mappings[0].internal = { server: 'web-2' }),
    `intent/unknown-server at mappings[0] internal.server: There is no server "web-2".
  instead: One of web-1.`,
  ],
  [
    'server with two addresses',
    (w) => w.servers[0].server.addresses.push('10.0.0.11/24'),
    `intent/server-address-unset at mappings[0] internal: "web-1" has 2 IPv4 addresses.
  instead: { server, address: "10.0.0.10" } in place of the server, or another of 10.0.0.10, 10.0.0.11.`,
  ],
  [
    'not an address of the server',
    (w) => (w.mappings[0].internal.address = '10.0.0.99'),
    `intent/not-an-address-of-server at mappings[0] internal.address: 10.0.0.99 is not among the addresses of "web-1".
  instead: One of its addresses, or this one among its addresses.`,
  ],
  [
    'mapping name twice',
    (w) => w.mappings.push({ name: 'web', external: '198.51.100.18', internal: '10.0.2.100' }),
    `intent/duplicate at mappings[1]: There is a mapping "web" already: mappings[0].
  instead: Another one, or only one of the two.`,
  ],
  [
    'IPv6 peers only',
    (w) => (w.mappings[0].destination = ['2001:db8:1::/48']),
    `intent/families-differ at mappings[0] destination: Every entry is IPv6, and mappings are of IPv4: the restriction would never apply.
  instead: IPv4 peers.`,
  ],
  [
    'exclusion of something else',
    (w) => (w.mappings[0].exclude = [{ internal: '10.0.0.11' }]),
    `intent/exclusion-outside at mappings[0] exclude[0].internal: 10.0.0.11 is not within the internal prefix 10.0.0.10, so excluding it has no effect.
  instead: A part of the internal prefix, or no exclusion.`,
  ],
  [
    'exclusion of nothing',
    (w) => (w.mappings[0].exclude = [{}]),
    `intent/exclusion-empty at mappings[0] exclude[0]: The exclusion has neither internal addresses nor peers, and would exclude everything.
  instead: internal, peer, or both; enabled: false switches a whole mapping off.`,
  ],
  [
    'exclusion of all of its inside',
    (w) => (w.mappings[0].exclude = [{ internal: '10.0.0.10' }]),
    `intent/all-excluded at mappings[0] exclude: The exclusions together take out all internal addresses, or all peers: the mapping would translate nothing.
  instead: Fewer of them; enabled: false switches a whole mapping off.`,
  ],
  [
    'exclusion of all of its inside, in parts',
    (w) => {
      const exclude = [{ internal: '10.0.0.16' }, { internal: '10.0.0.17' }];
      w.mappings[0] = { name: 'web', external: '198.51.100.16/31', internal: '10.0.0.16/31', exclude };
    },
    `intent/all-excluded at mappings[0] exclude: The exclusions together take out all internal addresses, or all peers: the mapping would translate nothing.
  instead: Fewer of them; enabled: false switches a whole mapping off.`,
  ],
  [
    'exclusion of all its peers, in parts',
    (w) => {
      w.mappings[0].destination = ['198.51.100.0/24'];
      w.mappings[0].exclude = [{ peer: '198.51.100.0/25' }, { peer: '198.51.100.128/25' }];
    },
    `intent/all-excluded at mappings[0] exclude: The exclusions together take out all internal addresses, or all peers: the mapping would translate nothing.
  instead: Fewer of them; enabled: false switches a whole mapping off.`,
  ],
  [
    'open to a source outside its peers',
    (w) => {
      const open = [
        { service: 'https', from: ['192.0.2.0/25'] },
        { service: 'imaps', from: ['198.51.100.7', '192.0.2.7'] },
        { service: 'smtp', from: 'anywhere' },
      ];
      w.mappings[0] = { name: 'web', virtualIp: 'web', internal: '10.0.0.20', destination: ['198.51.100.0/24'], open };
    },
    `intent/open-to-nobody at mappings[0] open: "https" is for sources that the mapping is not for: no source would be let in.
  instead: Sources of IPv4 that are among its destination, and not excluded; or a destination that holds them.`,
  ],
  [
    'open to a source that it excludes',
    (w) => {
      const open = [{ service: 'https', from: ['192.0.2.0/25'] }];
      w.mappings[0] = {
        name: 'web',
        virtualIp: 'web',
        internal: '10.0.0.20',
        exclude: [{ peer: '192.0.2.0/24' }],
        open,
      };
    },
    `intent/open-to-nobody at mappings[0] open: "https" is for sources that the mapping is not for: no source would be let in.
  instead: Sources of IPv4 that are among its destination, and not excluded; or a destination that holds them.`,
  ],
  [
    'empty exclusions',
    (w) => (w.mappings[0].exclude = []),
    `intent/empty-list at mappings[0] exclude: The list is empty. That could mean nothing or everything.
  instead: At least one exclusion, or no "exclude" at all.`,
  ],
  [
    'open beside a profile',
    (w) => (w.mappings[0].open = [{ service: 'https', from: 'anywhere' }]),
    `intent/open-beside-profile at mappings[0]: "open" is set, and the server "web-1" has a profile, which says all that is open to it.
  instead: The same entries in "extra" of the profile.`,
  ],
  [
    'open and profile',
    (w) => {
      w.mappings[0] = {
        name: 'm',
        virtualIp: 'web',
        internal: '10.0.0.20',
        open: [{ service: 'https', from: 'anywhere' }],
        profile: w.servers[0].profile,
      };
    },
    `intent/exactly-one at mappings[0]: "open" and "profile" are both set.
  instead: Exactly one of them.`,
  ],
  [
    'another profile than the server',
    (w) => (w.mappings[0].profile = { ...w.servers[0].profile, name: 'other' }),
    `intent/profiles-differ at mappings[0]: Within this mapping its "profile" and the server "web-1" ask for different openings, and a mapping has one set of them.
  instead: A mapping per server.`,
  ],
  [
    'profile of one server for a subnet',
    (w) => (w.mappings = [{ name: 'net', external: '198.51.100.16/29', internal: '10.0.0.8/29' }]),
    `intent/profile-for-subnet at mappings[0]: The profile of "web-1" would open all of 10.0.0.8/29, also its other addresses.
  instead: A mapping for the address of the server alone; or "profile" on this mapping, where all of them shall have it.`,
  ],
];

refuses('mapping-inside', WRONG);
