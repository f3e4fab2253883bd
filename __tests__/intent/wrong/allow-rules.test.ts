// Tests that wrong ports, ranges and protocols in the allow rules of an intent are refused, each with code, place and
// advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'empty extra',
    (w) => (w.servers[0].profile.extra = []),
    `intent/empty-list at servers[0] profile extra: The list is empty. That could mean nothing or everything.
  instead: At least one service, or no "extra" at all.`,
  ],
  [
    'local ports',
    (w) => (w.servers[0].profile.extra = ['783/tcp', '570-580/tcp', { ports: [953, 8443], protocol: 'tcp' }]),
    `intent/local-port at servers[0] profile extra[0]: 783 contains 783: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.
  instead: Nothing: leave it out.`,
    `intent/local-port at servers[0] profile extra[1]: 570-580 contains 579: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.
  instead: 570-578/tcp, 580/tcp.`,
    `intent/local-port at servers[0] profile extra[2].ports: 953, 8443 contains 953: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.
  instead: 8443.`,
  ],
  [
    'all ports',
    (w) => (w.servers[0].profile.extra = ['1-65535/tcp']),
    `intent/local-port at servers[0] profile extra[0]: 1-65535 contains 579, 783, 953: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.
  instead: 1-578/tcp, 580-782/tcp, 784-952/tcp, 954-65535/tcp.`,
  ],
  [
    'port 0',
    (w) => (w.servers[0].profile.extra = ['0/tcp', '0-80/tcp', { ports: 0, protocol: 'udp' }]),
    `intent/port-zero at servers[0] profile extra[0]: 0 contains port 0, which some devices read as "every port".
  instead: A port from 1 to 65535.`,
    `intent/port-zero at servers[0] profile extra[1]: 0-80 contains port 0, which some devices read as "every port".
  instead: 1-80.`,
    `intent/port-zero at servers[0] profile extra[2].ports: 0 contains port 0, which some devices read as "every port".
  instead: A port from 1 to 65535.`,
  ],
  [
    'ports too high',
    (w) => (w.servers[0].profile.extra = ['65536/tcp', { ports: [1.5, -1, 99999], protocol: 'tcp' }]),
    `intent/bad-port at servers[0] profile extra[0]: 65536 is not a port from 1 to 65535 or a range of them.
  instead: A number from 1 to 65535, or a range such as "49152-65534".`,
    `intent/bad-port at servers[0] profile extra[1].ports[0]: 1.5 is not a port from 1 to 65535 or a range of them.
  instead: A number from 1 to 65535, or a range such as "49152-65534".`,
    `intent/bad-port at servers[0] profile extra[1].ports[1]: -1 is not a port from 1 to 65535 or a range of them.
  instead: A number from 1 to 65535, or a range such as "49152-65534".`,
    `intent/bad-port at servers[0] profile extra[1].ports[2]: 99999 is not a port from 1 to 65535 or a range of them.
  instead: A number from 1 to 65535, or a range such as "49152-65534".`,
  ],
  [
    'ports reversed',
    (w) => (w.servers[0].profile.extra = ['90-80/tcp']),
    `intent/reversed-range at servers[0] profile extra[0]: "90-80" ends before it begins.
  instead: "80-90".`,
  ],
  [
    'no protocol',
    (w) => (w.servers[0].profile.extra = ['8443', 'tcp/8443', '8443/TCP', '8443/http', { ports: 8443 }]),
    `intent/protocol-missing at servers[0] profile extra[0]: "8443" has no protocol that has ports behind it.
  instead: "8443/tcp" or "8443/udp".`,
    `intent/protocol-missing at servers[0] profile extra[1]: "tcp/8443" has no protocol that has ports behind it.
  instead: "8443/tcp".`,
    `intent/protocol-missing at servers[0] profile extra[2]: "8443/TCP" has no protocol that has ports behind it.
  instead: "8443/tcp".`,
    `intent/protocol-missing at servers[0] profile extra[3]: "8443/http" has no protocol that has ports behind it.
  instead: "8443/tcp" or "8443/udp".`,
    `intent/missing at servers[0] profile extra[4]: "protocol" is not set, and it has no default.
  instead: protocol: "tcp" or "udp" or "dccp" or "sctp" or "udplite".`,
  ],
  [
    'ports of which some have their protocol',
    (w) =>
      (w.servers[0].profile.extra = [
        {
          ports: ['8443/tcp', 8444, '8445', '8446/http', '8447/tcp/udp', '9-1/udp', 'tcp/1', '783/tcp'],
          from: 'anywhere',
        },
        { ports: ['81-80/tcp', true], from: 'anywhere' },
        { ports: '783/tcp', from: 'anywhere' },
        { ports: '8443/tcp', protocol: 'tcp', from: 'anywhere' },
      ]),
    `intent/protocol-missing at servers[0] profile extra[0].ports[1]: "8444" has no protocol that has ports behind it.
  instead: "8444/tcp" or "8444/udp".`,
    `intent/protocol-missing at servers[0] profile extra[0].ports[2]: "8445" has no protocol that has ports behind it.
  instead: "8445/tcp" or "8445/udp".`,
    `intent/protocol-missing at servers[0] profile extra[0].ports[3]: "8446/http" has no protocol that has ports behind it.
  instead: "8446/tcp" or "8446/udp".`,
    `intent/protocol-missing at servers[0] profile extra[0].ports[4]: "8447/tcp/udp" has no protocol that has ports behind it.
  instead: "8447/tcp" or "8447/udp".`,
    `intent/reversed-range at servers[0] profile extra[0].ports[5]: "9-1" ends before it begins.
  instead: "1-9".`,
    `intent/protocol-missing at servers[0] profile extra[0].ports[6]: "tcp/1" has no protocol that has ports behind it.
  instead: "1/tcp".`,
    `intent/reversed-range at servers[0] profile extra[1].ports[0]: "81-80" ends before it begins.
  instead: "80-81".`,
    `intent/wrong-type at servers[0] profile extra[1].ports[1]: This is the value true.
  instead: A port with its protocol ("8443/tcp").`,
    `intent/local-port at servers[0] profile extra[2].ports: 783 contains 783: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.
  instead: Nothing: leave it out.`,
    `intent/bad-port at servers[0] profile extra[3].ports: "8443/tcp" is not a port from 1 to 65535 or a range of them.
  instead: A number from 1 to 65535, or a range such as "49152-65534".`,
  ],
  [
    'unknown protocol',
    (w) => (w.servers[0].profile.extra = [{ ports: 1, protocol: 'ip' }, { protocol: 'ospf' }, { protocol: 255 }]),
    `intent/unknown-choice at servers[0] profile extra[0].protocol: "ip" is not one of the choices.
  instead: "tcp" or "udp" or "dccp" or "sctp" or "udplite".`,
    `intent/unknown-choice at servers[0] profile extra[1].protocol: "ospf" is not one of the choices.
  instead: "icmp" or "icmpv6" or "gre" or "esp" or "ah" or "tcp" or "udp" or "dccp" or "sctp" or "udplite".`,
    `intent/not-in-range at servers[0] profile extra[2].protocol: 255 is not a whole number from 1 to 254.
  instead: A number from 1 to 254.`,
  ],
  [
    'tcp without ports',
    (w) => (w.servers[0].profile.extra = [{ protocol: 'tcp' }, { protocol: 6 }]),
    `intent/ports-missing at servers[0] profile extra[0]: tcp has ports, and none are set.
  instead: ports: the ones to open; all of them are "1-65535".`,
    `intent/ports-missing at servers[0] profile extra[1]: tcp has ports, and none are set.
  instead: ports: the ones to open; all of them are "1-65535".`,
  ],
  [
    'types',
    (w) =>
      (w.servers[0].profile.extra = [
        { protocol: 'icmp' },
        { protocol: 'icmp', types: [] },
        { protocol: 'icmp', types: [256] },
        { protocol: 'gre', types: [8] },
        { ports: 1, protocol: 'tcp', types: [8] },
      ]),
    `intent/types-missing at servers[0] profile extra[0]: icmp has types, and none are set.
  instead: types: [8] for an IPv4 ping, [128] for an IPv6 one; or the field "ping" of a profile.`,
    `intent/empty-list at servers[0] profile extra[1].types: The list is empty. That could mean nothing or everything.
  instead: At least one type: [8].`,
    `intent/not-in-range at servers[0] profile extra[2].types[0]: 256 is not a whole number from 0 to 255.
  instead: A number from 0 to 255.`,
    `intent/field-without-effect at servers[0] profile extra[3]: "types" is set, and protocol 47 has no use for it.
  instead: The entry without "types".`,
    `intent/field-without-effect at servers[0] profile extra[4]: "types" is set, and an entry with ports has no use for it.
  instead: The entry without "types".`,
  ],
  [
    'ping by the other family',
    (w) => (w.servers[0].profile.extra = [{ protocol: 'icmpv6', types: [128], from: ['192.0.2.0/24'] }]),
    `intent/sources-of-other-family at servers[0] profile extra[0]: icmpv6 belongs to IPv6, and none of the sources does.
  instead: Sources of IPv6, or the ICMP of the other family.`,
  ],
  [
    'service and ports',
    (w) => (w.servers[0].profile.extra = [{ service: 'https', ports: 443 }]),
    `intent/exactly-one at servers[0] profile extra[0]: "service" and "ports" are both set.
  instead: Exactly one of them.`,
  ],
  [
    'outbound',
    (w) =>
      (w.servers[0].profile.outbound = [
        'license',
        'licence',
        'licence',
        '0/tcp',
        { service: 'https', sourcePorts: [1] },
        { ports: 25, protocol: 'tcp', sourcePorts: [] },
      ]),
    `intent/unknown-service at servers[0] profile outbound[0]: "license" is not a service, a preset, or a port with its protocol.
  instead: "licence"; or the port itself, such as "8443/tcp".`,
    `intent/duplicate-opening at servers[0] profile outbound[2]: "licence" is in the list twice.
  instead: It once.`,
    `intent/port-zero at servers[0] profile outbound[3]: 0 contains port 0, which some devices read as "every port".
  instead: A port from 1 to 65535.`,
    `intent/field-without-effect at servers[0] profile outbound[4]: "sourcePorts" is set, and a service by name has no use for it.
  instead: The entry without "sourcePorts".`,
    `intent/empty-list at servers[0] profile outbound[5].sourcePorts: The list is empty. That could mean nothing or everything.
  instead: At least one port, or leave it out for all.`,
  ],
  [
    'outbound empty',
    (w) => (w.servers[0].profile.outbound = []),
    `intent/empty-list at servers[0] profile outbound: The list is empty. That could mean nothing or everything.
  instead: 'anywhere', or at least ["licence", "dns", "https"].`,
  ],
  [
    'outbound to an inbound preset',
    (w) => (w.servers[0].profile.outbound = ['ssh-admin']),
    `intent/unknown-service at servers[0] profile outbound[0]: "ssh-admin" is not a service, a preset, or a port with its protocol.
  instead: A name such as "licence"; or the port itself, such as "8443/tcp".`,
  ],
];

refuses('openings', WRONG);
