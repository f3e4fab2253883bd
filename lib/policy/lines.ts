import { printAddress, printPrefix, printRange } from '../net/address';
import { NetworkInterface, NumberRange } from '../net/device';
import { Range } from '../net/range';
import { factLines } from './facts';
import {
  CpnatWish,
  GatewayPolicy,
  Mapping,
  Opening,
  Openings,
  Outbound,
  Policy,
  ServerPolicy,
  VirtualIp,
} from './policy';

/**
 * A policy as sorted lines `what: how`, each `what` once: a line per mapping, and per virtual IP that says more, which names its profile, and a line per
 * port range of each distinct profile. What a person reads in a plan. Ten thousand mappings of one profile repeat none of its ports.
 */
export function policyLines(policy: Policy): readonly string[] {
  const names = profileNames(policy.kind === 'gateway' ? gatewayOpenings(policy) : [policy.openings]);
  const lines = policy.kind === 'gateway' ? gatewayLines(policy, names) : serverLines(policy, names);
  lines.push(`platform: ${policy.platform} ${policy.version}`, `sessions that close: ${policy.whenClosed}`);
  lines.push(...policy.interfaces.map((one) => `interface ${one.name}: ${networkInterface(one)}`));
  for (const [openings, name] of names) lines.push(...openingLines(name, openings));
  return lines.sort();
}

type Names = ReadonlyMap<Openings, string>;

const gatewayOpenings = ({ virtualIps, mappings }: GatewayPolicy): readonly Openings[] =>
  [...virtualIps.map(({ answers }) => answers), ...mappings.map(({ openings }) => openings)].filter(opensAnything);

const opensAnything = ({ entries, blocked }: Openings): boolean => entries.length + blocked.length > 0;

/** One name per object that opens anything. Two that differ may have been given one name. */
function profileNames(all: readonly Openings[]): Names {
  const names = new Map<Openings, string>();
  const uses = new Map<string, number>();
  for (const openings of all) {
    if (names.has(openings)) continue;
    const use = (uses.get(openings.name) ?? 0) + 1;
    uses.set(openings.name, use);
    names.set(openings, use === 1 ? openings.name : `${openings.name}#${use}`);
  }
  return names;
}

const networkInterface = ({ role, addresses, routes }: NetworkInterface): string =>
  clauses(
    [role, ...addresses.map(({ address, length }) => `${printAddress(address)}/${length}`)].join(' '),
    routes.length === 0 ? '' : `behind it ${routes.map(printPrefix).join(' ')}`,
  );

const gatewayLines = ({ virtualIps, mappings }: GatewayPolicy, names: Names): string[] => [
  ...virtualIps.filter(saysMoreThan(mappings)).map((vip) => `virtual ip ${vip.name}: ${virtualIp(vip, names)}`),
  ...mappings.map((one) => `mapping ${one.name}: ${mapping(one, names)}`),
];

/** One that is routed here and that nobody answers on says nothing beside the line of the mapping of all of it, which mostly implied it. */
function saysMoreThan(mappings: readonly Mapping[]): (vip: VirtualIp) => boolean {
  const placed = (outside: Mapping['outside'], on: string): string => `${printPrefix(outside)} on ${on}`;
  const said = new Set(mappings.map((one) => placed(one.outside, one.interface)));
  return (vip) => vip.kind !== 'other' || opensAnything(vip.answers) || !said.has(placed(vip.outside, vip.interface));
}

function virtualIp({ outside, mask, kind, carp, interface: on, answers }: VirtualIp, names: Names): string {
  const address =
    kind === 'ip-alias' || kind === 'carp' ? `${printAddress(outside.first)}/${mask}` : printPrefix(outside);
  const group = carp ? ` vhid ${carp.vhid} every ${carp.advertiseSeconds} s skew ${carp.skew}` : '';
  return clauses(
    `${address} ${kind}${group} on ${on}`,
    names.has(answers) ? `the gateway answers ${names.get(answers)}` : '',
  );
}

function mapping(one: Mapping, names: Names): string {
  const { reflection } = one;
  return clauses(
    `${printPrefix(one.outside)} = ${printPrefix(one.inside)} on ${one.interface}`,
    one.enabled ? '' : 'disabled',
    one.peers === 'anywhere' ? '' : `only with ${ranges(one.peers)}`,
    ...one.exclude.map(
      ({ inside, peers }) => `not ${inside === 'all' ? 'any' : ranges(inside)} with ${sources(peers)}`,
    ),
    one.inboundOnly ? 'inbound only' : '',
    `opens ${names.get(one.openings) ?? 'nothing'}`,
    reflection.mode === 'disabled' ? 'no hairpin' : `hairpin ${reflection.mode} from ${reflection.from.join(' ')}`,
    reflection.globalHelper ? "may turn on the device's one switch for reflected sources" : '',
    one.description === '' ? '' : `"${one.description}"`,
  );
}

const serverLines = (policy: ServerPolicy, names: Names): string[] => [
  `server: opens ${names.get(policy.openings) ?? 'nothing'}`,
  `inside: ${policy.inside.length === 0 ? 'nobody' : ranges(policy.inside)}${policy.insideConnections === 'listed' ? ', only what is listed' : ', unmanaged'}`,
  ...(policy.outbound === 'anywhere' || policy.outbound.length === 0
    ? [`outbound: ${policy.outbound === 'anywhere' ? 'anywhere' : 'nothing'}`]
    : grouped(policy.outbound.map((one) => [outboundKey(one), outboundTo(one)]))),
  ...policy.ownPublic.map((own) => `${ownPublicPlace(own)}: ${printAddress(own.local)}`),
  ...(policy.cpnat ? cpnatLines(policy.cpnat) : []),
  ...(policy.replaces ?? []).map((firewall) => `replaces ${firewall}: stopped, and off once it is confirmed`),
  ...(policy.facts ? factLines(policy.facts) : []),
];

const cpnatLines = ({ natMode, pairs, serverInUse, myip, passiveFtp }: CpnatWish): readonly string[] => [
  `cpnat: nat mode ${natMode}${serverInUse === 'change' ? ', also where there are accounts' : ''}`,
  ...pairs.map((one) => `cpnat ${printAddress(one.local)}: ${printAddress(one.public)}`),
  ...(myip === undefined ? [] : [`cpnat page asked: ${myip}`]),
  ...(passiveFtp
    ? [`cpnat passive ftp: ${printAddress(passiveFtp.address)}${passiveFtp.ports ? portText([passiveFtp.ports]) : ''}`]
    : []),
];

const outboundKey = ({ protocol, ports, sourcePorts }: Outbound): string =>
  `outbound ${protocolName(protocol)}${portText(ports)}${sourcePorts === 'all' ? '' : ` from port${portText(sourcePorts)}`}`;

const outboundTo = ({ destinations, because }: Outbound): string => `to ${sources(destinations)} (${because})`;

function openingLines(name: string, { entries, blocked }: Openings): readonly string[] {
  const rows = entries.flatMap((entry) =>
    portRanges(entry.ports).map((port) => [openingKey(name, entry, port), openingFrom(entry)] as const),
  );
  return [...grouped(rows), ...(blocked.length === 0 ? [] : [`blocked by ${name}: ${ranges(blocked)}`])];
}

const openingKey = (name: string, { protocol }: Opening, port: 'all' | NumberRange): string =>
  `${name} opens ${protocolName(protocol)}${port === 'all' ? '' : portText([port])}`;

const openingFrom = ({ sources: from, management, because }: Opening): string =>
  `from ${sources(from)} (${management && because !== 'management' ? `${because}, management` : because})`;

const portRanges = (ports: Opening['ports']): readonly ('all' | NumberRange)[] => (ports === 'all' ? ['all'] : ports);

/** Two wishes for one port are one line, in the order in which they were written. */
function grouped(rows: readonly (readonly [key: string, value: string])[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const [key, value] of rows) values.set(key, (values.get(key) ?? new Set()).add(value));
  return [...values].map(([key, all]) => `${key}: ${[...all].join('; ')}`);
}

const clauses = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ');
const ranges = (all: readonly Range[]): string => all.map(printRange).join(' ');
const sources = (from: 'anywhere' | readonly Range[]): string => (from === 'anywhere' ? 'anywhere' : ranges(from));

const portText = (ports: 'all' | readonly NumberRange[]): string =>
  ports === 'all'
    ? ''
    : ` ${ports.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')}`;

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
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

const protocolName = (protocol: number): string => PROTOCOLS.get(protocol) ?? `protocol ${protocol}`;

/** By which a policy's lines and what refuses it name an address that a server leads back to itself. */
export const ownPublicPlace = (own: Pick<ServerPolicy['ownPublic'][number], 'public'>): string =>
  `own public ${printAddress(own.public)}`;
