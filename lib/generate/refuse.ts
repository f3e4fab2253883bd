import { ownPublicPlace } from '../policy/lines';
import { Address, Prefix, familyOf, isHost, networkOf, prefixRange } from '../net/address';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../net/packet';
import { contains } from '../net/range';
import { GatewayPolicy, Mapping, Openings, Outbound, Policy, ServerPolicy, VirtualIp } from '../policy/policy';
import { Problem, Refusal } from '../problems/problem';
import { Able, AbleOf, Capabilities, GatewayCapabilities, ServerCapabilities, isAbleOf } from './capabilities';
import * as problems from './problems';

/** Room for the addresses of one VIP on an interface. */
const MOST_ALIASES = 256n;

/** What of a policy can't be done with these capabilities, before anything is made of it. How its mappings meet is `refusedParts`. */
export function refused(policy: Policy, can: Capabilities): Problem[] {
  const { device, owner } = policy;
  const isNamed = /^[a-z0-9-]+$/.test(owner) && owner.length <= can.owner.most;
  const found: Problem[] = isNamed ? [] : [problems.ownerName(device, can, owner)];
  if (policy.kind === 'gateway' && can.gateway) checkGateway(policy, can.gateway, can, found);
  else if (policy.kind === 'server' && can.server) checkServer(policy, can.server, can, found);
  else return coded(can, [problems.role(device, can, policy.kind)]);
  return coded(can, found);
}

/** The policy of a server, for a platform that is nothing else. Throws Refusal for a gateway's. */
export function serverAlone(policy: Policy, can: Capabilities): ServerPolicy {
  if (policy.kind === 'server') return policy;
  throw new Refusal(refused(policy, can));
}

/** As the platform's own. */
export const coded = ({ id }: Capabilities, found: readonly Problem[]): Problem[] =>
  found.map((problem) => ({ ...problem, code: `${id}/${problem.code}` }));

/** What is wished and can't be, by what the capability says. */
function lack(able: AbleOf, code: string, where: string, found: Problem[]): void {
  if (able !== true) found.push({ code, where, what: able.what, instead: able.instead });
}

export const ownAddresses = ({ interfaces }: GatewayPolicy): readonly Address[] =>
  interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));

function checkGateway(policy: GatewayPolicy, gateway: GatewayCapabilities, can: Capabilities, found: Problem[]): void {
  const known = new Set(policy.interfaces.map(({ name }) => name));
  for (const mapping of policy.mappings) checkMapping(mapping, gateway, known, found);
  const own = ownAddresses(policy);
  for (const vip of policy.virtualIps) checkVirtualIp(vip, gateway, own, found);
  const { form, are } = gateway.interfaces;
  for (const name of new Set([...known, ...[...policy.virtualIps, ...policy.mappings].map((one) => one.interface)]))
    if (!form.test(name)) found.push(problems.interfaceName(policy.device, can, name, are));
  const opened = new Set([
    ...policy.mappings.map(({ openings }) => openings),
    ...policy.virtualIps.map(({ answers }) => answers),
  ]);
  for (const openings of opened) checkOpenings(openings, can, found);
}

function checkMapping(mapping: Mapping, can: GatewayCapabilities, known: ReadonlySet<string>, found: Problem[]): void {
  const where = `mapping ${mapping.name}`;
  const { mode, from } = mapping.reflection;
  const need = (able: Able, code: string): void => lack(able, code, where, found);
  const sides = sidesOf(mapping, can);
  if (sides) found.push(sides(where));
  if (!isHost(mapping.outside)) need(can.subnets, 'subnets');
  if (mapping.peers !== 'anywhere') need(can.destinationRestriction, 'destination-restriction');
  if (mapping.exclude.some(({ inside }) => inside !== 'all')) need(can.exclusion.inside, 'exclusion-of-inside');
  if (mapping.exclude.some(({ peers }) => peers !== 'anywhere')) need(can.exclusion.peers, 'exclusion-of-peers');
  if (mapping.inboundOnly) need(can.inboundOnly, 'inbound-only');
  need(can.reflection[mode], mode);
  if (mode !== 'disabled')
    for (const name of from) if (!known.has(name)) found.push(problems.unknownInterface(where, name));
}

/** Whether its two sides can stand for each other. A mapping that can't has no parts. */
export const pairsUp = (mapping: Mapping, can: GatewayCapabilities): boolean => sidesOf(mapping, can) === undefined;

function sidesOf(
  { outside, inside }: Mapping,
  { ipv6 }: GatewayCapabilities,
): ((where: string) => Problem) | undefined {
  if (ipv6 !== true && [outside, inside].some(isIp6)) return (where) => ({ code: 'ipv6-mapping', where, ...ipv6 });
  if (outside.length !== inside.length || isIp6(outside) !== isIp6(inside)) return problems.unequalSides;
  return [outside, inside].every(isAligned) ? undefined : problems.unaligned;
}

const isAligned = (side: Prefix): boolean => isHost(side) || networkOf(side.first, side.length).first === side.first;

const isIp6 = ({ first }: Prefix): boolean => familyOf(first) === 'ip6';

function checkVirtualIp(
  vip: VirtualIp,
  { ipv6, virtualIps }: GatewayCapabilities,
  own: readonly bigint[],
  found: Problem[],
): void {
  const where = `virtual IP ${vip.name}`;
  if (ipv6 !== true && isIp6(vip.outside)) return void found.push(problems.ipv6VirtualIp(where));
  const able = virtualIps[vip.kind];
  if (able !== true) return lack(able, vip.kind, where, found);
  const range = prefixRange(vip.outside);
  if (isOnGateway(vip)) {
    if (vip.kind === 'carp' && (!isHost(vip.outside) || !vip.carp)) found.push(problems.carpSingle(where));
    else if (range.last - range.first >= MOST_ALIASES) found.push(problems.tooManyAliases(where, vip.outside));
  } else if (
    vip.answers.entries.length > 0 &&
    !(isHost(vip.outside) && own.some((address) => contains(range, address)))
  ) {
    const kinds = ON_GATEWAY.filter((kind) => virtualIps[kind] === true);
    found.push(problems.answersNotLocal(where, kinds));
  }
}

/** Kinds that make it an address of the gateway. */
const ON_GATEWAY: readonly VirtualIp['kind'][] = ['ip-alias', 'carp'];
export const isOnGateway = ({ kind }: VirtualIp): boolean => ON_GATEWAY.includes(kind);

function checkServer(policy: ServerPolicy, server: ServerCapabilities, can: Capabilities, found: Problem[]): void {
  const { device, localAddresses, ownPublic, openings, outbound } = policy;
  const where = `device ${device}`;
  if (localAddresses.some((address) => familyOf(address) === 'ip6')) lack(server.ipv6, 'ipv6-server', where, found);
  for (const pair of ownPublic) lack(server.ownPublic, 'own-public', ownPublicPlace(pair), found);
  for (const pair of ownPublic)
    if (familyOf(pair.public) !== familyOf(pair.local)) found.push(problems.ownPublicFamilies(where));
  if (policy.replaces?.some((one) => !isAbleOf(server.replaces, one))) lack(server.replaces, 'replaces', where, found);
  checkOpenings(openings, can, found);
  if (outbound === 'anywhere') return;
  checkOpenings({ name: 'outbound', entries: outbound }, can, found);
  lack(server.outbound, 'outbound', where, found);
  if (server.outbound === true && outbound.some(({ sourcePorts }) => sourcePorts !== 'all'))
    lack(server.sourcePorts, 'source-ports', where, found);
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
    if (told.has(protocol) || can.portsOf.includes(protocol) || (sourcePorts === 'all' && (ports === 'all' || types)))
      continue;
    told.add(protocol);
    const say = PROTOCOLS_WITH_PORTS.includes(protocol) ? problems.portsOfProtocol : problems.portsWithoutProtocol;
    found.push(say(`openings ${name}`, protocol, can));
  }
}
