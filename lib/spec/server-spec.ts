// Builds the spec of a server from the policy: the packets that must pass and those that may, into the server, out of
// it and within it, including the ICMP that a host needs.

import { Translation, normalizeTranslations, createMove, createTranslation } from '../reachability/reachability';
import { ALL_ADDRESSES } from '../net/address';
import { LINK_LOCAL, LOOPBACK, NumberRange, StartLocation, toNumberRanges, listStartLocations } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, toSingleRange, subtractRanges } from '../net/range';
import { Excess } from '../policy/platform-excess';
import { ServerPolicy } from '../policy/policy';
import { RequirementLevel, LocationSpec, ReachabilitySpec } from './reachability-spec';
import { createIcmpSet } from './icmp-packets';
import { buildBlockedSet, getProtocolFamily, buildDeniedServiceSet, getAllowedPackets } from './allowed-packets';
import { ICMP_ERRORS } from './phase-requirements';

type ServerRequirement = RequirementLevel | 'refused';

/**
 * Returns neighbour discovery messages of these types with code 0. A host drops those with another code. Source: RFC
 * 4861 sections 6.1.2, 7.1.1 and 7.1.2.
 */
const createNeighbourSet = (types: readonly NumberRange[]): PacketSet =>
  PacketMap.createSet({
    family: 'ip6',
    protocol: toNumberRanges(PROTOCOL.icmpv6),
    port: types,
    sourcePort: toNumberRanges(0),
  });

/**
 * Neighbour discovery. Without it IPv6 stops working when neighbour entries expire. Source: RFC 4861; RFC 4890 section
 * 4.4.
 */
export const NEIGHBOUR_DISCOVERY = createNeighbourSet([{ first: 135, last: 136 }]);

/**
 * Router advertisements. A server that receives none has no way out once the last one has expired. Source: RFC 4861
 * section 6.3.4.
 */
const ROUTER_ADVERTISEMENTS = createNeighbourSet(toNumberRanges(134));

/**
 * ICMP errors and upkeep messages that a host may accept; they open nothing. Redirects aren't among them: a redirect
 * would lead its traffic elsewhere. Source: RFC 4890 section 4.4; RFC 1812 section 4.3.
 */
export const UPKEEP_ICMP = createIcmpSet(toNumberRanges(3, 11, 12), [
  { first: 1, last: 4 },
  { first: 130, last: 136 },
  ...toNumberRanges(143),
]);

/** ICMP that may come in without an allow rule. */
export const HARMLESS_ICMP = UPKEEP_ICMP.unite(NEIGHBOUR_DISCOVERY);

/**
 * ICMP that a host may send about the network. Redirects aren't among them: only a router sends those. Source: RFC 792;
 * RFC 4861 section 8.
 */
const SENDABLE_ICMP = createIcmpSet(
  [
    { first: 0, last: 4 },
    { first: 6, last: 65_535 },
  ],
  [
    { first: 0, last: 136 },
    { first: 138, last: 65_535 },
  ],
);

const ECHO_REQUESTS = createIcmpSet(toNumberRanges(8), []);
const ECHO_REPLIES = createIcmpSet(toNumberRanges(0), toNumberRanges(129));
const IPV4 = PacketMap.createSet({ family: 'ip' });
const IPV6 = PacketMap.createSet({ family: 'ip6' });
const ALL_ICMP = createIcmpSet([{ first: 0, last: 65_535 }], [{ first: 0, last: 65_535 }]);

/**
 * Builds the spec of a server's policy: for packets to its addresses, for packets that it sends, and for packets to
 * itself.
 */
export function buildServerSpec(policy: ServerPolicy, excess: Excess): ReachabilitySpec {
  return { views: listStartLocations(policy).map((location) => buildLocationSpec(policy, location, excess)) };
}

function buildLocationSpec(policy: ServerPolicy, location: StartLocation, excess: Excess): LocationSpec {
  const { sessionsPass } = excess;
  const establishedSessions = sessionsPass ? 'keep' : policy.establishedSessions;
  const common = {
    startLocation: location,
    establishedSessions,
    related: sessionsPass ? PacketMap.ALL : ICMP_ERRORS,
    untranslated: PacketMap.NONE,
  } as const;
  switch (location.kind) {
    case 'interface': {
      const toServer = buildInputSet(policy);
      return {
        ...common,
        bounds: dropRefused(buildInputRequirements(policy, excess)),
        translations: buildUnchangedTranslations(policy),
        inbound: toServer,
        sessions: toServer.subtract(
          buildStatelessSet(excess)
            .subtract(getAllowedPackets(policy.allowRules))
            .unite(excess.cutsBlocked ? buildDeniedServiceSet(policy.allowRules) : PacketMap.NONE),
        ),
        scope: PacketMap.createSet({ destination: getNamedRanges(policy) }),
        unmanaged: PacketMap.ALL.subtract(
          PacketMap.createSet({ destination: [...getLocalRanges(policy), ...LOOPBACK] }),
        ).unite(
          buildUnmanagedSet(policy).subtract(
            buildBlockedSet(policy.allowRules)
              .unite(getAllowedPackets(policy.allowRules))
              .unite(NEIGHBOUR_DISCOVERY)
              .unite(UPKEEP_ICMP),
          ),
        ),
      };
    }
    case 'self': {
      const fromServer = buildOutputSet(policy);
      return {
        ...common,

        bounds: dropRefused(buildOutputRequirements(policy, excess)),
        translations: buildOwnPublicTranslations(policy),
        inbound: PacketMap.NONE,
        sessions: fromServer,
        scope: fromServer.intersect(PacketMap.createSet({ source: getNamedRanges(policy) })),
        // Packets that a server sends before it has an address are its own, too.
        unmanaged: PacketMap.NONE,
      };
    }
    case 'localhost': {
      const localhostSet = buildLocalhostSet(policy);
      return {
        ...common,
        bounds: buildLocalhostRequirements(policy),
        translations: PacketMap.createEmpty(),
        inbound: PacketMap.NONE,
        scope: localhostSet,
        sessions: localhostSet,
        unmanaged: PacketMap.ALL.subtract(localhostSet),
      };
    }
    default:
      return location satisfies never;
  }
}

const dropRefused = (requirements: PacketMap<ServerRequirement>): PacketMap<RequirementLevel> =>
  requirements.map<RequirementLevel>((requirement) => (requirement === 'refused' ? undefined : requirement));

/** Returns the addresses that the policy names: a report shows them. */
const getNamedRanges = (policy: ServerPolicy): readonly Range[] => policy.localAddresses.map(toSingleRange);

/** Returns the named addresses and the link-local ones, which every server with IPv6 has without configuration. */
const getLocalRanges = (policy: ServerPolicy): readonly Range[] => [...getNamedRanges(policy), LINK_LOCAL];

/** Returns packets from trusted networks, if the policy leaves them alone. */
const buildUnmanagedSet = (policy: ServerPolicy): PacketSet =>
  policy.trustedConnections === 'unmanaged' && policy.trustedNetworks.length > 0
    ? PacketMap.createSet({ source: policy.trustedNetworks }).intersect(buildInputSet(policy))
    : PacketMap.NONE;

/** Returns packets that come in only if an allow rule matches, whatever session they belong to. */
function buildStatelessSet({ icmpPasses, ipv6Passes, replyProtocols }: Excess): PacketSet {
  const answered =
    replyProtocols === 'all'
      ? PacketMap.ALL
      : buildProtocolSet(replyProtocols)
          .unite(ICMP_ERRORS)
          .unite(ECHO_REPLIES)
          .unite(NEIGHBOUR_DISCOVERY)
          .unite(ROUTER_ADVERTISEMENTS);
  const unanswered = (ipv6Passes ? IPV4 : PacketMap.ALL).subtract(answered);
  return icmpPasses ? unanswered.unite(ECHO_REQUESTS) : unanswered;
}

const buildProtocolSet = (protocols: readonly number[]): PacketSet =>
  PacketMap.mergeFirst(
    protocols.map((protocol) =>
      PacketMap.createSet({ ...getProtocolFamily(protocol), protocol: toNumberRanges(protocol) }),
    ),
  );

/** Returns other packets that may come in and that open nothing. */
const buildPermittedInput = ({ icmpPasses, ipv6Passes, replyProtocols }: Excess): PacketSet =>
  PacketMap.mergeFirst([
    icmpPasses ? ALL_ICMP.subtract(ECHO_REQUESTS) : UPKEEP_ICMP,
    replyProtocols === 'all' ? PacketMap.NONE : ECHO_REPLIES,
    ipv6Passes ? IPV6 : PacketMap.NONE,
  ]);

function buildInputRequirements(policy: ServerPolicy, excess: Excess): PacketMap<ServerRequirement> {
  const allowed = getAllowedPackets(policy.allowRules);
  const requirements = PacketMap.mergeFirst<ServerRequirement>([
    allowed.map<ServerRequirement>(() => 'must'),
    NEIGHBOUR_DISCOVERY.unite(ROUTER_ADVERTISEMENTS).map<ServerRequirement>(() => 'must'),
    buildPermittedInput(excess).map<ServerRequirement>(() => 'may'),
    buildBlockedSet(policy.allowRules).map<ServerRequirement>(() => 'refused'),
    buildUnmanagedSet(policy).map<ServerRequirement>(() => 'may'),
    PacketMap.createConstant<ServerRequirement>('refused'),
  ]);
  return requirements.intersect(buildInputSet(policy)).unite(PacketMap.createConstant<ServerRequirement>('may'));
}

function buildOutputRequirements(
  policy: ServerPolicy,
  { icmpPasses, ipv6Passes, outboundProtocols }: Excess,
): PacketMap<ServerRequirement> {
  const ownPublicSet = PacketMap.createSet({ destination: policy.ownPublic.map((pair) => toSingleRange(pair.public)) });
  const allowed =
    policy.outbound === 'anywhere'
      ? outboundProtocols === 'all'
        ? PacketMap.ALL
        : buildProtocolSet(outboundProtocols)
      : PacketMap.mergeFirst(
          policy.outbound.map(({ protocol, ports, sourcePorts, destinations }) =>
            PacketMap.createSet({
              ...getProtocolFamily(protocol),
              protocol: toNumberRanges(protocol),
              ...(ports === 'all' ? {} : { port: ports }),
              ...(sourcePorts === 'all' ? {} : { sourcePort: sourcePorts }),
              ...(destinations === 'anywhere' ? {} : { destination: destinations }),
            }),
          ),
        );
  const requirements = PacketMap.mergeFirst<ServerRequirement>([
    ownPublicSet.map<ServerRequirement>(() => 'must'),
    allowed.map<ServerRequirement>(() => 'must'),
    NEIGHBOUR_DISCOVERY.map<ServerRequirement>(() => 'must'),
    (icmpPasses ? ALL_ICMP : SENDABLE_ICMP)
      .unite(ipv6Passes ? IPV6 : PacketMap.NONE)
      .map<ServerRequirement>(() => 'may'),
    PacketMap.createConstant<ServerRequirement>(policy.outbound === 'anywhere' ? 'may' : 'refused'),
  ]);
  return requirements.intersect(buildOutputSet(policy)).unite(PacketMap.createConstant<ServerRequirement>('may'));
}

const buildUnchangedTranslations = (policy: ServerPolicy): PacketMap<Translation> =>
  PacketMap.create(createTranslation(), { destination: getLocalRanges(policy) });

/**
 * Returns the translations of packets that the server sends: its own public addresses are translated to its local ones;
 * all other packets leave unchanged.
 */
function buildOwnPublicTranslations(policy: ServerPolicy): PacketMap<Translation> {
  const translated = PacketMap.mergeFirst(
    policy.ownPublic.map((pair) =>
      PacketMap.create(createTranslation({ destination: createMove(pair.local - pair.public) }), {
        destination: [toSingleRange(pair.public)],
      }),
    ),
  );
  return normalizeTranslations(
    translated.unite(PacketMap.createConstant(createTranslation())).intersect(buildOutputSet(policy)),
  );
}

/** Requires that localhost-only services stay reachable on the server, whatever their port. */
function buildLocalhostRequirements(policy: ServerPolicy): PacketMap<RequirementLevel> {
  return buildLocalhostSet(policy)
    .map<RequirementLevel>(() => 'must')
    .unite(PacketMap.createConstant<RequirementLevel>('may'));
}

const buildInputSet = (policy: ServerPolicy): PacketSet => PacketMap.createSet({ destination: getLocalRanges(policy) });

const buildOutputSet = (policy: ServerPolicy): PacketSet =>
  PacketMap.createSet({
    source: getLocalRanges(policy),
    destination: subtractRanges(ALL_ADDRESSES, [...getNamedRanges(policy), ...LOOPBACK]),
  });

function buildLocalhostSet(policy: ServerPolicy): PacketSet {
  const ranges = [...getNamedRanges(policy), ...LOOPBACK];
  return PacketMap.createSet({ source: ranges, destination: ranges });
}
