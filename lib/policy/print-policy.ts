// Prints a policy as sorted, readable lines `subject: value`, which Terraform plans show and compare.

import { printAddress, printPrefix, printRange } from '../net/address';
import { NetworkInterface, NumberRange } from '../net/device';
import { Range } from '../net/range';
import { printFacts } from './print-facts';
import {
  CpnatPolicy,
  GatewayPolicy,
  Mapping,
  AllowRule,
  AllowRules,
  OutboundRule,
  Policy,
  ServerPolicy,
  VirtualIp,
} from './policy';

/** Lines of a policy are keys and values in plans and states, which keep their words. */
const SESSION_WORDS = { terminate: 'cut', keep: 'finish' } as const;

/**
 * Prints a policy as sorted lines `what: how`, each `what` once, for a person who reads a plan. There is one line per
 * mapping, one per virtual IP that says more than its mapping, and one per port range of each distinct profile. A
 * mapping's line names its profile, so ten thousand mappings of one profile don't repeat its ports.
 */
export function printPolicy(policy: Policy): readonly string[] {
  const names = nameProfiles(policy.kind === 'gateway' ? listGatewayRules(policy) : [policy.allowRules]);
  const lines = policy.kind === 'gateway' ? printGateway(policy, names) : printServer(policy, names);
  lines.push(
    `platform: ${policy.platform} ${policy.version}`,
    `sessions that close: ${SESSION_WORDS[policy.establishedSessions]}`,
  );
  lines.push(
    ...policy.interfaces.map(
      (networkInterface) => `interface ${networkInterface.name}: ${printInterface(networkInterface)}`,
    ),
  );
  for (const [openings, name] of names) lines.push(...printAllowRules(name, openings));
  return lines.sort();
}

type ProfileNames = ReadonlyMap<AllowRules, string>;

const listGatewayRules = ({ virtualIps, mappings }: GatewayPolicy): readonly AllowRules[] =>
  [...virtualIps.map(({ answers }) => answers), ...mappings.map(({ allowRules }) => allowRules)].filter(hasEntries);

const hasEntries = ({ entries, blocked }: AllowRules): boolean => entries.length + blocked.length > 0;

/**
 * Gives each `AllowRules` object with entries a name. Two different objects may have the same name; a number tells them
 * apart.
 */
function nameProfiles(profiles: readonly AllowRules[]): ProfileNames {
  const names = new Map<AllowRules, string>();
  const uses = new Map<string, number>();
  for (const openings of profiles) {
    if (names.has(openings)) continue;
    const use = (uses.get(openings.name) ?? 0) + 1;
    uses.set(openings.name, use);
    names.set(openings, use === 1 ? openings.name : `${openings.name}#${use}`);
  }
  return names;
}

const printInterface = ({ role, addresses, routes }: NetworkInterface): string =>
  joinClauses(
    [role, ...addresses.map(({ address, length }) => `${printAddress(address)}/${length}`)].join(' '),
    routes.length === 0 ? '' : `behind it ${routes.map(printPrefix).join(' ')}`,
  );

const printGateway = ({ virtualIps, mappings }: GatewayPolicy, names: ProfileNames): string[] => [
  ...virtualIps
    .filter(createDetailCheck(mappings))
    .map((vip) => `virtual ip ${vip.name}: ${printVirtualIp(vip, names)}`),
  ...mappings.map((mapping) => `mapping ${mapping.name}: ${printMapping(mapping, names)}`),
];

/**
 * Returns whether a virtual IP needs a line of its own. A routed one without answers says no more than the line of the
 * mapping of its whole block, which mostly implied it.
 */
function createDetailCheck(mappings: readonly Mapping[]): (vip: VirtualIp) => boolean {
  const printPlacement = (outside: Mapping['external'], on: string): string => `${printPrefix(outside)} on ${on}`;
  const printed = new Set(mappings.map((mapping) => printPlacement(mapping.external, mapping.interface)));
  return (vip) =>
    vip.kind !== 'other' || hasEntries(vip.answers) || !printed.has(printPlacement(vip.external, vip.interface));
}

function printVirtualIp(
  { external, mask, kind, carp, interface: on, answers }: VirtualIp,
  names: ProfileNames,
): string {
  const address =
    kind === 'ip-alias' || kind === 'carp' ? `${printAddress(external.first)}/${mask}` : printPrefix(external);
  const group = carp ? ` vhid ${carp.vhid} every ${carp.advertiseSeconds} s skew ${carp.skew}` : '';
  return joinClauses(
    `${address} ${kind}${group} on ${on}`,
    names.has(answers) ? `the gateway answers ${names.get(answers)}` : '',
  );
}

function printMapping(mapping: Mapping, names: ProfileNames): string {
  const { reflection } = mapping;
  return joinClauses(
    `${printPrefix(mapping.external)} = ${printPrefix(mapping.internal)} on ${mapping.interface}`,
    mapping.enabled ? '' : 'disabled',
    mapping.peers === 'anywhere' ? '' : `only with ${printRanges(mapping.peers)}`,
    ...mapping.exclude.map(
      ({ internal, peers }) => `not ${internal === 'all' ? 'any' : printRanges(internal)} with ${printPeers(peers)}`,
    ),
    mapping.inboundOnly ? 'inbound only' : '',
    `opens ${names.get(mapping.allowRules) ?? 'nothing'}`,
    reflection.mode === 'disabled' ? 'no hairpin' : `hairpin ${reflection.mode} from ${reflection.from.join(' ')}`,
    reflection.globalHelper ? "may turn on the device's one switch for reflected sources" : '',
    mapping.description === '' ? '' : `"${mapping.description}"`,
  );
}

const printServer = (policy: ServerPolicy, names: ProfileNames): string[] => [
  `server: opens ${names.get(policy.allowRules) ?? 'nothing'}`,
  `inside: ${policy.trustedNetworks.length === 0 ? 'nobody' : printRanges(policy.trustedNetworks)}${policy.trustedConnections === 'listed' ? ', only what is listed' : ', unmanaged'}`,
  ...(policy.outbound === 'anywhere' || policy.outbound.length === 0
    ? [`outbound: ${policy.outbound === 'anywhere' ? 'anywhere' : 'nothing'}`]
    : groupRows(policy.outbound.map((rule) => [toOutboundKey(rule), printDestinations(rule)]))),
  ...policy.ownPublic.map((pair) => `${printOwnPublic(pair)}: ${printAddress(pair.local)}`),
  ...(policy.cpnat ? printCpnat(policy.cpnat) : []),
  ...(policy.replaces ?? []).map((firewall) => `replaces ${firewall}: stopped, and off once it is confirmed`),
  ...(policy.facts ? printFacts(policy.facts) : []),
];

const printCpnat = ({ natMode, pairs, serverInUse, myip, passiveFtp }: CpnatPolicy): readonly string[] => [
  `cpnat: nat mode ${natMode}${serverInUse === 'change' ? ', also where there are accounts' : ''}`,
  ...pairs.map((pair) => `cpnat ${printAddress(pair.local)}: ${printAddress(pair.public)}`),
  ...(myip === undefined ? [] : [`cpnat page asked: ${myip}`]),
  ...(passiveFtp
    ? [
        `cpnat passive ftp: ${printAddress(passiveFtp.address)}${passiveFtp.ports ? printPorts([passiveFtp.ports]) : ''}`,
      ]
    : []),
];

const toOutboundKey = ({ protocol, ports, sourcePorts }: OutboundRule): string =>
  `outbound ${getProtocolName(protocol)}${printPorts(ports)}${sourcePorts === 'all' ? '' : ` from port${printPorts(sourcePorts)}`}`;

const printDestinations = ({ destinations, origin }: OutboundRule): string =>
  `to ${printPeers(destinations)} (${origin})`;

function printAllowRules(name: string, { entries, blocked }: AllowRules): readonly string[] {
  const rows = entries.flatMap((entry) =>
    listPorts(entry.ports).map((port) => [toRuleKey(name, entry, port), printSources(entry)] as const),
  );
  return [...groupRows(rows), ...(blocked.length === 0 ? [] : [`blocked by ${name}: ${printRanges(blocked)}`])];
}

const toRuleKey = (name: string, { protocol }: AllowRule, port: 'all' | NumberRange): string =>
  `${name} opens ${getProtocolName(protocol)}${port === 'all' ? '' : printPorts([port])}`;

const printSources = ({ sources, management, origin }: AllowRule): string =>
  `from ${printPeers(sources)} (${management && origin !== 'management' ? `${origin}, management` : origin})`;

const listPorts = (ports: AllowRule['ports']): readonly ('all' | NumberRange)[] => (ports === 'all' ? ['all'] : ports);

/** Joins the values of one key into one line, in the order in which they were written. */
function groupRows(rows: readonly (readonly [key: string, value: string])[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const [key, value] of rows) values.set(key, (values.get(key) ?? new Set()).add(value));
  return [...values].map(([key, valueSet]) => `${key}: ${[...valueSet].join('; ')}`);
}

const joinClauses = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ');
const printRanges = (ranges: readonly Range[]): string => ranges.map(printRange).join(' ');
const printPeers = (peers: 'anywhere' | readonly Range[]): string =>
  peers === 'anywhere' ? 'anywhere' : printRanges(peers);

const printPorts = (ports: 'all' | readonly NumberRange[]): string =>
  ports === 'all'
    ? ''
    : ` ${ports.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')}`;

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp type'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmpv6 type'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

const getProtocolName = (protocol: number): string => PROTOCOL_NAMES.get(protocol) ?? `protocol ${protocol}`;

/** Returns the name of an own public address of a server, for the policy's lines and for problems. */
export const printOwnPublic = (pair: Pick<ServerPolicy['ownPublic'][number], 'public'>): string =>
  `own public ${printAddress(pair.public)}`;
