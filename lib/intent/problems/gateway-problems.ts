// Creates the problems of a gateway's intents: virtual IPs, mappings (1:1 NAT) with their exclusions and peers, and
// reflection.

import { NetworkInterface } from '../../net/device';
import { Problem } from '../../problems/problem';
import { quoteText } from './field-problems';

export const describeNotOutside = (where: string, name: string, outside: readonly string[]): Problem => ({
  code: 'intent/not-an-outside-interface',
  where,
  what: `${quoteText(name)} is not an outside interface, so no source outside would reach the address.`,
  instead: `${outside.length > 0 ? `One of ${outside.join(', ')}; or r` : 'R'}ole "outside" for ${name}, where the internet arrives by it.`,
});

export const describeUnsetInterface = (where: string, outside: readonly string[]): Problem => ({
  code: 'intent/virtual-ip-interface-unset',
  where,
  what: 'It is not set, and there is more than one outside interface, of which one announces the address.',
  instead: `interface: one of ${outside.join(', ')}.`,
});

export const describeOwnAddress = (where: string, text: string, name: string): Problem => ({
  code: 'intent/public-is-own-address',
  where,
  what: `${text} is or contains the gateway's own address on ${name}: translating it would take away its way to the internet and to its operators.`,
  instead: 'Another public address, as a virtual IP.',
});

export const describeNotPublicHere = (where: string, text: string, name: string): Problem => ({
  code: 'intent/not-a-public-prefix',
  where,
  what: `${text} is in none of the public prefixes and networks of ${name}, so no traffic for it arrives there.`,
  instead: `An address of those, or its network among the publicPrefixes of ${name}: { prefix, delivery: 'routed' } where the provider sends it there.`,
});

export const describeOtherInterface = (where: string, text: string, { name, role }: NetworkInterface): Problem => ({
  code: 'intent/public-on-other-interface',
  where,
  what: `${text} is in a network of the interface ${name}${role === 'outside' ? '' : `, which is ${role}`}.`,
  instead:
    role === 'outside'
      ? `interface: "${name}", or an address of another network.`
      : 'The public address: one that the provider leads to the gateway. The host\'s own is the "internal" address of a mapping; publish takes the server itself.',
});

export const describeInnerSubnet = (where: string, text: string, { name, role }: NetworkInterface): Problem => ({
  code: 'intent/public-on-other-interface',
  where,
  what: `${text} is in a network of the interface ${name}, which is ${role}: hosts there look for it on their own wire, where no host answers, or one of them has it.`,
  instead: `An address that is in none of its networks; or a smaller network on ${name}, if the rest is not on that wire.`,
});

export const describeLinkLocal = (where: string, text: string, instead = 'An address that is routed.'): Problem => ({
  code: 'intent/link-local',
  where,
  what: `${text} is link-local: routers don't forward it.`,
  instead,
});

export const describeLongMask = (where: string, mask: number, text: string): Problem => ({
  code: 'intent/mask-differs',
  where,
  what: `A network of length ${mask} does not hold ${text}.`,
  instead: 'The length of the network that the address is in, or no mask.',
});

export const describeSingleAddressKind = (where: string, kind: string): Problem => ({
  code: 'intent/kind-needs-one-address',
  where,
  what: `The kind ${kind} puts one address on the interface, and this is a subnet.`,
  instead: 'A virtual IP per address; or kind proxy-arp (on-link) or other (routed) for the whole subnet.',
});

export const describeMissingCarp = (where: string): Problem => ({
  code: 'intent/carp-missing',
  where,
  what: 'The kind is carp, and "carp" is not set.',
  instead: 'carp: { vhid: 10 } with an id from 1 to 255 that no other device on that network has.',
});

export const describeUnusedCarp = (where: string, kind: string): Problem => ({
  code: 'intent/carp-without-effect',
  where,
  what: `"carp" is set, and the kind is ${kind}.`,
  instead: "kind: 'carp', or no carp.",
});

export const describeVirtualIpOverlap = (
  where: string,
  text: string,
  otherName: string,
  otherLocation: string,
): Problem => ({
  code: 'intent/virtual-ip-overlap',
  where,
  what: `${text} overlaps the virtual IP ${quoteText(otherName)} at ${otherLocation}.`,
  instead: 'One of them, or addresses that differ.',
});

export const describeNoVirtualIp = (where: string, text: string): Problem => ({
  code: 'intent/no-virtual-ip',
  where,
  what: `Nothing answers for ${text}: it is in no virtual IP of one interface, and in no public prefix that is routed to one.`,
  instead:
    'A VirtualIp for it, or its network among the publicPrefixes of an outside interface with delivery "routed".',
});

export const describeDifferentMasks = (where: string, outside: string, inside: string): Problem => ({
  code: 'intent/masks-differ',
  where,
  what: `${outside} and ${inside} have different sizes, so addresses can't stand for each other one by one.`,
  instead: 'Two prefixes of the same length.',
});

export const describeExternalOverlap = (
  where: string,
  text: string,
  otherName: string,
  otherLocation: string,
): Problem => ({
  code: 'intent/outside-overlap',
  where,
  what: `${text} overlaps the external address of ${quoteText(otherName)} at ${otherLocation}: the device would have to choose who gets a packet.`,
  instead: 'External prefixes that have no address in common; or enabled: false on one of the two.',
});

export const describeInternalTwice = (
  where: string,
  text: string,
  otherName: string,
  otherLocation: string,
): Problem => ({
  code: 'intent/inside-twice',
  where,
  what: `${text} is the internal address of ${quoteText(otherName)} too (${otherLocation}), for peers that both are for: it is not clear as what it leaves.`,
  instead: '"destination" on both with peers that differ, or inboundOnly: true on all but one.',
});

export const describeInternalIsExternal = (where: string, text: string, otherName: string): Problem => ({
  code: 'intent/inside-is-outside',
  where,
  what: `${text} is the internal address of one mapping and the external one of another (${otherName}).`,
  instead: 'The private address of the host as its internal address.',
});

export const describeInternalNotBehind = (where: string, text: string, name: string | undefined): Problem => ({
  code: 'intent/inside-not-behind',
  where,
  what:
    name === undefined
      ? `${text} is behind none of the inside interfaces, so the gateway would send it outside.`
      : `${text} is behind ${name}, which is an outside interface.`,
  instead: 'An address in a network of an inside, dmz or vpn interface; or its network among the routes of one.',
});

export const describeSwappedAddresses = (
  where: string,
  inside: string,
  outer: string,
  outside: string,
  inner: string,
): Problem => ({
  code: 'intent/inside-not-behind',
  where,
  what: `${inside} is behind ${outer}, which is an outside interface, and "external" is behind ${inner}.`,
  instead: `external: "${inside}", internal: "${outside}": the two are swapped.`,
});

export const describeInternalByName = (where: string, text: string): Problem => ({
  code: 'intent/bad-address',
  where,
  what: `${quoteText(text)} is not an address or a prefix.`,
  instead: 'The private address, "10.0.0.10"; or the CpanelServer itself, not its name.',
});

export const describeNetworkMismatch = (
  where: string,
  text: string,
  network: string,
  neighbourText: string,
  neighbourNetwork: string,
): Problem => ({
  code: 'intent/network-differs',
  where,
  what: `${text} is in ${network}, and by ${neighbourText} in ${neighbourNetwork}.`,
  instead: 'One length on both, as "ip -o addr" prints it on each.',
});

export const describeInternalIsGateway = (where: string, text: string, name: string): Problem => ({
  code: 'intent/inside-is-gateway',
  where,
  what: `${text} is or contains the gateway's own address on ${name}, so the mapping would open the gateway itself.`,
  instead: 'The address of the server.',
});

export const describeUnsetServerAddress = (where: string, server: string, addresses: readonly string[]): Problem => ({
  code: 'intent/server-address-unset',
  where,
  what:
    addresses.length === 0
      ? `${quoteText(server)} has no IPv4 address to map to.`
      : `${quoteText(server)} has ${addresses.length} IPv4 addresses.`,
  instead:
    addresses.length === 0
      ? 'A server with an IPv4 address.'
      : `{ server, address: "${addresses[0]}" } in place of the server, or another of ${addresses.slice(0, 20).join(', ')}.`,
});

export const describeForeignServerAddress = (where: string, server: string, text: string): Problem => ({
  code: 'intent/not-an-address-of-server',
  where,
  what: `${text} is not among the addresses of ${quoteText(server)}.`,
  instead: 'One of its addresses, or this one among its addresses.',
});

export const describeExclusionOutside = (where: string, text: string, inside: string): Problem => ({
  code: 'intent/exclusion-outside',
  where,
  what: `${text} is not within the internal prefix ${inside}, so excluding it has no effect.`,
  instead: 'A part of the internal prefix, or no exclusion.',
});

export const describeEmptyExclusion = (where: string): Problem => ({
  code: 'intent/exclusion-empty',
  where,
  what: 'The exclusion has neither internal addresses nor peers, and would exclude everything.',
  instead: 'internal, peer, or both; enabled: false switches a whole mapping off.',
});

export const describeAllExcluded = (where: string): Problem => ({
  code: 'intent/all-excluded',
  where,
  what: 'The exclusions together take out all internal addresses, or all peers: the mapping would translate nothing.',
  instead: 'Fewer of them; enabled: false switches a whole mapping off.',
});

export const describeUnservedSources = (where: string, name: string): Problem => ({
  code: 'intent/open-to-nobody',
  where,
  what: `${quoteText(name)} is for sources that the mapping is not for: no source would be let in.`,
  instead: 'Sources of IPv4 that are among its destination, and not excluded; or a destination that holds them.',
});

export const describeReflectionOutside = (where: string, name: string): Problem => ({
  code: 'intent/reflection-from-outside',
  where,
  what: `${quoteText(name)} is an outside interface, and reflection is for hosts behind the others.`,
  instead: 'Interfaces of role inside, dmz or vpn.',
});

export const describeDifferentProfiles = (where: string, profileOwner: string, otherOwner: string): Problem => ({
  code: 'intent/profiles-differ',
  where,
  what: `Within this mapping ${profileOwner} and ${otherOwner} ask for different openings, and a mapping has one set of them.`,
  instead: 'A mapping per server.',
});

export const describeProfileForSubnet = (where: string, server: string, inside: string): Problem => ({
  code: 'intent/profile-for-subnet',
  where,
  what: `The profile of ${quoteText(server)} would open all of ${inside}, also its other addresses.`,
  instead:
    'A mapping for the address of the server alone; or "profile" on this mapping, where all of them shall have it.',
});

export const describeIpv6Only = (where: string, text: string): Problem => ({
  code: 'intent/families-differ',
  where,
  what: `${text} is IPv6, and mappings are of IPv4: the restriction would never apply.`,
  instead: 'IPv4 peers.',
});
