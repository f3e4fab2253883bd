import { Capabilities } from '../platform';

export const capabilities: Capabilities = {
  roles: ['gateway'],
  versions: ['CE 2.6 to 2.8 and Plus 22.01 to 25.07, by their sources: no appliance was used'],
  virtualIps: ['ip-alias', 'carp', 'proxy-arp', 'other'],
  subnets: true,
  destinationRestriction: true,
  exclusion: { inside: true, peer: true },
  reflection: ['pure-nat', 'disabled', 'system-default'],
  excess: {
    ...{ directToInside: true, reflectsAllPorts: true, reflectsBySource: true, reflectedSourcePorts: 'free' },
    unseen: ['lets CARP and VRRP (protocol 112) through to mapped hosts where it has a virtual IP, whatever the rules say'],
  },
  ipv6: { mappings: false, server: false },
  keepsSourcePorts: true,
  transition: 'never wider',
  commitConfirm: 'yes',
  rebootUndo: true,
  endsSessions: true,
};
