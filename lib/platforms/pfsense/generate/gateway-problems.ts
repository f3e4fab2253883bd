// Creates the problems of gateway policies that pfSense can't implement, such as two mappings of one host with
// different allow rules. lib/generate/policy-problems.ts has those of every platform.

import { Problem } from '../../../problems/problem';

export const createUnknownVersion = (device: string, wrote: string): Problem => ({
  code: 'pfsense/version',
  where: `device ${device}`,
  what: `"${wrote}" is no release of pfSense that is known here.`,
  instead: '"2.6.0", "2.7.2" or "2.8.0" of CE, "24.03" or another of Plus, as /etc/version says.',
});

export const createOwnAddress = (where: string, key: string): Problem => ({
  code: 'pfsense/outside-is-own-address',
  where,
  what: `It holds the address of the interface ${key} itself: everything that the box answers there, a VPN too, would go to the inside host instead, and what the box sends would not come back.`,
  instead: 'another public address, as a virtual IP.',
});

export const createAskedFirst = (where: string, other: string): Problem => ({
  code: 'pfsense/two-inside-addresses',
  where,
  what: `${other} has the same public address for the same peers and is asked first: entries that are inbound only stand behind the others.`,
  instead: 'Public addresses that differ, or destination restrictions that have no peer in common.',
});

export const createInboundOnlyAlone = (where: string): Problem => ({
  code: 'pfsense/inbound-only-alone',
  where,
  what: 'A 1:1 entry always translates both ways, and no other mapping on this interface takes all that its host sends: it would go out by this address.',
  instead: 'another mapping of the host on the same interface, for the same peers or all; or no inboundOnly.',
});

export const createOpeningsDiffer = (where: string, other: string): Problem => ({
  code: 'pfsense/openings-differ',
  where,
  what: `${other} has the same internal address and opens something else. pfSense filters after translation and sees the internal address alone: what one opens would be open by the other's public address, too.`,
  instead:
    'One list of openings for both, destination restrictions that have no peer in common, or a second internal address of the host.',
});

export const createNetworkAddress = (where: string, mask: number): Problem => ({
  code: 'pfsense/network-address',
  where,
  what: `It is the first or the last address of its network of length ${mask}; the box refuses it on an interface.`,
  instead: 'mask 32, or another address.',
});

export const createProxyArpAlone = (where: string, key: string): Problem => ({
  code: 'pfsense/proxy-arp-without-address',
  where,
  what: `The interface ${key} has no IPv4 address, and without one the box does not answer ARP for others.`,
  instead: 'kind other where the block is routed to the box, or an address on the interface.',
});
