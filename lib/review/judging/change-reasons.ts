// Explains by the policies before and after why a packet opens, closes or is translated otherwise: the allow rules,
// mappings and profiles that changed.

import { printService } from '../../reachability/print-packets';
import { getFamily, toRange, printAddress, printPrefix } from '../../net/address';
import { mergeNumbers } from '../../net/axis-nodes';
import { NumberRange, containsNumber } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { ALL_PORTS, Packet } from '../../net/packet';
import { Range, contains, toSingleRange } from '../../net/range';
import { GatewayPolicy, Mapping, AllowRule, AllowRules, Policy, ServerPolicy } from '../../policy/policy';
import { findMappings } from './mapping-index';
import { limitItems, describeSources } from './address-words';

/**
 * A packet, and the ports that change with it. The reason covers the allow rules that open any of these ports to the
 * same sources.
 */
export interface ChangedPacket {
  readonly packet: Packet;
  readonly ports: readonly NumberRange[];
}

/** A reader looks for the name of each port, so the reasons of all services that presets give a server fit. */
const MAX_PRINTED_REASONS = 40;

const includesAddress = (ranges: 'anywhere' | readonly Range[], address: bigint): boolean =>
  ranges === 'anywhere' || ranges.some((range) => contains(range, address));

/** Returns the allow rule for a packet. Management rules come first; for blocked sources they are the only ones. */
function findAllowRule(allowRules: AllowRules, packet: Packet): AllowRule | undefined {
  const matchingRules = selectAllowRules(allowRules, packet).filter(
    ({ ports }) => ports === 'all' || containsNumber(ports, packet.port),
  );
  return matchingRules.find(({ management }) => management) ?? matchingRules[0];
}

/**
 * Returns the allow rules for a packet's protocol and source, whatever its port. For a blocked source these are the
 * management rules.
 */
const selectAllowRules = ({ entries, blocked }: AllowRules, { protocol, source }: Packet): readonly AllowRule[] => {
  const isBlocked = blocked.length > 0 && includesAddress(blocked, source);
  return entries.filter(
    (allowRule) =>
      allowRule.protocol === protocol &&
      includesAddress(allowRule.sources, source) &&
      (allowRule.management || !isBlocked),
  );
};

/**
 * Returns `profile cpanel opens tcp 25,3306 from anywhere (smtp, mysql)`: every changed port that the same sources may
 * reach.
 */
function describeAllowRules(
  allowRules: AllowRules,
  allowRule: AllowRule,
  { packet, ports }: ChangedPacket,
  openerWords = `profile ${allowRules.name}`,
): string {
  const sourceText = describeRuleSources(allowRule, packet);
  const changedPorts = [...ports, toSingleRange(packet.port)];
  const matchingRules = selectAllowRules(allowRules, packet)
    .filter((rule) => describeRuleSources(rule, packet) === sourceText)
    .map(({ ports: openedPorts, origin }) => ({
      origin,
      ports: openedPorts === 'all' ? [ALL_PORTS] : intersectPorts(openedPorts, changedPorts),
    }))
    .filter((rule) => rule.ports.length > 0);
  const openedPorts = mergeNumbers(matchingRules.flatMap((rule) => rule.ports));
  const service = printService([toSingleRange(packet.protocol)], openedPorts, [ALL_PORTS]);
  return `${openerWords} opens ${service} from ${sourceText} (${groupByPreset([...new Set(matchingRules.map((rule) => rule.origin))])})`;
}

/** Returns `management; web: http, https; mail: smtp, imaps`: each preset with its services. */
function groupByPreset(reasons: readonly string[]): string {
  const reasonsByPreset = groupBy(
    limitItems(reasons, MAX_PRINTED_REASONS),
    (reason) => /^([^:]+): /.exec(reason)?.[1] ?? '',
  );
  return [...reasonsByPreset]
    .map(([preset, presetReasons]) =>
      (preset === ''
        ? presetReasons
        : [`${preset}: ${presetReasons.map((reason) => reason.slice(preset.length + 2)).join(', ')}`]
      ).join(', '),
    )
    .join('; ');
}

function describeRuleSources({ sources }: AllowRule, { source }: Packet): string {
  if (sources === 'anywhere') return 'anywhere';
  const family = getFamily(source);
  return describeSources(
    sources.filter(({ first }) => getFamily(first) === family),
    family,
  );
}

const intersectPorts = (ports: readonly NumberRange[], changedPorts: readonly NumberRange[]): readonly NumberRange[] =>
  ports.flatMap(({ first, last }) =>
    changedPorts
      .filter((portRange) => portRange.first <= last && first <= portRange.last)
      .map((portRange) => ({ first: Math.max(first, portRange.first), last: Math.min(last, portRange.last) })),
  );

/** Whether a mapping translates a packet that arrives at its external address. */
function isMappingFor(mapping: Mapping, packet: Packet): boolean {
  if (!mapping.enabled || !includesAddress(mapping.peers, packet.source)) return false;
  const internalAddress = mapping.internal.first + (packet.destination - mapping.external.first);
  return !mapping.exclude.some(
    (exclusion) =>
      (exclusion.internal === 'all' || includesAddress(exclusion.internal, internalAddress)) &&
      includesAddress(exclusion.peers, packet.source),
  );
}

/** Returns the reason why a policy allows a packet. Undefined: no part of the policy does. */
export function explainOpen(policy: Policy, changedPacket: ChangedPacket): string | undefined {
  return policy.kind === 'server'
    ? explainServerOpen(policy, changedPacket)
    : explainGatewayOpen(policy, changedPacket);
}

function explainGatewayOpen(policy: GatewayPolicy, changedPacket: ChangedPacket): string | undefined {
  const { packet } = changedPacket;
  for (const mapping of findMappings(policy, 'external', toSingleRange(packet.destination))) {
    const allowRule = isMappingFor(mapping, packet) && findAllowRule(mapping.allowRules, packet);
    if (allowRule) {
      // A mapping's own allow rules have a name of several words, made from the mapping's name. A profile's name is one
      // word.
      const openerWords = mapping.allowRules.name.includes(' ')
        ? `mapping ${mapping.name}`
        : `profile ${mapping.allowRules.name}`;
      return describeAllowRules(mapping.allowRules, allowRule, changedPacket, openerWords);
    }
  }
  for (const { external, answers, name } of policy.virtualIps) {
    const allowRule = contains(toRange(external), packet.destination) && findAllowRule(answers, packet);
    if (allowRule)
      return `the gateway itself answers on virtual IP ${name}: ${describeAllowRules(answers, allowRule, changedPacket)}`;
  }
  const [senderMapping] = findMappings(policy, 'internal', toSingleRange(packet.source));
  return senderMapping && senderMapping.enabled
    ? `mapping ${senderMapping.name} takes what ${printAddress(packet.source)} sends`
    : undefined;
}

function explainServerOpen(policy: ServerPolicy, changedPacket: ChangedPacket): string | undefined {
  const { packet } = changedPacket;
  if (policy.localAddresses.some((address) => address === packet.source)) return 'the server sends it itself';
  const allowRule = findAllowRule(policy.allowRules, packet);
  if (allowRule) return describeAllowRules(policy.allowRules, allowRule, changedPacket);
  if (policy.trustedConnections === 'unmanaged' && includesAddress(policy.trustedNetworks, packet.source))
    return 'connections of the inside are not ours to close';
  return packet.protocol === 58 || packet.protocol === 1 ? 'ICMP that the address family needs' : undefined;
}

/** Returns the reason why a policy refuses what an earlier one allowed. Undefined: it allows the packet. */
export function explainClosed(
  before: Policy | undefined,
  after: Policy | undefined,
  changedPacket: ChangedPacket,
): string | undefined {
  const { packet } = changedPacket;
  if (after && explainOpen(after, changedPacket) !== undefined) return undefined;
  const reasonBefore = before && explainOpen(before, changedPacket);
  if (after?.kind === 'gateway' && before?.kind === 'gateway') {
    const missingMapping = explainMissingMapping(before, after, packet);
    if (missingMapping) return missingMapping;
  }
  const blockingRules =
    after &&
    listAllowRules(after, packet).find(({ blocked }) => blocked.length > 0 && includesAddress(blocked, packet.source));
  if (blockingRules) return `blocked by profile ${blockingRules.name}`;
  if (!after) return 'the release is taken off the device';
  // The sentence stands beside the rule that refuses the packet, so it names the sources: others may still be allowed.
  const sourceText = after && allowsOtherSources(after, packet) ? 'these sources' : 'it';
  const refusedWords = `no opening lets ${sourceText} in`;
  return reasonBefore === undefined
    ? refusedWords
    : `${refusedWords} any more; before, ${reasonBefore.replace(' opens ', ' opened ')}`;
}

/** Whether the allow rules that refuse a packet allow the same service to another source. */
const allowsOtherSources = (policy: Policy, packet: Packet): boolean =>
  listAllowRules(policy, packet).some(({ entries }) =>
    entries.some(
      ({ protocol, ports }) => protocol === packet.protocol && (ports === 'all' || containsNumber(ports, packet.port)),
    ),
  );

const listAllowRules = (policy: Policy, packet: Packet): readonly AllowRules[] =>
  policy.kind === 'server'
    ? [policy.allowRules]
    : findMappings(policy, 'external', toSingleRange(packet.destination))
        .filter((mapping) => isMappingFor(mapping, packet))
        .map(({ allowRules }) => allowRules);

function explainMissingMapping(before: GatewayPolicy, after: GatewayPolicy, packet: Packet): string | undefined {
  const formerMapping = findMappings(before, 'external', toSingleRange(packet.destination)).find((mapping) =>
    isMappingFor(mapping, packet),
  );
  const mappingsNow = findMappings(after, 'external', toSingleRange(packet.destination));
  if (!formerMapping || mappingsNow.some((mapping) => isMappingFor(mapping, packet))) return undefined;
  const currentMapping = mappingsNow.find(({ name }) => name === formerMapping.name) ?? mappingsNow[0];
  if (!currentMapping) return `mapping ${formerMapping.name} is gone`;
  if (!currentMapping.enabled) return `mapping ${currentMapping.name} is disabled`;
  return includesAddress(currentMapping.peers, packet.source)
    ? `mapping ${currentMapping.name} excludes it`
    : `mapping ${currentMapping.name} is restricted to ${describeSources(currentMapping.peers as readonly Range[], 'ip')}`;
}

/** Returns the reason why a packet is translated otherwise than before: its mappings before and after. */
export function explainMoved(before: Policy | undefined, after: Policy | undefined, packet: Packet): string {
  const describeMapping = (policy: Policy | undefined): string => {
    if (policy?.kind === 'server') return describeOwnPublic(policy, packet);
    const mapping = policy && findMapping(policy, packet);
    return mapping
      ? `mapping ${mapping.name}, ${printPrefix(mapping.external)} = ${printPrefix(mapping.internal)}`
      : 'nothing of ours';
  };
  const [wordsBefore, wordsAfter] = [describeMapping(before), describeMapping(after)];
  if (wordsBefore !== wordsAfter) return `before: ${wordsBefore}; after: ${wordsAfter}`;
  const reflectionModes = [before, after].map((policy) =>
    policy?.kind === 'gateway' ? findMapping(policy, packet)?.reflection.mode : undefined,
  );
  return reflectionModes[0] === reflectionModes[1]
    ? wordsAfter
    : `${wordsAfter}: hairpin ${reflectionModes[0]} before, ${reflectionModes[1]} after`;
}

function describeOwnPublic({ ownPublic }: ServerPolicy, packet: Packet): string {
  const ownPair = ownPublic.find((pair) => pair.public === packet.destination);
  return ownPair
    ? `its own public address, ${printAddress(ownPair.public)} = ${printAddress(ownPair.local)}`
    : 'an address like any other';
}

function findMapping(policy: GatewayPolicy, packet: Packet): Mapping | undefined {
  const externalMapping = findMappings(policy, 'external', toSingleRange(packet.destination)).find((mapping) =>
    isMappingFor(mapping, packet),
  );
  return (
    externalMapping ??
    findMappings(policy, 'internal', toSingleRange(packet.source)).find(
      ({ enabled, inboundOnly, peers }) => enabled && !inboundOnly && includesAddress(peers, packet.destination),
    )
  );
}
