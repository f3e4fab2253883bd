import { FAMILY_NAME, familyOf, printAddress, printPrefix, printRange } from '../../net/address';
import { Device, NetworkInterface } from '../../net/device';
import { joined, point } from '../../net/range';
import { printable } from '../../problems/problem';
import { Mentions, isNamed } from '../../parse/foreign';
import { Facts, OTHERS, isWayOutTold, untoldFamilies } from './facts';
import { roleOf } from './suppositions';

/** What somebody told of the device, in sentences. */
export function given(facts: Facts): readonly string[] {
  // Who tells all interfaces leaves no others.
  const told = [...facts.interfaces].filter(([name]) => name !== OTHERS || !facts.complete);
  const interfaces = told.map(([name, { role, addresses }]) => {
    const has =
      addresses.length === 0
        ? ''
        : ` has ${addresses.map(({ address, length }) => `${printAddress(address)}/${length}`).join(', ')}`;
    const is = role === undefined ? '' : `${has === '' ? '' : ','} is ${role}`;
    return `${name === OTHERS ? 'every interface that the rules do not name' : printable(name)}${has}${is}`;
  });
  const own = joined(facts.ofLoopback.map(point));
  if (own.length > 0) interfaces.push(`lo has ${own.map(printRange).join(', ')}`);
  const groups = [...facts.groups].map(
    ([name, members]) => `${printable(name)} is the group of ${listed(members.map(printable))}`,
  );
  return [
    ...(interfaces.length === 0 ? [] : [interfaces.join('; ')]),
    ...groups,
    ...(facts.forwarding === undefined ? [] : [facts.forwarding ? 'it forwards' : 'it does not forward']),
  ];
}

/** What a text says of its own device, in sentences. */
export const described = ({ interfaces, localAddresses, leased = [] }: Device): readonly string[] => [
  interfaces
    .map(({ name, role, addresses, routes }) => {
      const has = addresses.map(({ address, length }) => `${printAddress(address)}/${length}`).join(', ');
      const behind = routes.length === 0 ? '' : `, behind it ${listed(routes.map(printPrefix))}`;
      return `${printable(name)} is ${role}${has === '' ? '' : `, has ${has}`}${behind}`;
    })
    .join('; '),
  ...(localAddresses.length === 0 ? [] : [`it also has ${listed(localAddresses.map(printAddress))}`]),
  ...(leased.length === 0
    ? []
    : [`${listed(leased.map(printable))} ${leased.length > 1 ? 'have' : 'has'} an address that it doesn't tell`]),
];

/** Of a text that tells its own device somebody tells who is behind its interfaces; what else was told counts for nothing, and nobody should believe it does. */
export function notTaken({ interfaces, leased = [] }: Device, facts: Facts): readonly string[] {
  const own = interfaces.map(({ name }) => name);
  const told = [...facts.interfaces].filter(([name]) => name !== OTHERS);
  const others = told.map(([name]) => name).filter((name) => !own.includes(name));
  const addressed = told.flatMap(([name, { addresses }]) =>
    own.includes(name) && addresses.length > 0 ? [printable(name)] : [],
  );
  const lease =
    leased.length === 0
      ? ''
      : ': one that is leased counts where it is written into a copy of the text (docs/exposure.md says how)';
  return [
    ...(others.length === 0
      ? []
      : [
          `what was told of ${listed(others.map(printable))} is left out: the interfaces here are called ${listed(own.map(printable))}`,
        ]),
    ...(addressed.length === 0
      ? []
      : [`the addresses that were told of ${listed(addressed)} are left out, as the text has its own${lease}`]),
    ...(facts.forwarding === undefined ? [] : ['whether it forwards is not asked: it is a firewall']),
  ];
}

/** No text says which of several uplinks the default route leads by. */
export function waysOut({ interfaces }: Device): readonly string[] {
  const outside = interfaces.filter(({ role }) => role === 'outside').map(({ name }) => printable(name));
  if (outside.length < 2) return [];
  return [
    `what no route is known for may leave by ${outside.slice(0, -1).join(', ')} or ${outside.at(-1)}: where that makes a difference, each is shown`,
  ];
}

/** Those for which no default route was told, and which count as uplinks by a public address. */
export function byAddress(interfaces: readonly NetworkInterface[], facts: Facts): readonly string[] {
  const taken = interfaces.flatMap(({ name, role }) => {
    const told = facts.interfaces.get(name);
    return facts.routes && role === 'outside' && told && told.role === undefined && told.defaults.length === 0
      ? [printable(name)]
      : [];
  });
  if (taken.length === 0) return [];
  return [
    `the internet may be behind ${listed(taken)}, too: no default route leads there, but ${taken.length > 1 ? 'they have' : 'it has'} a public address` +
      ` (${isWayOutTold(facts, 'ip6') ? '' : '"ip -6 -o route" tells the routes of IPv6; '}--interface ${taken[0]}:inside says otherwise)`,
  ];
}

const hasRole = (facts: Facts, name: string): boolean => facts.routes || facts.interfaces.get(name)?.role !== undefined;

export const supposedOutside = (interfaces: readonly NetworkInterface[], facts: Facts): readonly NetworkInterface[] =>
  interfaces.filter(({ name, role }) => role === 'outside' && !hasRole(facts, name));

/** Those of which nobody told whether the internet is behind them. */
export function perhapsUplinks(interfaces: readonly NetworkInterface[], facts: Facts): readonly string[] {
  const outside = supposedOutside(interfaces, facts);
  const named = outside.filter(({ name }) => name !== OTHERS);
  if (named.length === 0)
    return outside.length === 0 || interfaces.length === 1 ? [] : ['interfaces that the rules do not name are outside'];
  const each = named.length < outside.length ? ['every interface that the rules do not name'] : [];
  return [
    `${listed([...named.map(({ name }) => printable(name)), ...each])} may ${outside.length > 1 ? 'each ' : ''}be the one to the internet` +
      ` (${facts.addresses ? 'what "ip -o route" prints tells which; ' : ''}--interface ${printable(named.at(-1)!.name)}:inside says otherwise)`,
  ];
}

/** Interfaces that rules name and that aren't among all that were told: a tunnel comes and goes, and others' packets with it. */
export function absent({ interfaces, complete }: Facts, mentions: Mentions): readonly string[] {
  const told = [...interfaces.keys()];
  const names = mentions.interfaces
    .filter((one) => roleOf(one) === 'outside' && !told.some((name) => isNamed(name, one)))
    .map(printable);
  if (!complete || told.length === 0 || names.length === 0) return [];
  return [
    `${listed(names)} ${names.length > 1 ? 'are' : 'is'} none by which packets come now, by what was told: what rules let in there is not shown`,
  ];
}

/** What nobody told, and how it is taken: always so that nothing open is left out. */
export function assumptions(
  interfaces: readonly NetworkInterface[],
  facts: Facts,
  mentions: Mentions,
): readonly string[] {
  const inside = interfaces
    .filter(({ name, role }) => role !== 'outside' && !hasRole(facts, name))
    .map(({ name }) => printable(name));
  const onlyOthers = interfaces.length === 1 && interfaces[0]!.name === OTHERS && !hasRole(facts, OTHERS);
  const untold = untoldFamilies(facts);
  const whichAre =
    untold.length === 1
      ? `those of ${FAMILY_NAME[untold[0]!]} were not told`
      : 'the rules do not say which ones those are';
  const groups = (mentions.groups ?? [])
    .filter((name) => !facts.groups.has(name) && !facts.interfaces.has(name))
    .map(printable);
  return [
    ...(groups.length > 0
      ? [
          `any interface may be in the ${groups.length > 1 ? 'groups' : 'group'} ${listed(groups)} (--group ${groups[0]}=em0,em1 says which are)`,
        ]
      : []),
    ...(onlyOthers ? ['packets may come by any interface: the rules name none'] : perhapsUplinks(interfaces, facts)),
    ...(inside.length > 0
      ? [`${listed(inside)} ${inside.length > 1 ? 'lead' : 'leads'} to the server's own containers or guests`]
      : []),
    ...(untold.length > 0 ? [`"this server" stands for every address that it has: ${whichAre}`] : []),
    ...(mentions.targets.some(({ first }) => untold.includes(familyOf(first)))
      ? [
          'where the rules lead packets to another address, it may be another host’s or the server’s own: what either lets through is shown',
        ]
      : []),
    ...(facts.forwarding === undefined
      ? [
          mentions.forwards
            ? 'it forwards packets, as its rules suggest (net.ipv4.ip_forward = 1)'
            : 'it may forward packets (net.ipv4.ip_forward = 1), though no rule suggests it',
        ]
      : []),
    ...(untold.length > 0 && (mentions.sourceTypes || mentions.returns)
      ? ['checks of where a source comes from (fib) let through whatever they may let through']
      : []),
    ...(untold.length > 0 && mentions.here === true
      ? [
          'an address of the server may be one of the interface that a packet comes by, or of another: what either lets through is shown',
        ]
      : []),
  ];
}

/** What no text of rules of any platform can say. */
export const LIMITS: readonly string[] = [
  'what a port lets in is reachable only where something listens on it',
  'a firewall before the server (a provider’s, a security group) may let through less',
];

const listed = (names: readonly string[]): string => {
  const shown = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};
