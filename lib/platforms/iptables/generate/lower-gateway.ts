// Lowers a gateway's policy to iptables tables: nat has the 1:1 translations and the source translations of reflection,
// mangle has the filter rules. `lowerClosedGateway` returns the tables that close a gateway.

import { Address, FAMILY_RANGE, Prefix, toRange, toPrefixes } from '../../../net/address';
import { Range, mergeRanges, subtractRanges } from '../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../policy/policy';
import { Refusal, refuseIfAny } from '../../../problems/problem';
import { checkAliases } from '../../../generate/netfilter/device-addresses';
import { createSessionClauses } from '../../../generate/netfilter/clauses';
import {
  getInternalRanges,
  findConflictingParts,
  listOutsideInterfaces,
  getPublicRanges,
  findSharedSubnets,
} from '../../../generate/netfilter/gateway-networks';
import { keepManagementRules } from '../../../generate/allow-rule-keys';
import {
  MappingPart,
  MappingPeers,
  listArrivalInterfaces,
  orderByRestriction,
  splitMapping,
  sortParts,
} from '../../../generate/mapping-parts';
import { canPairSides, checkPolicy } from '../../../generate/check-policy';
import { checkMappingParts } from '../../../generate/check-mapping-parts';
import { capabilities } from '../capabilities';
import { GatewayChains, AddressField, matchAddress } from './gateway-chains';
import { PrefixRules, createLookupRules } from './prefix-lookup';
import {
  IptablesChain,
  DROP,
  IptablesMatch,
  RETURN,
  IptablesRule,
  IptablesTable,
  IptablesTarget,
} from './iptables-table';
import { checkIcmpTypes, createTooManyRulesProblem } from './iptables-problems';
import { lowerClause } from './lower-clause';

/** Twice the number of rules that 10,000 mappings take if they are reflected to two networks. */
const MAX_RULES = 250_000;

/**
 * Returns the tables of a gateway. The order of mappings in the policy changes nothing.
 *
 * Filtering happens in mangle, after destination translation. A packet that was sent to a public address and translated
 * to a host passes by the host's allow rules; the rest is dropped. If a host has several lists of allow rules, or a
 * list for some peers only, the public address decides, too.
 * @throws Refusal with every part of the policy that iptables can't implement
 */
export function lowerGateway(policy: GatewayPolicy): readonly IptablesTable[] {
  const mappings = policy.mappings.filter((mapping) => canPairSides(mapping, capabilities.gateway));
  const parts = orderByRestriction(sortParts(mappings.flatMap(splitMapping), 'external'), (part) => part);
  refuseIfAny([
    ...checkPolicy(policy, capabilities),
    ...checkAliases(policy, capabilities),
    ...checkMappingParts(policy, parts, capabilities),
    ...[
      ...policy.mappings.map(({ allowRules }) => allowRules),
      ...policy.virtualIps.map(({ answers }) => answers),
    ].flatMap(checkIcmpTypes),
  ]);
  refuseTooMany(
    policy,
    parts.reduce(
      (sum, part) => sum + listPeerRanges(part.peers).length * listArrivalInterfaces(part.mapping).length,
      0,
    ),
  );
  const chains = new GatewayChains(policy.owner);
  const conflictingParts = findConflictingParts(parts, 'internal');
  const hostRules = parts.map((part) => {
    const allowTarget = chains.getAllowTarget(part.mapping.allowRules);
    const decidesByHost = part.mapping.peers === 'anywhere' && !conflictingParts.has(part);
    return decidesByHost
      ? createPrefixRules(part.internal, 'destination', allowTarget)
      : createMappingRules(part, allowTarget);
  });
  const mangle = createMangleChains(policy, hostRules, chains);
  const inboundRules = createLookupRules(
    chains.createLookup('destination', 'jump'),
    parts.map((part) => createNatRules(part, 'in', createTranslationTarget(part.internal, 'new destination'))),
  );
  const outboundParts = sortParts(parts, 'internal').filter(({ mapping }) => !mapping.inboundOnly);
  const outboundRules = createLookupRules(
    chains.createLookup('source', 'jump'),
    orderByRestriction(outboundParts, (part) => part).map((part) =>
      createNatRules(part, 'out', createTranslationTarget(part.external, 'new source')),
    ),
  );
  const nat: readonly IptablesChain[] = [
    { name: chains.nameChain('pre'), from: 'PREROUTING', rules: inboundRules },
    {
      name: chains.nameChain('post'),
      from: 'POSTROUTING',
      rules: [...createHairpinRules(parts, policy, chains), ...outboundRules],
    },
    ...chains.takeChains(),
  ];
  refuseTooMany(
    policy,
    [...mangle, ...nat].reduce((sum, { rules }) => sum + rules.length, 0),
  );
  return createTables(mangle, nat);
}

/**
 * Returns the tables that close a gateway. Nothing comes in by its public addresses, and nothing leaves by them.
 * Established sessions end, too. The gateway can still be managed if a VIP answers management.
 * @throws Refusal as `lowerGateway`
 */
export function lowerClosedGateway(policy: GatewayPolicy): readonly IptablesTable[] {
  refuseIfAny(checkPolicy(policy, capabilities));
  const chains = new GatewayChains(policy.owner);
  const virtualIps = policy.virtualIps.map((virtualIp): VirtualIp => ({
    ...virtualIp,
    answers: keepManagementRules(virtualIp.answers),
  }));
  const leavingRules = createLookupRules(
    chains.createLookup('source', 'jump'),
    orderByRestriction(
      policy.mappings.filter(({ inboundOnly }) => !inboundOnly).flatMap(splitMapping),
      (part) => part,
    ).map((part) => createNatRules(part, 'out', DROP)),
  );
  return createTables(
    createMangleChains({ ...policy, virtualIps, establishedSessions: 'terminate' }, [], chains, leavingRules),
    [],
  );
}

/** Returns the tables of both families. IPv6 has no rules on a gateway: nothing is translated there. */
const createTables = (mangle: readonly IptablesChain[], nat: readonly IptablesChain[]): readonly IptablesTable[] => [
  { family: 'ip6', name: 'mangle', chains: [] },
  { family: 'ip', name: 'mangle', chains: mangle },
  ...(nat.length === 0 ? [] : [{ family: 'ip', name: 'nat', chains: nat } as const]),
];

/**
 * Returns the chains of mangle. `hostRules`: the rules by host, for packets that were sent to a public address.
 * `earlierRules`: rules in front of that lookup.
 */
function createMangleChains(
  policy: GatewayPolicy,
  hostRules: readonly PrefixRules[],
  chains: GatewayChains,
  earlierRules: readonly IptablesRule[] = [],
): readonly IptablesChain[] {
  const sessions = createSessionClauses(policy.establishedSessions).flatMap((clause) =>
    lowerClause(clause, 'in', 'ip'),
  );
  const publicPrefixes = getPublicRanges(policy).flatMap(toPrefixes);
  const closedRules = createLookupRules(
    chains.createLookup('destination', 'jump'),
    publicPrefixes.map((prefix) => createPrefixRules(prefix, 'destination', DROP)),
  );
  const originalDestinationRules = createLookupRules(
    chains.createLookup('original destination', 'jump'),
    publicPrefixes.map((prefix) => createPrefixRules(prefix, 'original destination', DROP)),
  );
  const hostLookup = createLookupRules(
    chains.createLookup('destination', 'go to', originalDestinationRules),
    hostRules,
  );
  const translatedRules: readonly IptablesRule[] =
    hostLookup.length === 0
      ? []
      : [{ matches: [{ is: 'state', state: 'DNAT' }], target: chains.createGoto(hostLookup) }];
  const answerRules = policy.virtualIps
    .filter((virtualIp) => virtualIp.answers.entries.length > 0)
    .map(({ external, answers: allowRules }) =>
      createPrefixRules(external, 'destination', chains.getAllowTarget(allowRules)),
    );
  return [
    {
      name: chains.nameChain('fwd'),
      from: 'FORWARD',
      rules: [
        ...sessions,
        ...earlierRules,
        // Packets that were not translated.
        ...closedRules,
        ...translatedRules,
        ...createDirectRules(policy, chains),
      ],
    },
    {
      name: chains.nameChain('in'),
      from: 'INPUT',
      rules: [
        // Packets that the gateway sends to itself.
        { matches: [{ is: 'interface', direction: 'in', name: 'lo' }], target: RETURN },
        ...sessions,
        // An unmanaged redirect may translate from a public address of the policy to the gateway's own services.
        ...createLookupRules(
          chains.createLookup('destination', 'go to', [...closedRules, ...originalDestinationRules]),
          answerRules,
        ),
      ],
    },
    ...chains.takeChains(),
  ];
}

/** Returns rules that drop packets which come from outside straight to a mapped host. */
function createDirectRules(policy: GatewayPolicy, chains: GatewayChains): readonly IptablesRule[] {
  const outsideInterfaces = listOutsideInterfaces(policy);
  const hosts = getInternalRanges(policy).flatMap(toPrefixes);
  return createLookupRules(
    chains.createLookup('destination', 'jump'),
    hosts.map((prefix) => createPrefixRules(prefix, 'destination', DROP, outsideInterfaces)),
  );
}

/**
 * Returns the source translations for client and server in one subnet. They match the subnet, because a rule after
 * routing can't match the interface by which a packet came.
 */
const createHairpinRules = (
  parts: readonly MappingPart[],
  { interfaces }: GatewayPolicy,
  chains: GatewayChains,
): readonly IptablesRule[] =>
  findSharedSubnets(parts, interfaces).flatMap(({ interface: name, address, range, parts: subnetParts }) => {
    const subnetMatches: readonly IptablesMatch[] = [
      { is: 'address', end: 'source', range },
      { is: 'address', end: 'destination', range },
      { is: 'interface', direction: 'out', name },
      { is: 'state', state: 'DNAT' },
    ];
    const prefixRules = mergeRanges(subnetParts.map(({ external }) => toRange(external)))
      .flatMap(toPrefixes)
      .map((prefix): PrefixRules => ({
        prefix,
        rules: (narrowed) => [
          {
            matches: [...subnetMatches, matchAddress('original destination', narrowed)],
            target: { is: 'new source', address },
          },
        ],
      }));
    return createLookupRules(chains.createLookup('original destination', 'jump'), prefixRules);
  });

/**
 * Returns the translation rules of a part, looked up by the address that is translated. They match the peers and the
 * interfaces.
 */
function createNatRules(part: MappingPart, direction: 'in' | 'out', target: IptablesTarget): PrefixRules {
  const [prefix, field, peerEnd] =
    direction === 'in'
      ? ([part.external, 'destination', 'source'] as const)
      : ([part.internal, 'source', 'destination'] as const);
  const interfaces = direction === 'in' ? listArrivalInterfaces(part.mapping) : [part.mapping.interface];
  return {
    prefix,
    rules: (narrowed) =>
      interfaces.flatMap((name) =>
        matchPeers(part, peerEnd).map((peerMatches) => {
          const addressMatch = matchAddress(field, narrowed);
          return {
            matches: [
              ...(direction === 'in' ? [...peerMatches, addressMatch] : [addressMatch, ...peerMatches]),
              { is: 'interface', direction, name },
            ],
            target,
          };
        }),
      ),
  };
}

/**
 * Returns the rules for packets that a part has translated, looked up by host. They match the peers, the interfaces and
 * the public address.
 */
const createMappingRules = (part: MappingPart, target: IptablesTarget): PrefixRules => ({
  prefix: part.internal,
  rules(narrowed) {
    const external = {
      first: (part.external.first + narrowed.first - part.internal.first) as Address,
      length: narrowed.length,
    };
    return listArrivalInterfaces(part.mapping).flatMap((name) =>
      matchPeers(part, 'source').map((peerMatches) => ({
        matches: [
          ...peerMatches,
          matchAddress('destination', narrowed),
          { is: 'interface', direction: 'in', name },
          matchAddress('original destination', external),
        ],
        target,
      })),
    );
  },
});

/** Returns the rules for one prefix. `interfaces`: those by which a packet comes; empty matches any. */
const createPrefixRules = (
  prefix: Prefix,
  field: AddressField,
  target: IptablesTarget,
  interfaces: readonly string[] = [],
): PrefixRules => ({
  prefix,
  rules: (narrowed) =>
    interfaces.length === 0
      ? [{ matches: [matchAddress(field, narrowed)], target }]
      : interfaces.map((name) => ({
          matches: [matchAddress(field, narrowed), { is: 'interface', direction: 'in', name }],
          target,
        })),
});

const matchPeers = ({ peers }: MappingPart, end: 'source' | 'destination'): readonly (readonly IptablesMatch[])[] =>
  listPeerRanges(peers).map((range): readonly IptablesMatch[] => (range ? [{ is: 'address', end, range }] : []));

const listPeerRanges = (peers: MappingPeers): readonly (Range | undefined)[] =>
  peers.is === 'anywhere'
    ? [undefined]
    : peers.is === 'among'
      ? peers.ranges
      : subtractRanges([FAMILY_RANGE.ip], peers.ranges);

/**
 * Refuses a policy with too many rules. Called before and after they are made: a mapping within another repeats the
 * other's ranges.
 */
function refuseTooMany({ device }: GatewayPolicy, ruleCount: number): void {
  if (ruleCount > MAX_RULES) throw new Refusal([createTooManyRulesProblem(`device ${device}`)]);
}

const createTranslationTarget = (prefix: Prefix, kind: 'new destination' | 'new source'): IptablesTarget =>
  prefix.length === 32 ? { is: kind, address: prefix.first } : { is: 'same place in', prefix };
