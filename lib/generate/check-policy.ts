// Checks a policy against the capabilities of its platform, before config is generated. Returns a problem for each part
// that the platform can't implement. Also lists a gateway's own addresses, for the checks of single platforms.
import { printOwnPublic } from '../policy/print-policy';
import { Address, Prefix, getFamily, isHost, getNetwork, toRange } from '../net/address';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../net/packet';
import { contains } from '../net/range';
import { GatewayPolicy, Mapping, AllowRules, OutboundRule, Policy, ServerPolicy, VirtualIp } from '../policy/policy';
import { Problem, Refusal } from '../problems/problem';
import {
  Capability,
  NamedCapability,
  Capabilities,
  GatewayCapabilities,
  ServerCapabilities,
  hasCapability,
} from './capabilities';
import * as problems from './policy-problems';

/** The most addresses that one VIP may put on an interface. */
const MAX_ALIASES = 256n;

/**
 * Returns a problem for each part of a policy that these capabilities can't meet, before any config is generated.
 * `checkMappingParts` checks how its mappings overlap.
 */
export function checkPolicy(policy: Policy, capabilities: Capabilities): Problem[] {
  const { device, owner } = policy;
  const isNamed = /^[a-z0-9-]+$/.test(owner) && owner.length <= capabilities.owner.maxLength;
  const problemList: Problem[] = isNamed ? [] : [problems.createOwnerNameProblem(device, capabilities, owner)];
  if (policy.kind === 'gateway' && capabilities.gateway)
    checkGateway(policy, capabilities.gateway, capabilities, problemList);
  else if (policy.kind === 'server' && capabilities.server)
    checkServer(policy, capabilities.server, capabilities, problemList);
  else return addPlatformCode(capabilities, [problems.createRoleProblem(device, capabilities, policy.kind)]);
  return addPlatformCode(capabilities, problemList);
}

/**
 * Returns the policy of a server, for a platform that supports only servers.
 *
 * @throws Refusal for a gateway's policy.
 */
export function requireServerPolicy(policy: Policy, capabilities: Capabilities): ServerPolicy {
  if (policy.kind === 'server') return policy;
  throw new Refusal(checkPolicy(policy, capabilities));
}

/** Prefixes problem codes with the platform's id. */
export const addPlatformCode = ({ id }: Capabilities, problemList: readonly Problem[]): Problem[] =>
  problemList.map((problem) => ({ ...problem, code: `${id}/${problem.code}` }));

/** Adds a problem if the capability isn't there. */
function requireCapability(capability: NamedCapability, code: string, where: string, problemList: Problem[]): void {
  if (capability !== true) problemList.push({ code, where, what: capability.what, instead: capability.instead });
}

export const listGatewayAddresses = ({ interfaces }: GatewayPolicy): readonly Address[] =>
  interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));

function checkGateway(
  policy: GatewayPolicy,
  gatewayCapabilities: GatewayCapabilities,
  capabilities: Capabilities,
  problemList: Problem[],
): void {
  const interfaceNames = new Set(policy.interfaces.map(({ name }) => name));
  for (const mapping of policy.mappings) checkMapping(mapping, gatewayCapabilities, interfaceNames, problemList);
  const gatewayAddresses = listGatewayAddresses(policy);
  for (const vip of policy.virtualIps) checkVirtualIp(vip, gatewayCapabilities, gatewayAddresses, problemList);
  const { pattern, description } = gatewayCapabilities.interfaces;
  for (const name of new Set([
    ...interfaceNames,
    ...[...policy.virtualIps, ...policy.mappings].map((item) => item.interface),
  ]))
    if (!pattern.test(name))
      problemList.push(problems.createInterfaceNameProblem(policy.device, capabilities, name, description));
  const ruleSets = new Set([
    ...policy.mappings.map(({ allowRules }) => allowRules),
    ...policy.virtualIps.map(({ answers }) => answers),
  ]);
  for (const openings of ruleSets) checkAllowRules(openings, capabilities, problemList);
}

function checkMapping(
  mapping: Mapping,
  capabilities: GatewayCapabilities,
  interfaceNames: ReadonlySet<string>,
  problemList: Problem[],
): void {
  const where = `mapping ${mapping.name}`;
  const { mode, from } = mapping.reflection;
  const requireMapping = (capability: Capability, code: string): void =>
    requireCapability(capability, code, where, problemList);
  const createSideProblem = findSideProblem(mapping, capabilities);
  if (createSideProblem) problemList.push(createSideProblem(where));
  if (!isHost(mapping.external)) requireMapping(capabilities.subnets, 'subnets');
  if (mapping.peers !== 'anywhere') requireMapping(capabilities.destinationRestriction, 'destination-restriction');
  if (mapping.exclude.some(({ internal }) => internal !== 'all'))
    requireMapping(capabilities.exclusion.internal, 'exclusion-of-inside');
  if (mapping.exclude.some(({ peers }) => peers !== 'anywhere'))
    requireMapping(capabilities.exclusion.peers, 'exclusion-of-peers');
  if (mapping.inboundOnly) requireMapping(capabilities.inboundOnly, 'inbound-only');
  requireMapping(capabilities.reflection[mode], mode);
  if (mode !== 'disabled')
    for (const name of from)
      if (!interfaceNames.has(name)) problemList.push(problems.createUnknownInterfaceProblem(where, name));
}

/**
 * Returns whether the addresses of the two sides can stand for each other. A mapping whose sides can't has no parts.
 */
export const canPairSides = (mapping: Mapping, capabilities: GatewayCapabilities): boolean =>
  findSideProblem(mapping, capabilities) === undefined;

function findSideProblem(
  { external, internal }: Mapping,
  { ipv6 }: GatewayCapabilities,
): ((where: string) => Problem) | undefined {
  if (ipv6 !== true && [external, internal].some(isIp6)) return (where) => ({ code: 'ipv6-mapping', where, ...ipv6 });
  if (external.length !== internal.length || isIp6(external) !== isIp6(internal))
    return problems.createUnequalSidesProblem;
  return [external, internal].every(isAligned) ? undefined : problems.createUnalignedProblem;
}

const isAligned = (side: Prefix): boolean => isHost(side) || getNetwork(side.first, side.length).first === side.first;

const isIp6 = ({ first }: Prefix): boolean => getFamily(first) === 'ip6';

function checkVirtualIp(
  vip: VirtualIp,
  { ipv6, virtualIps }: GatewayCapabilities,
  gatewayAddresses: readonly bigint[],
  problemList: Problem[],
): void {
  const where = `virtual IP ${vip.name}`;
  if (ipv6 !== true && isIp6(vip.external)) return void problemList.push(problems.createIpv6VirtualIpProblem(where));
  const capability = virtualIps[vip.kind];
  if (capability !== true) return requireCapability(capability, vip.kind, where, problemList);
  const range = toRange(vip.external);
  if (isOnGateway(vip)) {
    if (vip.kind === 'carp' && (!isHost(vip.external) || !vip.carp))
      problemList.push(problems.createCarpSingleProblem(where));
    else if (range.last - range.first >= MAX_ALIASES)
      problemList.push(problems.createTooManyAliasesProblem(where, vip.external));
  } else if (
    vip.answers.entries.length > 0 &&
    !(isHost(vip.external) && gatewayAddresses.some((address) => contains(range, address)))
  ) {
    const kinds = GATEWAY_ADDRESS_KINDS.filter((kind) => virtualIps[kind] === true);
    problemList.push(problems.createAnswersNotLocalProblem(where, kinds));
  }
}

/** Kinds that make the virtual IP an address of the gateway. */
const GATEWAY_ADDRESS_KINDS: readonly VirtualIp['kind'][] = ['ip-alias', 'carp'];
export const isOnGateway = ({ kind }: VirtualIp): boolean => GATEWAY_ADDRESS_KINDS.includes(kind);

function checkServer(
  policy: ServerPolicy,
  serverCapabilities: ServerCapabilities,
  capabilities: Capabilities,
  problemList: Problem[],
): void {
  const { device, localAddresses, ownPublic, allowRules, outbound } = policy;
  const where = `device ${device}`;
  if (localAddresses.some((address) => getFamily(address) === 'ip6'))
    requireCapability(serverCapabilities.ipv6, 'ipv6-server', where, problemList);
  for (const pair of ownPublic)
    requireCapability(serverCapabilities.ownPublic, 'own-public', printOwnPublic(pair), problemList);
  for (const pair of ownPublic)
    if (getFamily(pair.public) !== getFamily(pair.local))
      problemList.push(problems.createOwnPublicFamiliesProblem(where));
  if (policy.replaces?.some((firewall) => !hasCapability(serverCapabilities.replaces, firewall)))
    requireCapability(serverCapabilities.replaces, 'replaces', where, problemList);
  checkAllowRules(allowRules, capabilities, problemList);
  if (outbound === 'anywhere') return;
  checkAllowRules({ name: 'outbound', entries: outbound }, capabilities, problemList);
  requireCapability(serverCapabilities.outbound, 'outbound', where, problemList);
  if (serverCapabilities.outbound === true && outbound.some(({ sourcePorts }) => sourcePorts !== 'all'))
    requireCapability(serverCapabilities.sourcePorts, 'source-ports', where, problemList);
}

type CheckedRule = Pick<OutboundRule, 'protocol' | 'ports'> & Partial<Pick<OutboundRule, 'sourcePorts'>>;

/**
 * Adds a problem for ports of a protocol that has none, or whose ports the platform can't compare; once per protocol.
 */
function checkAllowRules(
  { name, entries }: Pick<AllowRules, 'name'> & { readonly entries: readonly CheckedRule[] },
  capabilities: Capabilities,
  problemList: Problem[],
): void {
  const reported = new Set<number>();
  for (const { protocol, ports, sourcePorts = 'all' } of entries) {
    const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
    if (
      reported.has(protocol) ||
      capabilities.portProtocols.includes(protocol) ||
      (sourcePorts === 'all' && (ports === 'all' || isIcmp))
    )
      continue;
    reported.add(protocol);
    const createProblem = PROTOCOLS_WITH_PORTS.includes(protocol)
      ? problems.createPortMatchProblem
      : problems.createNoPortsProblem;
    problemList.push(createProblem(`openings ${name}`, protocol, capabilities));
  }
}
