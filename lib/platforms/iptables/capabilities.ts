import { Capabilities } from '../../writing/capabilities';

export const capabilities = {
  id: 'iptables',
  name: 'iptables',
  versions: ['iptables 1.8.9 (Debian 12), both back ends'],
  // `ce-OWNER-own`: the kernel keeps 28 characters of a chain's name.
  owner: { within: "a chain's name", most: 21 },
  portsOf: [6, 17, 33, 132, 136],
  server: { ipv6: true, ownPublic: true, outbound: true, sourcePorts: true },
  excess: { directToInside: false, reflectsAllPorts: false, reflectsBySource: false, unseen: [], reflectedSourcePorts: 'kept' },
  // Each family changes over at once, IPv6 before IPv4: between the two one is as before and one as after.
  transition: 'never wider',
  commitConfirm: 'yes',
  rebootUndo: true,
  endsSessions: true,
} satisfies Capabilities;
