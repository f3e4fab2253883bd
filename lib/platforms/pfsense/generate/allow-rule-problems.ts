// Creates the problems of allow rules and NAT reflections that pfSense can't express: protocols and ICMP types without
// a name, port 0, reflection from a part of the interfaces.

import { Problem } from '../../../problems/problem';

export const createProtocolUnnamed = (where: string, number: number): Problem => ({
  code: 'pfsense/protocol',
  where,
  what: `pfSense has no name for protocol ${number} in its rules.`,
  instead: 'tcp, udp, icmp, igmp, ipv6 (41), gre, esp, ah, ospf, etherip (97), pim or sctp.',
});

export const createPortZero = (where: string): Problem => ({
  code: 'pfsense/port-zero',
  where,
  what: 'It asks for port 0, which pfSense always drops.',
  instead: '"1-65535" for all ports.',
});

export const createIcmpType = (where: string, type: number): Problem => ({
  code: 'pfsense/icmp-type',
  where,
  what: `pfSense has no name for ICMP type ${type}.`,
  instead: 'types 0, 3 to 6, 8 to 18, 30 to 40 without 37 and 38, or all of them.',
});

export const createPartialReflection = (
  where: string,
  from: readonly string[],
  reflects: readonly string[],
): Problem => ({
  code: 'pfsense/reflection-from',
  where,
  what: `It is to be reflected from ${formatNames(from)}; pfSense reflects a 1:1 entry from every interface without a gateway at once, here ${formatNames(reflects)}.`,
  instead:
    reflects.length === 0
      ? "reflection mode 'disabled'."
      : `from: [${reflects.map((name) => `'${name}'`).join(', ')}], or mode 'disabled'.`,
});

export const createSharedSubnet = (where: string, shared: readonly string[]): Problem => ({
  code: 'pfsense/reflection-helper',
  where,
  what: `Clients on ${formatNames(shared)} share a subnet with its internal address. They reach it by its public address only where the box translates their source, and for that pfSense has one switch for all NAT of the box ("automatic outbound NAT for reflection").`,
  instead:
    "globalHelper: true in the reflection, where that switch may be turned on; or mode 'disabled', and the internal address in the names that inside hosts ask for.",
});

export const createReflectionDiffers = (where: string, other: string): Problem => ({
  code: 'pfsense/reflection-differs',
  where,
  what: `${other} has the same internal address and is reflected to hosts of its subnet. The box then translates the source of whatever claims to come from there, by whichever public address; this mapping, which is not reflected, would show the server the box instead of the sender.`,
  instead: 'the same reflection for both.',
});

export const createDefaultUncaptured = (where: string): Problem => ({
  code: 'pfsense/system-default',
  where,
  what: 'What the box does by default is not known: its configuration was not captured.',
  instead: "reflection mode 'pure-nat' or 'disabled', or a capturedConfig.",
});

export const createDefaultOff = (where: string): Problem => ({
  code: 'pfsense/system-default',
  where,
  what: 'The box does not reflect 1:1 entries by default.',
  instead: "reflection mode 'pure-nat' for reflection, 'disabled' for none.",
});

export const createDefaultOn = (where: string): Problem => ({
  code: 'pfsense/system-default',
  where,
  what: 'The box reflects 1:1 entries by default, and it is to be reflected from no interface.',
  instead: "reflection mode 'disabled'.",
});

const formatNames = (names: readonly string[]): string => (names.length === 0 ? 'no interface' : names.join(', '));
