// Tests that unknown and misspelt services of a profile are refused, each with code, place and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'a service in capitals',
    (w) => (w.servers[0].profile.services = ['HTTPS', 'Web']),
    `intent/unknown-service at servers[0] profile services[0]: "HTTPS" is not a service, a preset, or a port with its protocol.
  instead: "https"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[1]: "Web" is not a service, a preset, or a port with its protocol.
  instead: "web"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'unknown service',
    (w) => (w.servers[0].profile.services = ['webserver', 'imap', 'pop3', 'xyz']),
    `intent/unknown-service at servers[0] profile services[0]: "webserver" is not a service, a preset, or a port with its protocol.
  instead: "web"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[1]: "imap" is not a service, a preset, or a port with its protocol.
  instead: "imaps" or "imap-plain"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[2]: "pop3" is not a service, a preset, or a port with its protocol.
  instead: "pop3s" or "pop3-plain"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[3]: "xyz" is not a service, a preset, or a port with its protocol.
  instead: A name such as "https"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'several services in one text',
    (w) => (w.servers[0].profile.services = ['http, https,8443/tcp']),
    `intent/unknown-service at servers[0] profile services[0]: "http, https,8443/tcp" is several, and each is an entry of its own.
  instead: "http", "https", "8443/tcp".`,
  ],
  [
    'several ports before one protocol',
    (w) => (w.servers[0].profile.services = ['80,443/tcp', { ports: ['80/tcp, 443/tcp'] }]),
    `intent/unknown-service at servers[0] profile services[0]: "80,443/tcp" is several, and each is an entry of its own.
  instead: "80/tcp", "443/tcp".`,
    `intent/bad-port at servers[0] profile services[1].ports[0]: "80/tcp, 443/tcp" is several, and each is an entry of its own.
  instead: "80/tcp", "443/tcp".`,
  ],
  [
    'a port and its protocol, written otherwise',
    (w) => (w.servers[0].profile.services = ['tcp 443', '443 /tcp', ' 443/tcp', '443tcp', 'udp/53']),
    ...[
      ['tcp 443', '443/tcp'],
      ['443 /tcp', '443/tcp'],
      [' 443/tcp', '443/tcp'],
      ['443tcp', '443/tcp'],
      ['udp/53', '53/udp'],
    ].map(
      ([wrote, right], at) =>
        `intent/protocol-missing at servers[0] profile services[${at}]: "${wrote}" has no protocol that has ports behind it.
  instead: "${right}".`,
    ),
  ],
  [
    'ranges as other programs write them',
    (w) => (w.servers[0].profile.services = ['30000:35000/udp', '30000:35000']),
    `intent/unknown-service at servers[0] profile services[0]: "30000:35000/udp" is not a service, a preset, or a port with its protocol.
  instead: "30000-35000/udp"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[1]: "30000:35000" is not a service, a preset, or a port with its protocol.
  instead: "30000-35000/tcp"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'a program that runs by a service of another name',
    (w) => (w.servers[0].profile.services = ['sftp', 'MariaDB']),
    `intent/unknown-service at servers[0] profile services[0]: "sftp" is not a service, a preset, or a port with its protocol.
  instead: "ssh"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[1]: "MariaDB" is not a service, a preset, or a port with its protocol.
  instead: "mysql"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'a protocol without ports as a service',
    (w) => (w.servers[0].profile.services = ['ping', 'GRE']),
    `intent/unknown-service at servers[0] profile services[0]: "ping" has no ports, so it is no service.
  instead: ping: "anywhere" of the profile, or a list of who may; elsewhere { protocol: "icmp", types: [8] }, of IPv6 { protocol: "icmpv6", types: [128] }.`,
    `intent/unknown-service at servers[0] profile services[1]: "GRE" has no ports, so it is no service.
  instead: { protocol: "gre" }, with its from.`,
  ],
  [
    'a service with two letters that changed places',
    (w) => (w.servers[0].profile.services = ['mial']),
    `intent/unknown-service at servers[0] profile services[0]: "mial" is not a service, a preset, or a port with its protocol.
  instead: "mail"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'a service of another program’s words',
    (w) => (w.servers[0].profile.services = ['ssl']),
    `intent/unknown-service at servers[0] profile services[0]: "ssl" is not a service, a preset, or a port with its protocol.
  instead: "https"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'names with two mistakes, the nearest first',
    (w) => (w.servers[0].profile.outbound = ['licens', 'licensing-minimum']),
    `intent/unknown-service at servers[0] profile outbound[0]: "licens" is not a service, a preset, or a port with its protocol.
  instead: "licence" or "licensing-minimal"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile outbound[1]: "licensing-minimum" is not a service, a preset, or a port with its protocol.
  instead: "licensing-minimal"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'service twice',
    (w) => (w.servers[0].profile.services = ['https', 'https']),
    `intent/duplicate-opening at servers[0] profile services[1]: "https" is in the list twice.
  instead: It once.`,
  ],
  [
    'no services',
    (w) => (w.servers[0].profile.services = []),
    `intent/empty-list at servers[0] profile services: The list is empty. That could mean nothing or everything.
  instead: ["web"], for example: a profile that opens nothing is not one.`,
  ],
  [
    'services not set',
    (w) => delete w.servers[0].profile.services,
    `intent/missing at servers[0] profile: "services" is not set, and it has no default.
  instead: services: ["web", "mail"], for example.`,
  ],
];

refuses('services', WRONG);
