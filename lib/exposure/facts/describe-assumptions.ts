// Describes in sentences the facts that an exposure report was given, and the assumptions that it makes for missing
// ones.

import { Address, FAMILY_NAME, getFamily, printAddress, printPrefix, printRange } from '../../net/address';
import { Device, NetworkInterface } from '../../net/device';
import { mergeRanges, toSingleRange } from '../../net/range';
import { escapeForDisplay } from '../../problems/problem';
import { DeviceReferences, matchesInterfaceName } from '../../parse/config-format';
import { Facts, OTHER_INTERFACES, hasDefaultRoute, getUnknownFamilies } from './device-facts';
import { getDefaultRole } from './assumed-devices';

/** Returns the given facts in sentences. */
export function describeGivenFacts(facts: Facts): readonly string[] {
  // If all interfaces are given, there are no others.
  const namedInterfaces = [...facts.interfaces].filter(([name]) => name !== OTHER_INTERFACES || !facts.isComplete);
  const interfaces = namedInterfaces.map(([name, { role, addresses }]) => {
    const addressText =
      addresses.length === 0
        ? ''
        : ` has ${addresses.map(({ address, length }) => `${printAddress(address)}/${length}`).join(', ')}`;
    const roleText = role === undefined ? '' : `${addressText === '' ? '' : ','} is ${role}`;
    return `${name === OTHER_INTERFACES ? 'every interface that the rules do not name' : escapeForDisplay(name)}${addressText}${roleText}`;
  });
  const loopbackRanges = mergeRanges(facts.loopbackAddresses.map(toSingleRange));
  if (loopbackRanges.length > 0) interfaces.push(`lo has ${loopbackRanges.map(printRange).join(', ')}`);
  const groups = [...facts.groups].map(
    ([name, members]) => `${escapeForDisplay(name)} is the group of ${joinNames(members.map(escapeForDisplay))}`,
  );
  return [
    ...(interfaces.length === 0 ? [] : [interfaces.join('; ')]),
    ...groups,
    ...(facts.forwarding === undefined ? [] : [facts.forwarding ? 'it forwards' : 'it does not forward']),
  ];
}

/** Returns sentences on the device that a text describes. */
export const describeDevice = ({
  interfaces,
  localAddresses,
  leasedInterfaces = [],
  leasedAddresses,
}: Device): readonly string[] => [
  interfaces
    .map(({ name, role, addresses, routes }) => {
      const knownAddresses = addresses.filter(({ address }) => !leasedAddresses?.has(address));
      const addressText = knownAddresses.map(({ address, length }) => `${printAddress(address)}/${length}`).join(', ');
      const routeText = routes.length === 0 ? '' : `, behind it ${joinNames(routes.map(printPrefix))}`;
      return `${escapeForDisplay(name)} is ${role}${addressText === '' ? '' : `, has ${addressText}`}${routeText}`;
    })
    .join('; '),
  ...(localAddresses.length === 0 ? [] : [`it also has ${joinNames(localAddresses.map(printAddress))}`]),
  ...(leasedInterfaces.length === 0
    ? []
    : [
        `${joinNames(leasedInterfaces.map(escapeForDisplay))} ${leasedInterfaces.length > 1 ? 'have' : 'has'} a leased address, which the text doesn't tell (--interface ${escapeForDisplay(leasedInterfaces[0]!)}=ADDRESS/LENGTH does)`,
      ]),
];

/**
 * Returns sentences on ignored facts. If a text describes its own device, only given roles of its interfaces count, and
 * the operator must know that.
 */
export function describeIgnoredFacts({ interfaces, leasedAddresses }: Device, facts: Facts): readonly string[] {
  const interfaceNames = interfaces.map(({ name }) => name);
  const namedInterfaces = [...facts.interfaces].filter(([name]) => name !== OTHER_INTERFACES);
  const unknownNames = namedInterfaces.map(([name]) => name).filter((name) => !interfaceNames.includes(name));
  const isLeased = (name: string, given: Address): boolean =>
    [...(leasedAddresses ?? [])].some(
      ([address, leasing]) => leasing === name && getFamily(address) === getFamily(given),
    );
  const addressedNames = namedInterfaces.flatMap(([name, { addresses }]) =>
    interfaceNames.includes(name) && addresses.some(({ address }) => !isLeased(name, address))
      ? [escapeForDisplay(name)]
      : [],
  );
  return [
    ...(unknownNames.length === 0
      ? []
      : [
          `what was told of ${joinNames(unknownNames.map(escapeForDisplay))} is left out: the interfaces here are called ${joinNames(interfaceNames.map(escapeForDisplay))}`,
        ]),
    ...(addressedNames.length === 0
      ? []
      : [`the addresses that were told of ${joinNames(addressedNames)} are left out, as the text has its own`]),
    ...(facts.forwarding === undefined ? [] : ['whether it forwards is not asked: it is a firewall']),
  ];
}

/** Returns a sentence on several uplinks: no text says by which of them the default route leads. */
export function describeUplinkChoice({ interfaces }: Device): readonly string[] {
  const outside = interfaces.filter(({ role }) => role === 'outside').map(({ name }) => escapeForDisplay(name));
  if (outside.length < 2) return [];
  return [
    `what no route is known for may leave by ${outside.slice(0, -1).join(', ')} or ${outside.at(-1)}: where that makes a difference, each is shown`,
  ];
}

/** Returns a sentence on interfaces without a known default route that count as uplinks by a public address. */
export function describeUplinksByAddress(interfaces: readonly NetworkInterface[], facts: Facts): readonly string[] {
  const uplinks = interfaces.flatMap(({ name, role }) => {
    const interfaceFacts = facts.interfaces.get(name);
    return facts.routes &&
      role === 'outside' &&
      interfaceFacts &&
      interfaceFacts.role === undefined &&
      interfaceFacts.defaults.length === 0
      ? [escapeForDisplay(name)]
      : [];
  });
  if (uplinks.length === 0) return [];
  return [
    `the internet may be behind ${joinNames(uplinks)}, too: no default route leads there, but ${uplinks.length > 1 ? 'they have' : 'it has'} a public address` +
      ` (${hasDefaultRoute(facts, 'ip6') ? '' : '"ip -6 -o route" tells the routes of IPv6; '}--interface ${uplinks[0]}:inside says otherwise)`,
  ];
}

const hasKnownRole = (facts: Facts, name: string): boolean =>
  facts.routes || facts.interfaces.get(name)?.role !== undefined;

export const listAssumedUplinks = (
  interfaces: readonly NetworkInterface[],
  facts: Facts,
): readonly NetworkInterface[] =>
  interfaces.filter(({ name, role }) => role === 'outside' && !hasKnownRole(facts, name));

/** Returns a sentence on interfaces for which no fact tells whether the internet is behind them. */
export function describePossibleUplinks(interfaces: readonly NetworkInterface[], facts: Facts): readonly string[] {
  const outside = listAssumedUplinks(interfaces, facts);
  const namedInterfaces = outside.filter(({ name }) => name !== OTHER_INTERFACES);
  if (namedInterfaces.length === 0)
    return outside.length === 0 || interfaces.length === 1 ? [] : ['interfaces that the rules do not name are outside'];
  const otherInterfaces = namedInterfaces.length < outside.length ? ['every interface that the rules do not name'] : [];
  return [
    `${joinNames([...namedInterfaces.map(({ name }) => escapeForDisplay(name)), ...otherInterfaces])} may ${outside.length > 1 ? 'each ' : ''}be the one to the internet` +
      ` (${facts.addresses ? 'what "ip -o route" prints tells which; ' : ''}--interface ${escapeForDisplay(namedInterfaces.at(-1)!.name)}:inside says otherwise)`,
  ];
}

/**
 * Returns a sentence on interfaces that rules name and that the complete list lacks. A tunnel comes and goes, and with
 * it packets of other hosts.
 */
export function describeAbsentInterfaces(
  { interfaces, isComplete }: Facts,
  mentions: DeviceReferences,
): readonly string[] {
  const knownNames = [...interfaces.keys()];
  const names = mentions.interfaces
    .filter(
      (pattern) =>
        getDefaultRole(pattern) === 'outside' && !knownNames.some((name) => matchesInterfaceName(name, pattern)),
    )
    .map(escapeForDisplay);
  if (!isComplete || knownNames.length === 0 || names.length === 0) return [];
  return [
    `${joinNames(names)} ${names.length > 1 ? 'are' : 'is'} none by which packets come now, by what was told: what rules let in there is not shown`,
  ];
}

/** Returns sentences on missing facts and what is assumed instead. No assumption leaves out something open. */
export function describeAssumptions(
  interfaces: readonly NetworkInterface[],
  facts: Facts,
  mentions: DeviceReferences,
): readonly string[] {
  const inside = interfaces
    .filter(({ name, role }) => role !== 'outside' && !hasKnownRole(facts, name))
    .map(({ name }) => escapeForDisplay(name));
  const isAnyInterface =
    interfaces.length === 1 && interfaces[0]!.name === OTHER_INTERFACES && !hasKnownRole(facts, OTHER_INTERFACES);
  const unknownFamilies = getUnknownFamilies(facts);
  const addressNote =
    unknownFamilies.length === 1
      ? `those of ${FAMILY_NAME[unknownFamilies[0]!]} were not told`
      : 'the rules do not say which ones those are';
  const addressed = (mentions.addressedInterfaces ?? [])
    .filter((name) => (facts.interfaces.get(name)?.addresses.length ?? 0) === 0)
    .map(escapeForDisplay);
  const groups = (mentions.groups ?? [])
    .filter((name) => !facts.groups.has(name) && !facts.interfaces.has(name))
    .map(escapeForDisplay);
  return [
    ...(groups.length > 0
      ? [
          `any interface may be in the ${groups.length > 1 ? 'groups' : 'group'} ${joinNames(groups)} (--group ${groups[0]}=em0,em1 says which are)`,
        ]
      : []),
    ...(isAnyInterface
      ? ['packets may come by any interface: the rules name none']
      : describePossibleUplinks(interfaces, facts)),
    ...(inside.length > 0
      ? [`${joinNames(inside)} ${inside.length > 1 ? 'lead' : 'leads'} to the server's own containers or guests`]
      : []),
    ...(unknownFamilies.length > 0 ? [`"this server" stands for every address that it has: ${addressNote}`] : []),
    ...(unknownFamilies.length > 0 && addressed.length > 0
      ? [
          `${joinNames(addressed)} in the place of an address ${addressed.length > 1 ? 'stand' : 'stands'} for the addresses that ${addressed.length > 1 ? 'they have' : 'it has'}: a packet to this server that comes in there is for one of them (--interface ${addressed[0]}=ADDRESS/LENGTH tells them)`,
        ]
      : []),
    ...(mentions.targets.some(({ first }) => unknownFamilies.includes(getFamily(first)))
      ? [
          'where the rules translate packets to another address, it may be another host’s or the server’s own: what either lets through is shown',
        ]
      : []),
    ...(facts.forwarding === undefined
      ? [
          mentions.needsForwarding
            ? 'it forwards packets, as its rules suggest (net.ipv4.ip_forward = 1)'
            : 'it may forward packets (net.ipv4.ip_forward = 1), though no rule suggests it',
        ]
      : []),
    ...(unknownFamilies.length > 0 && (mentions.testsSourceTypes || mentions.testsReversePath)
      ? ['checks of where a source comes from (fib) let through whatever they may let through']
      : []),
    ...(unknownFamilies.length > 0 && mentions.testsArrivalInterface === true
      ? [
          'an address of the server may be one of the interface that a packet comes by, or of another: what either lets through is shown',
        ]
      : []),
  ];
}

/** Limits of every report: facts that no text of rules of any platform holds. */
export const COMMON_LIMITS: readonly string[] = [
  'what a port lets in is reachable only where something listens on it',
  'a firewall before the server (a provider’s, a security group) may let through less',
];

const joinNames = (names: readonly string[]): string => {
  const visibleNames = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} more`] : names;
  return visibleNames.length < 2
    ? (visibleNames[0] ?? '')
    : `${visibleNames.slice(0, -1).join(', ')} and ${visibleNames.at(-1)}`;
};
