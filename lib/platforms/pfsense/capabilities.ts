// Lists the capabilities of pfSense, against which policies are checked before generation: versions, kinds of virtual
// IP, reflection modes, and packets that pfSense passes beyond a policy (`excess`).

import { Capabilities, TRANSLATES_NO_IPV6 } from '../../generate/capabilities';

export const capabilities = {
  id: 'pfsense',
  name: 'pfSense',
  versions: ['CE 2.6 to 2.8 and Plus 22.01 to 25.07, by their sources: no appliance was used'],
  versionCommand: 'cat /etc/version',
  owner: {
    location: "the descriptions of entries: the box keeps 63 bytes of a rule's, with its own words",
    maxLength: 28,
  },
  // The box silently omits the ports of a rule for every other protocol. Source: filter.inc, filter_generate_port.
  portProtocols: [6, 17],
  gateway: {
    interfaces: {
      pattern: /^[A-Za-z0-9._]{1,15}$/,
      description:
        'the key (wan, lan, opt1) or the device (igb0, ix0.100): at most 15 letters, digits, dots and underscores',
    },
    virtualIps: { 'ip-alias': true, carp: true, 'proxy-arp': true, other: true },
    subnets: true,
    destinationRestriction: true,
    exclusion: { internal: true, peers: true },
    inboundOnly: true,
    reflection: {
      'pure-nat': true,
      'nat-proxy': {
        what: 'pfSense relays reflected connections for port forwards alone, not for 1:1 entries.',
        instead: 'reflection mode pure-nat.',
      },
      'system-default': true,
      disabled: true,
    },
    ipv6: TRANSLATES_NO_IPV6,
    keepsSourcePorts: true,
  },
  excess: {
    directToInside: true,
    reflectsAllPorts: true,
    reflectsBySource: true,
    reflectedSourcePorts: 'free',
    sessionsPass: false,
    icmpPasses: false,
    cutsBlocked: false,
    ipv6Passes: false,
    replyProtocols: 'all',
    outboundProtocols: 'all',
    unseen: [
      'lets CARP and VRRP (protocol 112) through to mapped hosts where it has a virtual IP, whatever the rules say',
    ],
  },
  transition: 'never wider',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;
