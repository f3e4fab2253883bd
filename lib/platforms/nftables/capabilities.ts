import { Capabilities } from '../platform';

export const capabilities: Capabilities = {
  roles: ['gateway', 'server'],
  versions: ['nft 0.9.8 (Debian 11)', 'nft 1.0.6 (Debian 12)', 'nft 1.1.3 (Debian 13)'],
  virtualIps: ['ip-alias', 'proxy-arp', 'other'],
  subnets: true,
  destinationRestriction: true,
  exclusion: { inside: true, peer: true },
  reflection: ['pure-nat', 'disabled'],
  excess: { directToInside: false, reflectsAllPorts: false, reflectsBySource: false, unseen: [], reflectedSourcePorts: 'kept' },
  ipv6: { mappings: false, server: true },
  keepsSourcePorts: true,
  transition: 'atomic',
  commitConfirm: 'yes',
  rebootUndo: true,
  endsSessions: true,
};
