import { Address, Prefix, printAddress, printPrefix } from '../../../net/address';
import { Problem } from '../../../problems/problem';

export const ownerName = (device: string, owner: string): Problem => ({
  code: 'nftables/owner-name',
  where: `device ${device}`,
  what: `The owner "${owner}" can't be part of a table's name.`,
  instead: 'One to sixty characters a-z, 0-9 and -, e.g. "web-team".',
});

export const surroundings = (where: string): Problem => ({
  code: 'nftables/surroundings',
  where,
  what: 'Its rules are tables of their own: what else is on the device is no part of them.',
  instead: 'no "surroundings"; the whole live ruleset is judged on the device.',
});

export const interfaceName = (device: string, name: string): Problem => ({
  code: 'nftables/interface-name',
  where: `device ${device}`,
  what: `"${name}" can't be an interface in a rule: nft would read a * as any ending, and Linux knows at most 15 characters.`,
  instead: 'The name as "ip link" prints it: letters, digits and . _ : @ -',
});

export const unknownInterface = (where: string, name: string): Problem => ({
  code: 'nftables/unknown-interface',
  where,
  what: `It is reflected from "${name}", and the gateway has no such interface: the address to reflect with isn't known.`,
  instead: 'The name of one of the interfaces of the gateway.',
});

export const carp = (where: string): Problem => ({
  code: 'nftables/carp',
  where,
  what: 'Linux has no CARP: nobody would announce this address.',
  instead: 'ip-alias, or a platform with CARP (pfSense, FreeBSD pf).',
});

export const natProxy = (where: string): Problem => ({
  code: 'nftables/nat-proxy',
  where,
  what: 'nftables has no relay for reflected connections.',
  instead: 'reflection mode pure-nat: it reaches the same hosts, and they see the real source.',
});

export const systemDefault = (where: string): Problem => ({
  code: 'nftables/system-default',
  where,
  what: 'nftables has no setting of its own for reflection, so "system-default" says nothing here.',
  instead: 'reflection mode pure-nat or disabled.',
});

export const ipv6Mapping = (where: string): Problem => ({
  code: 'nftables/ipv6-mapping',
  where,
  what: 'IPv6 addresses are not translated: a server has its public IPv6 address itself.',
  instead: "an IPv4 mapping; the server's own firewall opens its IPv6 addresses.",
});

export const ipv6VirtualIp = (where: string): Problem => ({
  code: 'nftables/ipv6-virtual-ip',
  where,
  what: 'An IPv6 virtual IP has no mapping to serve.',
  instead: "an IPv4 address; the server's own firewall opens its IPv6 addresses.",
});

export const unequalSides = (where: string): Problem => ({
  code: 'nftables/unequal-sides',
  where,
  what: 'Outside and inside have different lengths, so their addresses do not pair up.',
  instead: 'Prefixes of one length.',
});

export const insideIsPublic = (where: string, inside: Prefix): Problem => ({
  code: 'nftables/inside-is-public',
  where,
  what: `Its inside ${printPrefix(inside)} overlaps public addresses of this gateway, so a rule could not tell translated packets from others.`,
  instead: 'Inside addresses that are not public addresses of the same gateway.',
});

export const insideIsTheGateway = (where: string, address: Address): Problem => ({
  code: 'nftables/inside-is-the-gateway',
  where,
  what: `It would translate to ${printAddress(address)}, an address of the gateway itself: what is opened to the server would open the gateway.`,
  instead: `An exclusion of inside ${printAddress(address)}, or another prefix.`,
});

export const twoInside = (where: string, other: string): Problem => ({
  code: 'nftables/two-inside-addresses',
  where,
  what: `${other} has the same public address for the same peers, so it isn't decided which of the two hosts gets a packet.`,
  instead: 'Destination restrictions that have no peer in common, or one mapping.',
});

export const twoOutside = (where: string, other: string): Problem => ({
  code: 'nftables/two-outside-addresses',
  where,
  what: `${other} has the same inside address for the same peers on the same interface, so it isn't decided as whom the host appears outside.`,
  instead: 'inboundOnly on one of them, or destination restrictions that have no peer in common.',
});

export const aliasIsOwn = (where: string, address: Address): Problem => ({
  code: 'nftables/alias-is-own-address',
  where,
  what: `${printAddress(address)} is an address of the interface already; as an alias of ours it would be taken away with the release.`,
  instead: 'another public address: the interface keeps its own.',
});

export const tooManyAliases = (where: string, outside: Prefix): Problem => ({
  code: 'nftables/too-many-aliases',
  where,
  what: `${printPrefix(outside)} would put more than 256 addresses on the interface.`,
  instead: 'kind proxy-arp for an on-link block, kind other for a routed one.',
});

export const answersNotLocal = (where: string): Problem => ({
  code: 'nftables/answers-not-local',
  where,
  what: 'The gateway shall answer for it, and an address of this kind is not on the gateway.',
  instead: 'kind ip-alias, or no answers.',
});

export const portsWithoutProtocol = (where: string, protocol: number): Problem => ({
  code: 'nftables/ports-without-protocol',
  where,
  what: `Protocol ${protocol} has no ports.`,
  instead: 'ports "all" for it.',
});

export const ownPublicFamilies = (where: string): Problem => ({
  code: 'nftables/own-public-families',
  where,
  what: 'An IPv4 address and an IPv6 address can not stand for each other.',
  instead: 'Two addresses of one family.',
});

export const tooManyPairs = (where: string): Problem => ({
  code: 'nftables/too-many-shared-addresses',
  where,
  what: 'It shares more than 1024 public and inside addresses with mappings that open other ports; each pair would be a rule.',
  instead: 'One list of openings for these mappings, or addresses that are not shared.',
});
