// The capabilities that all platforms of Linux gateways have in common.

import { Capability, GatewayCapabilities, TRANSLATES_NO_IPV6 } from '../capabilities';

/** Returns the capabilities of a Linux gateway, whichever program manages its rules. */
export const createLinuxGateway = (
  name: string,
  interfaces: GatewayCapabilities['interfaces'],
): GatewayCapabilities => ({
  interfaces,
  virtualIps: {
    'ip-alias': true,
    carp: {
      what: 'Linux has no CARP: this address would never be announced.',
      instead: 'ip-alias, or a platform with CARP (pfSense).',
    },
    'proxy-arp': true,
    other: true,
  },
  subnets: true,
  destinationRestriction: true,
  exclusion: { internal: true, peers: true },
  inboundOnly: true,
  reflection: {
    'pure-nat': true,
    'nat-proxy': {
      what: `${name} has no relay for reflected connections.`,
      instead: 'reflection mode pure-nat: it reaches the same hosts, and they see the real source.',
    },
    'system-default': {
      what: `${name} has no setting of its own for reflection, so "system-default" says nothing here.`,
      instead: 'reflection mode pure-nat or disabled.',
    },
    disabled: true,
  },
  ipv6: TRANSLATES_NO_IPV6,
  keepsSourcePorts: true,
});

/** Rules of iptables are lost when another firewall stops: csf and APF remove all of them. */
export const RULES_LOST_ON_STOP = {
  what: 'a firewall that stops takes rules of iptables away, ours among them.',
  instead: 'platform nftables; or, with what it opens in the profile, "ufw disable" or "csf -x" there first.',
} satisfies Capability;
