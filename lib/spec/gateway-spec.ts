// Builds the spec of a gateway from a policy: for each start location the packets that must pass, those that may, and
// their translations. The verifier compares the generated config with it.

import { Translation, normalizeTranslations, createMove, createTranslation } from '../reachability/reachability';
import { Address, ALL_ADDRESSES, toRange, parseRange } from '../net/address';
import { StartLocation, getInterfaceNetworks, listStartLocations, findUplink } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, mergeRanges, toSingleRange, subtractRanges } from '../net/range';
import { Excess } from '../policy/platform-excess';
import { GatewayPolicy, Mapping } from '../policy/policy';
import {
  buildArrivalTranslations,
  groupByDistance,
  getNatDistance,
  buildSpoofableSet,
  buildReflectedSet,
} from './destination-translations';
import { RequirementLevel, LocationSpec, ReachabilitySpec } from './reachability-spec';
import { getAllowedPackets } from './allowed-packets';
import { RELATED_ICMP } from './phase-requirements';

/** The requirement for some packets: `refused` packets must not pass. */
type GatewayRequirement = RequirementLevel | 'refused';

/**
 * Builds the spec of a gateway's policy. It covers three sets of packets. Packets to our public addresses: what passes
 * equals what is allowed. Packets directly from outside to our inside addresses: refused, except for the platform's
 * excess. Packets from inside hosts: their translation. The spec says nothing about the rest.
 */
export function buildGatewaySpec(
  policy: GatewayPolicy,
  excess: Excess,
  otherAddresses: readonly Address[] = [],
): ReachabilitySpec {
  const publicRanges = mergeRanges([...policy.virtualIps, ...policy.mappings].map(({ external }) => toRange(external)));
  const otherRanges = otherAddresses.map(toSingleRange);
  const toPublic = PacketMap.createSet({ destination: publicRanges });
  const toInternal = PacketMap.createSet({
    destination: mergeRanges(policy.mappings.map((mapping) => toRange(mapping.internal))),
  });
  // Mappings that are restricted to peers decide before those without restriction.
  const active = policy.mappings.filter(({ enabled }) => enabled);
  const mappings = [
    ...active.filter(({ peers }) => peers !== 'anywhere'),
    ...active.filter(({ peers }) => peers === 'anywhere'),
  ];
  const managed = buildOwnSourceSet(policy, publicRanges).unite(
    excess.reflectsBySource ? buildReflectedSet(policy, mappings) : PacketMap.NONE,
  );
  return {
    views: listStartLocations(policy).map((location) =>
      buildLocationSpec(
        policy,
        mappings,
        { publicRanges, otherRanges, toPublic, toInternal, managed, excess },
        location,
      ),
    ),
  };
}

interface GatewayPackets {
  /** Our public addresses. */
  readonly publicRanges: readonly Range[];
  /** Other addresses that the gateway has: those of other owners. */
  readonly otherRanges: readonly Range[];
  /** Packets to our public addresses, from any source. */
  readonly toPublic: PacketSet;
  /** Packets to the inside addresses of our mappings. */
  readonly toInternal: PacketSet;
  /** Packets that the release manages wherever they arrive. */
  readonly managed: PacketSet;
  readonly excess: Excess;
}

function buildLocationSpec(
  policy: GatewayPolicy,
  mappings: readonly Mapping[],
  gatewayPackets: GatewayPackets,
  location: StartLocation,
): LocationSpec {
  const { publicRanges, otherRanges, toPublic, toInternal, managed, excess } = gatewayPackets;
  if (location.kind !== 'interface')
    return {
      startLocation: location,
      bounds: PacketMap.createConstant<RequirementLevel>('may'),
      translations: PacketMap.createEmpty(),
      scope: PacketMap.NONE,
      inbound: PacketMap.NONE,
      unmanaged: PacketMap.ALL.subtract(managed),
      sessions: PacketMap.NONE,
      establishedSessions: policy.establishedSessions,
      related: RELATED_ICMP,
      untranslated: PacketMap.NONE,
    };
  const entry = policy.interfaces.find(({ name }) => name === location.name)!;
  const isOutside = entry.role === 'outside';
  const reaching = mappings.filter((mapping) =>
    isOutside
      ? mapping.interface === entry.name
      : mapping.reflection.mode !== 'disabled' && mapping.reflection.from.includes(entry.name),
  );
  const otherwise: GatewayRequirement = !isOutside && excess.reflectsAllPorts ? 'may' : 'refused';
  const groups = groupMappings(reaching);
  const inbound = groups.map(({ group, applies: packets }) =>
    assignRequirements(packets, getAllowedPackets(group.allowRules), otherwise),
  );
  const answers = policy.virtualIps
    .filter(({ kind, answers: { entries } }) => (kind === 'ip-alias' || kind === 'carp') && entries.length > 0)
    .map((vip) =>
      assignRequirements(PacketMap.createSet({ destination: [toRange(vip.external)] }), getAllowedPackets(vip.answers)),
    );
  const refused = toPublic.map<GatewayRequirement>(() => 'refused');
  const direct = isOutside
    ? (excess.directToInside
        ? buildDirectAccess(groups.map(({ group }) => group))
        : PacketMap.createEmpty<GatewayRequirement>()
      ).unite(toInternal.map<GatewayRequirement>(() => 'refused'))
    : PacketMap.createEmpty<GatewayRequirement>();
  const uplink = findUplink(policy, location);
  const outboundTranslations = buildOutboundTranslations(mappings, uplink);
  const internet = buildInternetSet(policy, [...publicRanges, ...otherRanges], uplink);
  const leaving = isOutside ? PacketMap.createEmpty<Translation>() : outboundTranslations.intersect(internet);
  const requirementMap = PacketMap.mergeFirst<GatewayRequirement>([
    ...inbound,
    ...answers,
    refused,
    direct,
    leaving.map<GatewayRequirement>(() => 'must'),
  ]);
  const arriving = PacketMap.mergeFirst(
    groups.flatMap(({ group, applies: packets }) =>
      buildArrivalTranslations(group.mappings, isOutside ? undefined : entry, excess).map((part) =>
        part.intersect(packets),
      ),
    ),
  );
  const spoofable = excess.reflectsBySource ? buildSpoofableSet(policy, mappings, entry) : PacketMap.NONE;
  const translations = arriving.subtract(spoofable).unite(leaving);
  const requirements = requirementMap
    .unite(PacketMap.createConstant<GatewayRequirement>('may'))
    .map<RequirementLevel>((requirement) => (requirement === 'refused' ? undefined : requirement));
  // Untranslated answers of a VIP keep all fields; the translation of other packets stays undefined.
  const unchanged = PacketMap.mergeFirst(answers).map((requirement) =>
    requirement === 'must' ? createTranslation() : undefined,
  );
  return {
    startLocation: location,
    bounds: requirements,
    translations: normalizeTranslations(translations.unite(unchanged).intersect(requirements)),
    scope: requirementMap.domain,
    inbound: toPublic,
    unmanaged: PacketMap.ALL.subtract(requirementMap)
      .subtract(
        outboundTranslations.intersect(
          internet.unite(PacketMap.createSet({ destination: [...NON_HOST_RANGES, ...otherRanges] })),
        ),
      )
      .subtract(buildOtherUplinkSet(policy, mappings, uplink))
      .subtract(managed),
    sessions: PacketMap.mergeFirst([
      ...groups.map((group) => group.applies),
      leaving.domain,
      ...answers.map((requirement) => requirement.domain),
    ]),
    establishedSessions: policy.establishedSessions,
    related: RELATED_ICMP,
    untranslated: PacketMap.mergeFirst(answers).select((requirement) => requirement === 'must'),
  };
}

/**
 * Returns the packets from mapped hosts to the networks of an uplink that isn't the way out. There, too, mapped hosts
 * are seen by the addresses of that uplink's mappings.
 */
const buildOtherUplinkSet = (
  { interfaces }: GatewayPolicy,
  mappings: readonly Mapping[],
  uplink: string | undefined,
): PacketSet =>
  PacketMap.mergeFirst(
    interfaces
      .filter(({ name, role }) => role === 'outside' && name !== uplink)
      .map(
        (networkInterface) =>
          buildOutboundTranslations(mappings, networkInterface.name).intersect(
            PacketMap.createSet({ destination: getInterfaceNetworks(networkInterface) }),
          ).domain,
      ),
  );

/**
 * Returns the packets that leave with one of our public addresses as their source. A device that has the address sends
 * them by its own interface.
 */
function buildOwnSourceSet({ interfaces }: GatewayPolicy, publicRanges: readonly Range[]): PacketSet {
  const toItself = PacketMap.createSet({
    destination: interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => toSingleRange(address))),
  });
  return PacketMap.createSet({ source: publicRanges }).subtract(toItself);
}

const assignRequirements = (
  packets: PacketSet,
  opened: PacketSet,
  otherwise: GatewayRequirement = 'refused',
): PacketMap<GatewayRequirement> =>
  packets
    .intersect(opened)
    .map<GatewayRequirement>(() => 'must')
    .unite(packets.map<GatewayRequirement>(() => otherwise));

/** Returns the packets that are allowed to mapped hosts, addressed to their inside addresses. */
const buildDirectAccess = (groups: readonly MappingGroup[]): PacketMap<GatewayRequirement> =>
  PacketMap.mergeFirst(
    groups.map(({ allowRules, mappings }) =>
      PacketMap.mergeFirst([
        PacketMap.createSet({ destination: mappings.filter(isUnrestricted).map(({ internal }) => toRange(internal)) }),
        ...mappings
          .filter((mapping) => !isUnrestricted(mapping))
          .map((mapping) => buildMappingSet(mapping, 'destination', 'internal')),
      ]).intersect(getAllowedPackets(allowRules)),
    ),
  ).map<GatewayRequirement>(() => 'may');

/** Returns whether the mapping translates for all peers. */
const isUnrestricted = ({ peers, exclude }: Mapping): boolean => peers === 'anywhere' && exclude.length === 0;

interface MappingGroup {
  readonly allowRules: Mapping['allowRules'];
  readonly mappings: readonly Mapping[];
}

/**
 * Groups mappings that apply alike and have the same allow rules, in order: ten thousand hosts of one profile are one
 * group.
 */
function groupMappings(
  mappings: readonly Mapping[],
): readonly { readonly group: MappingGroup; readonly applies: PacketSet }[] {
  const groups: { allowRules: Mapping['allowRules']; mappings: Mapping[]; plain: boolean }[] = [];
  const plainGroups = new Map<Mapping['allowRules'], Mapping[]>();
  for (const mapping of mappings) {
    const plain = isUnrestricted(mapping);
    const members = plain ? plainGroups.get(mapping.allowRules) : undefined;
    if (members) {
      members.push(mapping);
      continue;
    }
    const created = { allowRules: mapping.allowRules, mappings: [mapping], plain };
    if (plain) plainGroups.set(mapping.allowRules, created.mappings);
    groups.push(created);
  }
  return groups.map(({ allowRules, mappings: members }) => ({
    group: { allowRules, mappings: members },
    applies:
      members.length > 1
        ? PacketMap.createSet({ destination: members.map(({ external }) => toRange(external)) })
        : buildMappingSet(members[0]!, 'destination', 'external'),
  }));
}

/**
 * Returns the packets whose source or destination is the mapping's host, by its inside or public address, and whose
 * other end is one of the mapping's peers, without its exclusions.
 */
function buildMappingSet(mapping: Mapping, host: 'source' | 'destination', side: 'internal' | 'external'): PacketSet {
  const peer = host === 'source' ? 'destination' : 'source';
  const sideRange = [toRange(mapping[side])];
  const packets = PacketMap.createSet({
    [host]: sideRange,
    ...(mapping.peers === 'anywhere' ? {} : { [peer]: mapping.peers }),
  });
  return packets.subtract(
    PacketMap.mergeFirst(
      mapping.exclude.map(({ internal, peers }) =>
        PacketMap.createSet({
          [host]:
            internal === 'all'
              ? sideRange
              : side === 'internal'
                ? internal
                : internal.map((range) => toExternalRange(mapping, range)),
          ...(peers === 'anywhere' ? {} : { [peer]: peers }),
        }),
      ),
    ),
  );
}

/** Returns the public range that stands for a part of the mapping's inside range. */
const toExternalRange = (mapping: Mapping, range: Range): Range => ({
  first: range.first - getNatDistance(mapping),
  last: range.last - getNatDistance(mapping),
});

/** Destinations that no gateway sends to the internet: loopback, multicast, reserved. Source: RFC 6890; RFC 5771. */
const NON_HOST_RANGES: readonly Range[] = ['127.0.0.0/8', '224.0.0.0/3'].map(parseRange);

/**
 * Returns the destinations on the internet, as seen from the hosts of a gateway whose packets leave by that interface.
 */
function buildInternetSet(policy: GatewayPolicy, excluded: readonly Range[], uplink: string | undefined): PacketSet {
  const local = policy.interfaces.flatMap((networkInterface) => [
    ...(networkInterface.role === 'outside' && networkInterface.name === uplink
      ? []
      : getInterfaceNetworks(networkInterface)),
    ...networkInterface.addresses.map(({ address }) => toSingleRange(address)),
  ]);
  return PacketMap.createSet({
    destination: subtractRanges(ALL_ADDRESSES, [...local, ...excluded, ...NON_HOST_RANGES]),
  });
}

/**
 * Returns the translations of packets that the mapped hosts send by that interface, to any destination: the source
 * becomes their public address.
 */
function buildOutboundTranslations(mappings: readonly Mapping[], uplink: string | undefined): PacketMap<Translation> {
  const outgoing = mappings.filter((mapping) => mapping.interface === uplink && !mapping.inboundOnly);
  const plain = outgoing.filter(isUnrestricted);
  return PacketMap.mergeFirst([
    ...outgoing
      .filter((mapping) => !isUnrestricted(mapping))
      .map((mapping) =>
        buildMappingSet(mapping, 'source', 'internal').map(() =>
          createTranslation({ source: createMove(-getNatDistance(mapping)) }),
        ),
      ),
    ...[...groupByDistance(plain, 'internal')].map(([distance, source]) =>
      PacketMap.create(createTranslation({ source: createMove(-distance) }), { source }),
    ),
  ]);
}
