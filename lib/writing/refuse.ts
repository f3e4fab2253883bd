import { Address, Prefix, familyOf, isHost, networkOf, prefixRange } from '../net/address';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../net/packet';
import { contains } from '../net/range';
import { GatewayPolicy, Mapping, Openings, Outbound, Policy, ServerPolicy, VirtualIp } from '../policy/policy';
import { Problem } from '../problems/problem';
import { Able, Capabilities, GatewayCapabilities } from './capabilities';
import * as problems from './problems';

/** Room for the addresses of one VIP on an interface. */
const MOST_ALIASES = 256n;

/** What of a policy can't be done with these capabilities, before anything is made of it. How its mappings meet is `refusedParts`. */
export function refused(policy: Policy, can: Capabilities): Problem[] {
  const { device, owner } = policy;
  const able = can[policy.kind];
  if (!able) return coded(can, [problems.role(device, can, policy.kind)]);
  const found: Problem[] = [];
  if (!/^[a-z0-9-]+$/.test(owner) || owner.length > can.owner.most) found.push(problems.ownerName(device, can, owner));
  if (policy.kind === 'gateway') checkGateway(policy, can, found);
  else checkServer(policy, can, found);
  return coded(can, found);
}

/** As the platform's own. */
export const coded = ({ id }: Capabilities, found: readonly Problem[]): Problem[] =>
  found.map((problem) => ({ ...problem, code: `${id}/${problem.code}` }));

export const ownAddresses = ({ interfaces }: GatewayPolicy): readonly Address[] =>
  interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));

function checkGateway(policy: GatewayPolicy, can: Capabilities, found: Problem[]): void {
  const gateway = can.gateway!;
  const known = new Set(policy.interfaces.map(({ name }) => name));
  for (const mapping of policy.mappings) checkMapping(mapping, gateway, known, found);
  const own = ownAddresses(policy);
  for (const vip of policy.virtualIps) checkVirtualIp(vip, gateway, own, found);
  const { form, are } = gateway.interfaces;
  for (const name of new Set([...known, ...[...policy.virtualIps, ...policy.mappings].map((one) => one.interface)]))
    if (!form.test(name)) found.push(problems.interfaceName(policy.device, can, name, are));
  const opened = new Set([...policy.mappings.map(({ openings }) => openings), ...policy.virtualIps.map(({ answers }) => answers)]);
  for (const openings of opened) checkOpenings(openings, can, found);
}

function checkMapping(mapping: Mapping, can: GatewayCapabilities, known: ReadonlySet<string>, found: Problem[]): void {
  const where = `mapping ${mapping.name}`;
  const { mode, from } = mapping.reflection;
  const need = (able: Able, code: string, instead: string): void => {
    if (able !== true) found.push({ code, where, what: able, instead });
  };
  const sides = sidesOf(mapping, can);
  if (sides) found.push(sides(where));
  if (!isHost(mapping.outside)) need(can.subnets, 'subnets', 'a mapping for each address.');
  if (mapping.peers !== 'anywhere') need(can.destinationRestriction, 'destination-restriction', 'peers "anywhere".');
  if (mapping.exclude.some(({ inside }) => inside !== 'all'))
    need(can.exclusion.inside, 'exclusion-of-inside', 'mappings of what is left.');
  if (mapping.exclude.some(({ peers }) => peers !== 'anywhere')) need(can.exclusion.peers, 'exclusion-of-peers', 'no exclusion of peers.');
  if (mapping.inboundOnly) need(can.inboundOnly, 'inbound-only', 'no inboundOnly.');
  if (can.reflection[mode] !== true) need(can.reflection[mode], mode, `reflection mode ${listed(can.reflection)}.`);
  if (mode !== 'disabled') for (const name of from) if (!known.has(name)) found.push(problems.unknownInterface(where, name));
}

/** Whether its two sides can stand for each other. A mapping that can't has no parts. */
export const pairsUp = (mapping: Mapping, { gateway }: Capabilities): boolean => sidesOf(mapping, gateway!) === undefined;

function sidesOf({ outside, inside }: Mapping, { ipv6 }: GatewayCapabilities): ((where: string) => Problem) | undefined {
  if (ipv6 !== true && [outside, inside].some(isIp6)) return (where) => problems.ipv6Mapping(where, ipv6);
  if (outside.length !== inside.length || isIp6(outside) !== isIp6(inside)) return problems.unequalSides;
  return [outside, inside].every(isAligned) ? undefined : problems.unaligned;
}

const isAligned = (side: Prefix): boolean => isHost(side) || networkOf(side.first, side.length).first === side.first;

const isIp6 = ({ first }: Prefix): boolean => familyOf(first) === 'ip6';

/** `a, b or c`: those that it can. */
const listed = (kinds: Readonly<Record<string, Able>>): string =>
  Object.keys(kinds)
    .filter((kind) => kinds[kind] === true)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');

function checkVirtualIp(vip: VirtualIp, { ipv6, virtualIps }: GatewayCapabilities, own: readonly bigint[], found: Problem[]): void {
  const where = `virtual IP ${vip.name}`;
  if (ipv6 !== true && isIp6(vip.outside)) return void found.push(problems.ipv6VirtualIp(where));
  const able = virtualIps[vip.kind];
  if (able !== true) return void found.push({ code: vip.kind, where, what: able, instead: `kind ${listed(virtualIps)}.` });
  const range = prefixRange(vip.outside);
  if (isOnGateway(vip)) {
    if (vip.kind === 'carp' && (!isHost(vip.outside) || !vip.carp)) found.push(problems.carpSingle(where));
    else if (range.last - range.first >= MOST_ALIASES) found.push(problems.tooManyAliases(where, vip.outside));
  } else if (vip.answers.entries.length > 0 && !(isHost(vip.outside) && own.some((address) => contains(range, address)))) {
    const { 'ip-alias': alias, carp } = virtualIps;
    found.push(problems.answersNotLocal(where, listed({ 'ip-alias': alias, carp })));
  }
}

/** Of a kind that makes it an address of the gateway. */
export const isOnGateway = ({ kind }: VirtualIp): boolean => kind === 'ip-alias' || kind === 'carp';

function checkServer({ device, localAddresses, ownPublic, openings, outbound }: ServerPolicy, can: Capabilities, found: Problem[]): void {
  const where = `device ${device}`;
  const { ipv6, sourcePorts, ...able } = can.server!;
  if (ipv6 !== true && localAddresses.some((address) => familyOf(address) === 'ip6'))
    found.push({ code: 'ipv6-server', where, what: ipv6, instead: 'a server without IPv6 addresses.' });
  if (able.ownPublic !== true && ownPublic.length > 0)
    found.push({ code: 'own-public', where, what: able.ownPublic, instead: 'no own public addresses: names that lead to the local ones.' });
  for (const pair of ownPublic) if (familyOf(pair.public) !== familyOf(pair.local)) found.push(problems.ownPublicFamilies(where));
  checkOpenings(openings, can, found);
  if (outbound === 'anywhere') return;
  checkOpenings({ name: 'outbound', entries: outbound }, can, found);
  if (able.outbound !== true) found.push({ code: 'outbound', where, what: able.outbound, instead: "outbound 'anywhere'." });
  else if (sourcePorts !== true && outbound.some((one) => one.sourcePorts !== 'all'))
    found.push({ code: 'source-ports', where, what: sourcePorts, instead: 'outbound connections by protocol, port and destination.' });
}

type Wish = Pick<Outbound, 'protocol' | 'ports'> & Partial<Pick<Outbound, 'sourcePorts'>>;

/** Ports of protocols that have none, or that the platform can't compare; each protocol once. */
function checkOpenings(
  { name, entries }: Pick<Openings, 'name'> & { readonly entries: readonly Wish[] },
  can: Capabilities,
  found: Problem[],
): void {
  const told = new Set<number>();
  for (const { protocol, ports, sourcePorts = 'all' } of entries) {
    const types = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
    if (told.has(protocol) || can.portsOf.includes(protocol) || (sourcePorts === 'all' && (ports === 'all' || types))) continue;
    told.add(protocol);
    const say = PROTOCOLS_WITH_PORTS.includes(protocol) ? problems.portsOfProtocol : problems.portsWithoutProtocol;
    found.push(say(`openings ${name}`, protocol, can));
  }
}
