// Tests that wrong sources of a service (empty, everything as a prefix, unknown set) are refused, each with code, place
// and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'addresses as URLs and other programs have them',
    (w) => (w.servers[0].profile.sources = ['[2001:db8::10]', '198.51.100.*', '10.*.*', '10.*.1.*']),
    `intent/bad-address at servers[0] profile sources[0]: "[2001:db8::10]" is not an address or a prefix.
  instead: "2001:db8::10", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[1]: "198.51.100.*" is not an address or a prefix.
  instead: "198.51.100.0/24", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[2]: "10.*.*" is not an address or a prefix.
  instead: "10.0.0.0/8", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[3]: "10.*.1.*" is not an address or a prefix.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
  ],
  [
    'no sources',
    (w) => delete w.servers[0].profile.sources,
    `intent/sources-unset at servers[0] profile services[0]: It is not said who may reach "web".
  instead: sources: 'anywhere' or a list of prefixes on the profile, or a "from" on the service itself.`,
  ],
  [
    'empty sources',
    (w) => (w.servers[0].profile.sources = []),
    `intent/empty-list at servers[0] profile sources: The list is empty. That could mean nothing or everything.
  instead: 'anywhere' or a list of prefixes and names of source sets.`,
  ],
  [
    'all sources as a prefix',
    (w) => (w.servers[0].profile.sources = ['0.0.0.0/0', '::/0']),
    `intent/everything-as-prefix at servers[0] profile sources[0]: 0.0.0.0/0 is every address, which must not be said by a prefix.
  instead: 'anywhere', written out in place of the list.`,
    `intent/everything-as-prefix at servers[0] profile sources[1]: ::/0 is every address, which must not be said by a prefix.
  instead: 'anywhere', written out in place of the list.`,
  ],
  [
    'all sources in two halves',
    (w) => (w.servers[0].profile.sources = ['0.0.0.0/1', '128.0.0.0/1']),
    `intent/everything-as-prefix at servers[0] profile sources: All of IPv4, in parts, is every address, which must not be said by a prefix.
  instead: 'anywhere', written out in place of the list.`,
  ],
  [
    'anywhere in a list',
    (w) => (w.servers[0].profile.sources = ['anywhere', '192.0.2.0/24']),
    `intent/anywhere-in-list at servers[0] profile sources[0]: "anywhere" is every address: beside it nothing else in the list would have an effect.
  instead: "anywhere" alone, without a list; or the list without it.`,
  ],
  [
    'any for anywhere',
    (w) => (w.servers[0].profile.sources = 'any'),
    `intent/wrong-type at servers[0] profile sources: This is the text "any".
  instead: 'anywhere' or a list of prefixes and names of source sets.`,
  ],
  [
    'unknown set',
    (w) => (w.servers[0].profile.sources = ['office']),
    `intent/unknown-source-set at servers[0] profile sources[0]: "office" is neither an address nor a prefix, and there is no source set of that name.
  instead: sourceSets: { 'office': [...] } of the profile or gateway that uses it, or a prefix.`,
  ],
  [
    'unknown set beside known ones',
    (w) => {
      w.servers[0].profile.sourceSets = { office: ['192.0.2.0/24'] };
      w.servers[0].profile.sources = ['offices'];
    },
    `intent/unknown-source-set at servers[0] profile sources[0]: "offices" is neither an address nor a prefix, and there is no source set of that name.
  instead: One of office, or a prefix.`,
  ],
  [
    'set in a set',
    (w) => (w.servers[0].profile.sourceSets = { office: ['192.0.2.0/24'], all: ['office'] }),
    `intent/set-in-set at servers[0] profile sourceSets.all[0]: "office" is not an address or a prefix, and a source set holds nothing else.
  instead: Its prefixes themselves; or name both sets where they are used.`,
  ],
  [
    'empty set',
    (w) => (w.servers[0].profile.sourceSets = { office: [] }),
    `intent/empty-list at servers[0] profile sourceSets.office: The list is empty. That could mean nothing or everything.
  instead: At least one address or prefix, or no set at all.`,
  ],
  [
    'set called anywhere',
    (w) => (w.servers[0].profile.sourceSets = { anywhere: ['192.0.2.0/24'] }),
    `intent/anywhere-refused at servers[0] profile sourceSets.anywhere: "anywhere" is a word of its own and can't be the name of a source set.
  instead: Another name.`,
  ],
  [
    'sources with host bits',
    (w) => (w.servers[0].profile.sources = ['192.0.2.7/24']),
    `intent/host-bits-set at servers[0] profile sources[0]: "192.0.2.7/24" has host bits set, so it names a host and a network at once.
  instead: 192.0.2.0/24 for the network, or the address without a length.`,
  ],
  [
    'a length of which a digit is missing',
    (w) => (w.servers[0].profile.sources = ['185.44.10.0/2', '2001:db8::/3']),
    `intent/host-bits-set at servers[0] profile sources[0]: "185.44.10.0/2" has host bits set, and its length takes in much of the internet: a digit of it seems to be missing.
  instead: Another length: 185.44.10.0 is a network from /23 on; without a length it is the address.`,
    `intent/host-bits-set at servers[0] profile sources[1]: "2001:db8::/3" has host bits set, and its length takes in much of the internet: a digit of it seems to be missing.
  instead: Another length: 2001:db8:: is a network from /29 on; without a length it is the address.`,
  ],
  [
    'sources that are not addresses',
    (w) =>
      (w.servers[0].profile.sources = [
        '192.0.2',
        '192.0.2.300',
        '192.0.2.0/255.255.255.0',
        '192.0.2.1-192.0.2.9',
        '010.0.0.1',
        'example.org',
        'fe80::1%eth0',
        '::ffff:192.0.2.1',
        ' 192.0.2.1',
        '192.0.2.1, 192.0.2.9',
        '192.0.2.0/0.0.0.255',
      ]),
    `intent/bad-address at servers[0] profile sources[0]: "192.0.2" is not an address or a prefix: all four numbers are needed.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
    `intent/bad-address at servers[0] profile sources[1]: "192.0.2.300" is not an address or a prefix: none of the four numbers may be above 255.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
    `intent/bad-address at servers[0] profile sources[2]: "192.0.2.0/255.255.255.0" is not an address or a prefix: the length is written as a mask.
  instead: "192.0.2.0/24", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[3]: "192.0.2.1-192.0.2.9" is not an address or a prefix: it is a range; write the prefixes that make it up.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
    `intent/bad-address at servers[0] profile sources[4]: "010.0.0.1" is not an address or a prefix: leading zeros are octal to some devices.
  instead: "10.0.0.1", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[5]: "example.org" is not an address or a prefix: names of hosts change their address after it was proven.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
    `intent/bad-address at servers[0] profile sources[6]: "fe80::1%eth0" is not an address or a prefix: zones belong to one device only.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
    `intent/bad-address at servers[0] profile sources[7]: "::ffff:192.0.2.1" is not an address or a prefix: write the IPv4 address itself.
  instead: "192.0.2.1", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[8]: " 192.0.2.1" is not an address or a prefix: there is a space in it.
  instead: "192.0.2.1", if that was meant.`,
    `intent/bad-address at servers[0] profile sources[9]: "192.0.2.1, 192.0.2.9" is not an address or a prefix: it is several, and each is a text of its own.
  instead: Texts of their own: "192.0.2.1", "192.0.2.9".`,
    `intent/bad-address at servers[0] profile sources[10]: "192.0.2.0/0.0.0.255" is not an address or a prefix: the length is written as a mask.
  instead: An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).`,
  ],
  [
    'sources that no packet has',
    (w) =>
      (w.servers[0].profile.sources = ['127.0.0.1', '224.0.0.0/8', '255.255.255.255', '::1', 'ff02::1', '0.0.0.0']),
    `intent/unusable-address at servers[0] profile sources[0]: 127.0.0.1 is loopback, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
    `intent/unusable-address at servers[0] profile sources[1]: 224.0.0.0/8 is multicast, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
    `intent/unusable-address at servers[0] profile sources[2]: 255.255.255.255 is the broadcast address, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
    `intent/unusable-address at servers[0] profile sources[3]: ::1 is loopback, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
    `intent/unusable-address at servers[0] profile sources[4]: ff02::1 is multicast, and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
    `intent/unusable-address at servers[0] profile sources[5]: 0.0.0.0 is "this network", and no connection comes from or goes to such an address.
  instead: The address of a host, or the prefix of a network.`,
  ],
  [
    'administrators for every source',
    (w) => (w.servers[0].profile.services = ['ssh', 'whm', 'mysql']),
    `intent/administrators-unset at servers[0] profile services[0]: "ssh" is for administrators or listed clients, so it does not take the sources of the other services.
  instead: { service: "ssh", from: ['office'] } with the prefixes or source sets that may reach it; 'anywhere' opens it to any source.`,
    `intent/administrators-unset at servers[0] profile services[1]: "whm" is for administrators or listed clients, so it does not take the sources of the other services.
  instead: { service: "whm", from: ['office'] } with the prefixes or source sets that may reach it; 'anywhere' opens it to any source.`,
    `intent/administrators-unset at servers[0] profile services[2]: "mysql" is for administrators or listed clients, so it does not take the sources of the other services.
  instead: { service: "mysql", from: ['office'] } with the prefixes or source sets that may reach it; 'anywhere' opens it to any source.`,
  ],
  [
    'remote MySQL without sources',
    (w) => (w.servers[0].profile.services = ['remote-mysql']),
    `intent/administrators-unset at servers[0] profile services[0]: "remote-mysql" is for administrators or listed clients, so it does not take the sources of the other services.
  instead: { service: "remote-mysql", from: ['office'] } with the prefixes or source sets that may reach it; 'anywhere' opens it to any source.`,
  ],
];

refuses('sources', WRONG);
