import { Capabilities } from '../platform';

export const capabilities: Capabilities = {
  roles: ['gateway'],
  versions: ['CE 2.6', 'CE 2.7', 'CE 2.8', 'Plus 22.01 to 25.07'],
  virtualIps: ['ip-alias', 'carp', 'proxy-arp', 'other'],
  subnets: true,
  destinationRestriction: true,
  exclusion: { inside: true, peer: true },
  reflection: ['pure-nat', 'disabled', 'system-default'],
  excess: { directToInside: true, reflectsAllPorts: true, reflectsBySource: true, reflectedSourcePorts: 'free' },
  ipv6: { mappings: false, server: false },
  keepsSourcePorts: true,
  transition: 'never wider',
  commitConfirm: 'yes',
  rebootUndo: true,
  endsSessions: true,
};
