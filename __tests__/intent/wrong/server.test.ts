// Tests that wrong fields of a server and its profile (management, addresses, facts) are refused, each with code, place
// and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'no management',
    (w) => delete w.servers[0].profile.management,
    `intent/management-missing at servers[0] profile: The profile has no "management": no administrator could get back in after it is loaded.
  instead: management: { from: ['198.51.100.0/24'], port: 22 } with the operators' networks and the port of SSH; 'anywhere' opens SSH, and WHM where a preset has it, to any source. Defaults.on says it for many.`,
  ],
  [
    'management without port',
    (w) => delete w.servers[0].profile.management.port,
    `intent/missing at servers[0] profile management: "port" is not set, and it has no default.
  instead: port: 22, or where SSH listens.`,
  ],
  [
    'management without sources',
    (w) => delete w.servers[0].profile.management.from,
    `intent/missing at servers[0] profile management: "from" is not set, and it has no default.
  instead: from: the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source.`,
  ],
  [
    'management from an empty list',
    (w) => (w.servers[0].profile.management.from = []),
    `intent/empty-list at servers[0] profile management.from: The list is empty. That could mean nothing or everything.
  instead: A list of the operators' prefixes and names of source sets.`,
  ],
  [
    'management from all sources, as a prefix',
    (w) => (w.servers[0].profile.management.from = ['0.0.0.0/0']),
    `intent/everything-as-prefix at servers[0] profile management.from[0]: 0.0.0.0/0 is every address, which must not be said by a prefix.
  instead: The operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source.`,
  ],
  [
    'management from anywhere, in a list',
    (w) => (w.servers[0].profile.management.from = ['anywhere', '198.51.100.0/24']),
    `intent/anywhere-in-list at servers[0] profile management.from[0]: "anywhere" is every address: beside it nothing else in the list would have an effect.
  instead: The operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source.`,
  ],
  [
    'WHM and SSH from all sources, as a prefix, and as a port without sources',
    (w) => {
      w.servers[0].profile.services = [{ service: 'whm', from: ['0.0.0.0/0'] }, '22/tcp'];
      delete w.servers[0].profile.sources;
    },
    `intent/everything-as-prefix at servers[0] profile services[0].from[0]: 0.0.0.0/0 is every address, which must not be said by a prefix.
  instead: The networks of those who use it: it is for administrators or listed clients.`,
    `intent/sources-unset at servers[0] profile services[1]: It is not said who may reach "22/tcp".
  instead: A "from" with the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source.`,
  ],
  [
    'management by UDP',
    (w) => (w.servers[0].profile.management.port = '22/udp'),
    `intent/wrong-type at servers[0] profile management.port: This is the text "22/udp".
  instead: One TCP port: 22 or "22/tcp".`,
  ],
  [
    'management on several ports',
    (w) => (w.servers[0].profile.management.port = [22, 2222]),
    `intent/wrong-type at servers[0] profile management.port: This is a list.
  instead: One TCP port: 22 or "22/tcp".`,
  ],
  [
    'management on port 0',
    (w) => (w.servers[0].profile.management.port = 0),
    `intent/port-zero at servers[0] profile management.port: 0 contains port 0, which some devices read as "every port".
  instead: A port from 1 to 65535.`,
  ],
  [
    'management on a local port',
    (w) => (w.servers[0].profile.management.port = 953),
    `intent/local-port at servers[0] profile management.port: 953 contains 953: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.
  instead: Nothing: leave it out.`,
  ],
  [
    'all sources blocked',
    (w) => (w.servers[0].profile.blocked = 'anywhere'),
    `intent/anywhere-refused at servers[0] profile blocked: "anywhere" would be every address here.
  instead: Nothing: who is not listed has no access anyway.`,
  ],
  [
    'all sources blocked, as a prefix',
    (w) => (w.servers[0].profile.blocked = ['0.0.0.0/0']),
    `intent/everything-as-prefix at servers[0] profile blocked[0]: 0.0.0.0/0 is every address, which must not be said by a prefix.
  instead: Nothing: who is not listed has no access anyway.`,
  ],
  [
    'an empty list of blocked sources',
    (w) => (w.servers[0].profile.blocked = []),
    `intent/empty-list at servers[0] profile blocked: The list is empty. That could mean nothing or everything.
  instead: A list of prefixes and names of source sets.`,
  ],
  [
    'ping from an empty list',
    (w) => (w.servers[0].profile.ping = []),
    `intent/empty-list at servers[0] profile ping: The list is empty. That could mean nothing or everything.
  instead: 'anywhere' or a list of prefixes and names of source sets.`,
  ],
  [
    'unknown version',
    (w) => (w.servers[0].profile.cpanelVersion = '126'),
    `intent/unknown-cpanel-version at servers[0] profile cpanelVersion: There is no port table for cPanel & WHM "126".
  instead: "112".`,
  ],
  [
    'profile without a name',
    (w) => delete w.servers[0].profile.name,
    `intent/missing at servers[0] profile: "name" is not set, and it has no default.
  instead: name: a name such as "web-1".`,
  ],
  [
    'no profile',
    (w) => delete w.servers[0].profile,
    `intent/profile-missing at servers[0]: The server has no profile: everything would be closed, the way back in as well.
  instead: A CpanelFirewallProfile with management and what is to be open.`,
  ],
  [
    'inside not set',
    (w) => delete w.servers[0].server.trustedNetworks,
    `intent/inside-missing at servers[0]: "trustedNetworks" is not set: it decides whose connections stay as they were (backup, monitoring, the operator's network).
  instead: trustedNetworks: 'none' closes for all sources what isn't opened; or the prefixes that are left alone. Defaults.on says it for many.`,
  ],
  [
    'inside empty',
    (w) => (w.servers[0].server.trustedNetworks = []),
    `intent/empty-list at servers[0] trustedNetworks: The list is empty. That could mean nothing or everything.
  instead: 'none' or a list of prefixes.`,
  ],
  [
    'inside everything',
    (w) => (w.servers[0].server.trustedNetworks = ['0.0.0.0/0']),
    `intent/everything-as-prefix at servers[0] trustedNetworks[0]: 0.0.0.0/0 is every address, which must not be said by a prefix.
  instead: The prefixes that are left alone; all of them would leave nothing to close.`,
  ],
  [
    'inside anywhere',
    (w) => (w.servers[0].server.trustedNetworks = 'anywhere'),
    `intent/anywhere-refused at servers[0] trustedNetworks: "anywhere" would be every address here.
  instead: The prefixes that are left alone; all of them would leave nothing to close.`,
  ],
  [
    "'none' in a list",
    (w) => (w.servers[0].server.trustedNetworks = ['none']),
    `intent/bad-address at servers[0] trustedNetworks[0]: "none" is not an address or a prefix.
  instead: trustedNetworks: 'none', without a list.`,
  ],
  [
    'inside by a name',
    (w) => (w.servers[0].server.trustedNetworks = ['office']),
    `intent/bad-address at servers[0] trustedNetworks[0]: "office" is not an address or a prefix.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
  ],
  [
    'no addresses',
    (w) => delete w.servers[0].server.addresses,
    `intent/exactly-one at servers[0]: Neither "addresses" nor "interfaces" is set.
  instead: Exactly one of them.`,
  ],
  [
    "a link-local IPv6 address, which isn't needed",
    (w) => (w.servers[0].server.addresses = ['10.0.0.10/24', 'fe80::5054:ff:fe12:3456/64']),
    `intent/link-local at servers[0] addresses[1]: fe80::5054:ff:fe12:3456 is link-local: routers don't forward it.
  instead: Nothing: each interface has one by itself.`,
  ],
  [
    'addresses and interfaces',
    (w) => (w.servers[0].server.interfaces = [{ name: 'eth0', addresses: ['10.0.0.10'] }]),
    `intent/exactly-one at servers[0]: "addresses" and "interfaces" are both set.
  instead: Exactly one of them.`,
  ],
  [
    'interface and interfaces',
    (w) => {
      const s = w.servers[0].server;
      delete s.addresses;
      s.interface = 'ens3';
      s.interfaces = [{ name: 'eth0', addresses: ['10.0.0.10/24'] }];
    },
    `intent/exactly-one at servers[0]: "interface" and "interfaces" are both set.
  instead: Exactly one of them.`,
  ],
  [
    'a role on a server',
    (w) => {
      const s = w.servers[0].server;
      delete s.addresses;
      s.interfaces = [{ name: 'eth0', role: 'inside', addresses: ['10.0.0.10/24'] }];
    },
    `intent/unknown-key at servers[0] interfaces[0]: There is no "role" here, so it would have no effect.
  instead: It belongs in an entry of a Gateway's interfaces: { role: … }. Here there are name, addresses, routes.`,
  ],
  [
    'address twice',
    (w) => w.servers[0].server.addresses.push('10.0.0.10'),
    `intent/duplicate at servers[0] addresses[2]: There is the address "10.0.0.10" already: earlier in this list.
  instead: Another one, or only one of the two.`,
  ],
  [
    'address of loopback',
    (w) => w.servers[0].server.addresses.push('127.0.0.1/8'),
    `intent/unusable-address at servers[0] addresses[2]: 127.0.0.1/8 is loopback, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
  ],
  [
    'server on a platform of gateways',
    (w) => (w.servers[0].server.platform = 'pfsense'),
    `intent/unknown-platform at servers[0] platform: There is no platform "pfsense" for a server.
  instead: One of nftables, csf.`,
  ],
  [
    'unknown choices',
    (w) => {
      w.servers[0].server.establishedSessions = 'kill';
      w.servers[0].server.onRemove = 'open';
      w.servers[0].server.trustedConnections = 'all';
    },
    `intent/unknown-choice at servers[0] establishedSessions: "kill" is not one of the choices.
  instead: "terminate" or "keep".`,
    `intent/unknown-choice at servers[0] trustedConnections: "all" is not one of the choices.
  instead: "unmanaged" or "listed".`,
    `intent/unknown-choice at servers[0] onRemove: "open" is not one of the choices.
  instead: "keep closed" or "as before".`,
  ],
  [
    'device twice',
    (w) => w.servers.push({ ...w.servers[0], server: { ...w.servers[0].server, addresses: ['10.0.0.11'] } }),
    `intent/duplicate at servers[1]: There is a server "web-1" already: servers[0].
  instead: Another one, or only one of the two.`,
  ],
  [
    'address of two servers',
    (w) => w.servers.push({ ...w.servers[0], server: { ...w.servers[0].server, device: 'web-2' } }),
    `intent/duplicate at servers[1]: There is the address "10.0.0.10" already: of web-1 at servers[0].
  instead: Another one, or only one of the two.`,
    `intent/duplicate at servers[1]: There is the address "2001:db8::10" already: of web-1 at servers[0].
  instead: Another one, or only one of the two.`,
  ],
];

refuses('server', WRONG);
