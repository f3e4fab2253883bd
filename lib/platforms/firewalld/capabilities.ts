// The capabilities of firewalld as a platform: what the generator can express, what to write instead of the rest, and
// how a delivery activates rules on a device.

import { NO_EXCESS } from '../../policy/platform-excess';
import { Capabilities } from '../../generate/capabilities';

const OTHER_PLATFORM = 'platform nftables on the same server: its table stands beside that of firewalld';

export const capabilities = {
  id: 'firewalld',
  name: 'firewalld',
  versions: ['firewalld 1.3.3 (Debian 12), 2.3.1 (Debian 13) and 2.5.2 (Ubuntu 26.10), with nftables'],
  versionCommand: 'firewall-cmd --version',
  // The agent on the device checks these versions, too.
  oldest: '0.9',
  newest: '2.5',
  // `cf-OWNER-out`: firewalld allows 18 characters in a policy's name.
  owner: { location: "a policy's name", maxLength: 11 },
  portProtocols: [6, 17, 33, 132],
  server: {
    ipv6: true,
    ownPublic: {
      what: 'firewalld leads nothing that a server sends to its own public addresses elsewhere but port by port.',
      instead: `no onServer: the reflection on the gateway leads it back; or ${OTHER_PLATFORM}.`,
    },
    outbound: true,
    sourcePorts: {
      what: 'a rule of firewalld has one port: the source port of a connection, or where it goes to.',
      instead: `outbound without source ports, { ports: 2089, protocol: "tcp" } for "licence"; or ${OTHER_PLATFORM}.`,
    },
    // Rules of iptables come back after each start and reload of firewalld.
    replaces: {
      names: ['ufw', 'csf', 'apf', 'iptables'],
      what: 'firewalld does not give way to itself.',
      instead: 'the others alone.',
    },
    replacesMore: { iptables: 'Where firewalld is off, all rules of iptables go, also those that no service loads.' },
    givesWay: { tells: /^\s*table inet firewalld\b/m },
  },
  excess: { ...NO_EXCESS, sessionsPass: true },
  // A reload drops packets that begin a connection until all rules are loaded again.
  transition: 'brief closed',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;
