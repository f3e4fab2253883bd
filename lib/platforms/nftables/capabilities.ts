import { Capabilities } from '../../writing/capabilities';

export const capabilities = {
  id: 'nftables',
  name: 'nftables',
  versions: ['nft 0.9.8 (Debian 11)', 'nft 1.0.6 (Debian 12)', 'nft 1.1.3 (Debian 13)'],
  owner: { within: "a table's name", most: 60 },
  portsOf: [6, 17, 33, 132, 136],
  gateway: {
    interfaces: {
      form: /^[A-Za-z0-9._:@-]{1,15}$/,
      are: 'the name as "ip link" prints it: at most 15 letters, digits and . _ : @ -, no * (nft would read it as any ending)',
    },
    virtualIps: {
      'ip-alias': true,
      carp: {
        what: 'Linux has no CARP: nobody would announce this address.',
        instead: 'ip-alias, or a platform with CARP (pfSense, FreeBSD pf).',
      },
      'proxy-arp': true,
      other: true,
    },
    subnets: true,
    destinationRestriction: true,
    exclusion: { inside: true, peers: true },
    inboundOnly: true,
    reflection: {
      'pure-nat': true,
      'nat-proxy': {
        what: 'nftables has no relay for reflected connections.',
        instead: 'reflection mode pure-nat: it reaches the same hosts, and they see the real source.',
      },
      'system-default': {
        what: 'nftables has no setting of its own for reflection, so "system-default" says nothing here.',
        instead: 'reflection mode pure-nat or disabled.',
      },
      disabled: true,
    },
    ipv6: {
      what: 'IPv6 addresses are not translated: a server has its public IPv6 address itself.',
      instead: "an IPv4 mapping; the server's own firewall opens its IPv6 addresses.",
    },
    keepsSourcePorts: true,
  },
  server: { ipv6: true, ownPublic: true, outbound: true, sourcePorts: true },
  excess: { directToInside: false, reflectsAllPorts: false, reflectsBySource: false, unseen: [], reflectedSourcePorts: 'kept' },
  transition: 'atomic',
  commitConfirm: 'yes',
  rebootUndo: true,
  endsSessions: true,
} satisfies Capabilities;
