// The capabilities of csf as a platform: what the generator can express, what to write instead of the rest, and how a
// delivery activates rules on a device.

import { NO_EXCESS } from '../../policy/platform-excess';
import { Capabilities } from '../../generate/capabilities';
import { RULES_LOST_ON_STOP } from '../../generate/netfilter/linux-capabilities';

export const capabilities = {
  id: 'csf',
  name: 'csf',
  versions: ['csf 15.10 (the fork Aetherinox/csf-firewall), IPv4 and IPv6'],
  versionCommand: 'cat /etc/csf/version.txt',
  // The device check uses these bounds, too.
  oldest: '14',
  newest: '16',
  owner: { location: 'a remark of csf.conf', maxLength: 32 },
  portProtocols: [6, 17],
  server: {
    ipv6: true,
    ownPublic: {
      what: 'csf translates nothing that a server sends.',
      instead:
        'no onServer: the reflection on the gateway leads it back; or platform iptables on a server without csf.',
    },
    outbound: true,
    sourcePorts: true,
    // The rules that firewalld loaded stay until csf closes the host.
    replaces: {
      names: ['firewalld'],
      what: RULES_LOST_ON_STOP.what,
      instead:
        '"firewalld" alone: what it had loaded stays until csf closes the server; for others platform nftables, or "ufw disable" there first.',
    },
    givesWay: { tells: /^(:|\s*chain )LOCALINPUT\b/m },
  },
  excess: { ...NO_EXCESS, sessionsPass: true, icmpPasses: true, cutsBlocked: true, outboundProtocols: [1, 6, 17, 58] },
  // csf removes all rules, and then adds one after the other.
  transition: 'brief open',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;
