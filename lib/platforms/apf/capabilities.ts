// The capabilities of APF as a platform: what the generator can express, what to write instead of the rest, and how a
// delivery activates rules on a device. 2.0.2 has other capabilities than 9.7: it filters IPv6.

import { NO_EXCESS } from '../../policy/platform-excess';
import { Capability, Capabilities } from '../../generate/capabilities';
import { RULES_LOST_ON_STOP } from '../../generate/netfilter/linux-capabilities';

const OTHER_PLATFORM = 'platform iptables or nftables on a server without APF';

const NO_OUTBOUND: Capability = {
  what: 'What APF drops of what leaves are answers, too: to a client that connects from a port below 1024.',
  instead: `outbound "anywhere"; or ${OTHER_PLATFORM}.`,
};

export const capabilities = {
  id: 'apf',
  name: 'APF',
  versions: ['APF 9.7 (apf-firewall 9.7+rev1 of Debian and Ubuntu), IPv4', 'APF 2.0.2 (of its authors), IPv4 and IPv6'],
  versionCommand: 'cat /etc/apf*/VERSION',
  // The device check uses these two versions, too.
  oldest: '2.0.2',
  newest: '9.7',
  owner: { location: 'a remark of conf.apf', maxLength: 32 },
  portProtocols: [6, 17],
  server: {
    ipv6: {
      what: 'APF 9.7 filters nothing of IPv6: all of it would be open.',
      instead: 'platform nftables, iptables or firewalld on a server without APF.',
    },
    ownPublic: {
      what: 'APF translates nothing that a server sends.',
      instead: `no onServer: the reflection on the gateway leads it back; or ${OTHER_PLATFORM}.`,
    },
    outbound: NO_OUTBOUND,
    sourcePorts: NO_OUTBOUND,
    replaces: RULES_LOST_ON_STOP,
    givesWay: { tells: /^(:|\s*chain )TALLOW\b/m },
  },
  excess: { ...NO_EXCESS, sessionsPass: true, ipv6Passes: true, replyProtocols: [6, 17] },
  // APF removes all rules, and then adds one after the other.
  transition: 'brief open',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;

/** Capabilities of 2.0.2, which filters IPv6. */
export const published = {
  ...capabilities,
  server: { ...capabilities.server, ipv6: true },
  excess: { ...capabilities.excess, ipv6Passes: false },
} satisfies Capabilities;
