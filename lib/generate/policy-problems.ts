// Creates the problems of policies that a platform can't implement, with texts that all platforms share.
// `addPlatformCode` puts the platform's id before each code.

import { Address, Prefix, printAddress, printPrefix } from '../net/address';
import { Problem } from '../problems/problem';
import { Capabilities } from './capabilities';

export const createRoleProblem = (device: string, { name }: Capabilities, kind: 'gateway' | 'server'): Problem => {
  const supportedRole = kind === 'gateway' ? 'server' : 'gateway';
  return {
    code: `${supportedRole}-only`,
    where: `device ${device}`,
    what:
      kind === 'server'
        ? `${name} is a gateway: it filters nothing on a server.`
        : `${name} filters a server: it is no gateway.`,
    instead:
      kind === 'server'
        ? "the platform of the server's own firewall."
        : 'the platform of the firewall that has the public addresses.',
  };
};

export const createOwnerNameProblem = (
  device: string,
  { owner: { location, maxLength } }: Capabilities,
  owner: string,
): Problem => ({
  code: 'owner-name',
  where: `device ${device}`,
  what: `The owner "${owner}" can't stand in ${location}.`,
  instead: `One to ${maxLength} characters a-z, 0-9 and -, e.g. "web-team".`,
});

export const createCapturedConfigProblem = (device: string, { name }: Capabilities): Problem => ({
  code: 'surroundings',
  where: `device ${device}`,
  what: `What it writes for ${name} is the owner's alone: what else is on the device is no part of it.`,
  instead: 'no "capturedConfig"; the whole live ruleset is judged on the device.',
});

export const createInterfaceNameProblem = (
  device: string,
  { name: platform }: Capabilities,
  name: string,
  description: string,
): Problem => ({
  code: 'interface-name',
  where: `device ${device}`,
  what: `"${name}" can't be an interface in a rule of ${platform}.`,
  instead: `${description}.`,
});

export const createUnknownInterfaceProblem = (where: string, name: string): Problem => ({
  code: 'unknown-interface',
  where,
  what: `It is reflected from "${name}", and the gateway has no such interface: the address to reflect with isn't known.`,
  instead: 'The name of one of the interfaces of the gateway.',
});

export const createIpv6VirtualIpProblem = (where: string): Problem => ({
  code: 'ipv6-virtual-ip',
  where,
  what: 'An IPv6 virtual IP has no mapping to serve.',
  instead: "an IPv4 address; the server's own firewall opens its IPv6 addresses.",
});

export const createUnequalSidesProblem = (where: string): Problem => ({
  code: 'unequal-sides',
  where,
  what: 'External and internal prefix have different lengths, so their addresses do not pair up.',
  instead: 'Prefixes of one length.',
});

export const createUnalignedProblem = (where: string): Problem => ({
  code: 'unaligned',
  where,
  what: 'Host bits are set in one of its prefixes; other addresses than those would be translated.',
  instead: 'The first address of the prefix.',
});

export const createPublicInternalProblem = (where: string, inside: Prefix): Problem => ({
  code: 'inside-is-public',
  where,
  what: `Its internal prefix ${printPrefix(inside)} overlaps public addresses of this gateway, so a rule could not tell translated packets from others.`,
  instead: 'Internal addresses that are not public addresses of the same gateway.',
});

export const createGatewayInternalProblem = (where: string, inside: Prefix, address: Address): Problem => ({
  code: 'inside-is-the-gateway',
  where,
  what: `Its internal prefix ${printPrefix(inside)} holds ${printAddress(address)}, an address of the gateway itself: what is opened to the server would open the gateway.`,
  instead: `An exclusion of internal ${printAddress(address)}, or another prefix.`,
});

export const createTwoInternalProblem = (where: string, other: string): Problem => ({
  code: 'two-inside-addresses',
  where,
  what: `${other} has the same public address for the same peers, so it isn't decided which of the two hosts gets a packet.`,
  instead: 'Public addresses that differ, destination restrictions that have no peer in common, or one mapping.',
});

export const createTwoExternalProblem = (where: string, other: string): Problem => ({
  code: 'two-outside-addresses',
  where,
  what: `${other} has the same internal address for the same peers on the same interface, so it isn't decided as whom the host appears outside.`,
  instead: 'inboundOnly on one of them, or destination restrictions that have no peer in common.',
});

export const createTooManyAliasesProblem = (where: string, outside: Prefix): Problem => ({
  code: 'too-many-aliases',
  where,
  what: `${printPrefix(outside)} would put more than 256 addresses on the interface.`,
  instead: 'kind proxy-arp for an on-link block, kind other for a routed one.',
});

export const createCarpSingleProblem = (where: string): Problem => ({
  code: 'carp-single',
  where,
  what: 'A CARP group is for one address, with its vhid.',
  instead: 'one address with carp: { vhid: ... }; further ones as ip-alias, or kind other for a routed block.',
});

export const createAnswersNotLocalProblem = (where: string, kinds: readonly string[]): Problem => ({
  code: 'answers-not-local',
  where,
  what: 'The gateway shall answer for it, and an address of this kind is not on the gateway.',
  instead: `kind ${kinds.join(' or ')}, or no answers.`,
});

export const createNoPortsProblem = (where: string, protocol: number): Problem => ({
  code: 'ports-without-protocol',
  where,
  what: `Protocol ${protocol} has no ports.`,
  instead: 'ports "all" for it.',
});

export const createPortMatchProblem = (where: string, protocol: number, { name }: Capabilities): Problem => ({
  code: 'ports-of-protocol',
  where,
  what: `${name} does not compare ports of protocol ${protocol}: every port would be open.`,
  instead: 'TCP or UDP, or all of the protocol.',
});

export const createOwnPublicFamiliesProblem = (where: string): Problem => ({
  code: 'own-public-families',
  where,
  what: 'An IPv4 address and an IPv6 address can not stand for each other.',
  instead: 'Two addresses of one family.',
});
