import { Prefix, printPrefix } from '../../../net/address';
import { Problem } from '../../../problems/problem';

// What the intent asks for and pfSense can't do.

export const role = (device: string): Problem => ({
  code: 'pfsense/gateway-only',
  where: `device ${device}`,
  what: 'pfSense is a gateway: it filters nothing on a server.',
  instead: "the platform of the server's own firewall.",
});

export const version = (device: string, wrote: string): Problem => ({
  code: 'pfsense/version',
  where: `device ${device}`,
  what: `"${wrote}" is no release of pfSense that is known here.`,
  instead: '"2.6.0", "2.7.2" or "2.8.0" of CE, "24.03" or another of Plus, as /etc/version says.',
});

export const ownerName = (device: string, owner: string, most: number): Problem => ({
  code: 'pfsense/owner-name',
  where: `device ${device}`,
  what: `The owner "${owner}" can't stand in the descriptions of entries: the box keeps 63 bytes of a rule's, with its own words.`,
  instead: `One to ${most} characters a-z, 0-9 and -, e.g. "web-team".`,
});

export const interfaceName = (device: string, name: string): Problem => ({
  code: 'pfsense/interface-name',
  where: `device ${device}`,
  what: `"${name}" is neither a key nor a device of pfSense.`,
  instead: 'The key (wan, lan, opt1) or the device (igb0, ix0.100): at most 15 letters, digits, dots and underscores.',
});

export const ipv6Mapping = (where: string): Problem => ({
  code: 'pfsense/ipv6-mapping',
  where,
  what: 'IPv6 addresses are not translated: a server has its public IPv6 address itself.',
  instead: "an IPv4 mapping; the server's own firewall opens its IPv6 addresses.",
});

export const ipv6VirtualIp = (where: string): Problem => ({
  code: 'pfsense/ipv6-virtual-ip',
  where,
  what: 'An IPv6 virtual IP has no mapping to serve.',
  instead: "an IPv4 address; the server's own firewall opens its IPv6 addresses.",
});

export const unequalSides = (where: string): Problem => ({
  code: 'pfsense/unequal-sides',
  where,
  what: 'Outside and inside have different lengths; a 1:1 entry has one, and pf would mask the other side without a word.',
  instead: 'Prefixes of one length.',
});

export const unaligned = (where: string): Problem => ({
  code: 'pfsense/unaligned',
  where,
  what: 'Host bits are set in one of its prefixes; pf would mask them without a word and translate other addresses.',
  instead: 'The first address of the prefix.',
});

export const ownAddress = (where: string, key: string): Problem => ({
  code: 'pfsense/outside-is-own-address',
  where,
  what: `It holds the address of the interface ${key} itself: everything that the box answers there, a VPN too, would go to the inside host instead, and what the box sends would not come back.`,
  instead: 'another public address, as a virtual IP.',
});

export const insideIsTheGateway = (where: string, inside: Prefix): Problem => ({
  code: 'pfsense/inside-is-the-gateway',
  where,
  what: `Its inside ${printPrefix(inside)} holds an address of the box itself: what is opened to the server would open the box.`,
  instead: 'An exclusion of that address, or another prefix.',
});

export const insideIsPublic = (where: string, inside: Prefix): Problem => ({
  code: 'pfsense/inside-is-public',
  where,
  what: `Its inside ${printPrefix(inside)} overlaps public addresses of this gateway, so a rule could not tell translated packets from others.`,
  instead: 'Inside addresses that are not public addresses of the same gateway.',
});

export const twoInside = (where: string, other: string): Problem => ({
  code: 'pfsense/two-inside-addresses',
  where,
  what: `${other} has the same public address for the same peers, or would be asked first; it isn't decided which of the two hosts gets a packet.`,
  instead: 'Public addresses that differ, or destination restrictions that have no peer in common.',
});

export const twoOutside = (where: string, other: string): Problem => ({
  code: 'pfsense/two-outside-addresses',
  where,
  what: `${other} has the same inside address for the same peers on the same interface, so it isn't decided as whom the host appears outside.`,
  instead: 'inboundOnly on one of them, or destination restrictions that have no peer in common.',
});

export const inboundOnlyAlone = (where: string): Problem => ({
  code: 'pfsense/inbound-only-alone',
  where,
  what: 'A 1:1 entry always translates both ways, and no other mapping on this interface takes all that its host sends: it would go out by this address.',
  instead: 'another mapping of the host on the same interface, for the same peers or everybody; or no inboundOnly.',
});

export const openingsDiffer = (where: string, other: string): Problem => ({
  code: 'pfsense/openings-differ',
  where,
  what: `${other} has the same inside address and opens something else. pfSense filters after translation and sees the inside address alone: what one opens would be open by the other's public address, too.`,
  instead: 'One list of openings for both, destination restrictions that have no peer in common, or a second inside address of the host.',
});

export const network = (where: string, mask: number): Problem => ({
  code: 'pfsense/network-address',
  where,
  what: `It is the first or the last address of its network of length ${mask}; the box refuses it on an interface.`,
  instead: 'mask 32, or another address.',
});

export const tooManyAliases = (where: string, outside: Prefix): Problem => ({
  code: 'pfsense/too-many-aliases',
  where,
  what: `${printPrefix(outside)} would put more than 256 addresses on the interface.`,
  instead: 'kind proxy-arp for an on-link block, kind other for a routed one.',
});

export const carpSingle = (where: string): Problem => ({
  code: 'pfsense/carp-single',
  where,
  what: 'A CARP group is for one address, with its vhid.',
  instead: 'one address with carp: { vhid: ... }; further ones as ip-alias, or kind other for a routed block.',
});

export const proxyArpAlone = (where: string, key: string): Problem => ({
  code: 'pfsense/proxy-arp-without-address',
  where,
  what: `The interface ${key} has no IPv4 address, and without one the box does not answer ARP for others.`,
  instead: 'kind other where the block is routed to the box, or an address on the interface.',
});

export const answersNotLocal = (where: string): Problem => ({
  code: 'pfsense/answers-not-local',
  where,
  what: 'The gateway shall answer for it, and an address of this kind is not on the gateway.',
  instead: 'kind ip-alias or carp, or no answers.',
});
