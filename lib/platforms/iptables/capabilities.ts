// The capabilities of iptables as a platform: what the generator can express, what to write instead of the rest, and
// how a delivery activates rules on a device.

import { NO_EXCESS } from '../../policy/platform-excess';
import { Capabilities } from '../../generate/capabilities';
import { RULES_LOST_ON_STOP, createLinuxGateway } from '../../generate/netfilter/linux-capabilities';

export const capabilities = {
  id: 'iptables',
  name: 'iptables',
  versions: ['iptables 1.8.9 (Debian 12) and 1.8.11 (Debian 13), both back ends'],
  versionCommand: 'iptables --version',
  // Needs `iptables-restore --wait`. Source: commit 999eaa2 of iptables, after 1.6.1.
  oldest: '1.6.2',
  newest: '1.8',
  // `cg-OWNER-12345`: the kernel keeps 28 characters of a chain's name.
  owner: { location: "a chain's name", maxLength: 18 },
  portProtocols: [6, 17, 33, 132, 136],
  gateway: createLinuxGateway('iptables', {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$/,
    description:
      'the name as "ip link" prints it: at most 15 letters, digits and . _ @ -, no + (iptables would read it as any ending)',
  }),
  server: {
    ipv6: true,
    ownPublic: true,
    outbound: true,
    sourcePorts: true,
    replaces: RULES_LOST_ON_STOP,
    givesWay: {},
  },
  // A rule after routing can't match the interface by which a packet came.
  excess: { ...NO_EXCESS, reflectsBySource: true },
  // Each table of a family is replaced at once. While a gateway's tables are replaced, both its former and its new
  // rules have to let a packet pass.
  transition: 'never wider',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;
