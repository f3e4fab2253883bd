// Computes everything that is reachable from outside after a change, which review rules are enforced on: through
// gateways end to end, and at servers directly.

import { Disposition, ReachabilityView } from '../../reachability/reachability';
import { printTitle } from '../../reachability/print-reachability';
import { SubjectOwner, LintSubject } from '../../lint/lint-subject';
import { HARMLESS_ICMP } from '../../spec/server-spec';
import { toRange } from '../../net/address';
import { LINK_LOCAL, LOOPBACK, toEntryLocation, isFromOutside, getLocalAddresses } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { memoize } from '../../net/intern-tables';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../net/private-networks';
import { Range, covers, toSingleRange } from '../../net/range';

/**
 * The packets that are reachable from outside at one start location, with their dispositions. A packet without a
 * disposition is denied.
 */
export interface ReachableFromOutside {
  readonly owner: SubjectOwner;
  /** `from the internet by wan0`. */
  readonly startText: string;
  readonly scope: 'end to end' | 'one device';
  readonly dispositions: PacketMap<Disposition>;
}

/** Addresses that no host in the internet can send to. */
const PRIVATE_RANGES: readonly Range[] = [...PRIVATE_NETWORKS, ...LOOPBACK, LINK_LOCAL];

/** Packets to private addresses, which the `to` of a review rule can't name. */
export const TO_PRIVATE: PacketSet = PacketMap.createSet({ destination: PRIVATE_RANGES });

/**
 * Returns everything that is reachable from outside. Through each gateway this is end to end, as far as the servers
 * behind it are known. Directly on servers it is the packets that no known gateway translates to them, such as routed
 * IPv6. Sources in a server's trusted networks aren't outside.
 */
export function listReachableFromOutside(subject: LintSubject): readonly ReachableFromOutside[] {
  const gateways = subject.owners.filter(({ device }) => device.forwarding);
  const servers = subject.owners.filter(({ device }) => !device.forwarding);
  return [
    ...gateways.flatMap((owner) => listThroughGateway(owner, subject)),
    ...servers.flatMap((owner) =>
      listDirect(owner, subject.servers ? (mapInternalRanges(subject).get(owner) ?? []) : listInternalRanges(gateways)),
    ),
  ].filter(({ dispositions }) => !dispositions.isEmpty);
}

function listThroughGateway(owner: SubjectOwner, { composedGateways }: LintSubject): readonly ReachableFromOutside[] {
  const composedGateway = composedGateways.find(
    ({ gateway }) => gateway === owner || (gateway.name === owner.name && gateway.plan === owner.plan),
  );
  const scope = getGatewayScope(owner);
  const views: readonly (readonly [ReachabilityView, PacketSet])[] = composedGateway
    ? composedGateway.endToEndViews.map(({ view, gatewayOnly }) => [view, gatewayOnly] as const)
    : owner.reachability.views.map((view) => [view, view.dispositions.domain] as const);
  return views
    .filter(([{ startLocation }]) => isFromOutside(owner.device, startLocation))
    .flatMap(([{ startLocation, dispositions }, gatewayOnlyPackets]): ReachableFromOutside[] => {
      const [title, scopedDispositions] = [
        printTitle(toEntryLocation(startLocation), owner.device),
        dispositions.intersect(scope).subtract(HARMLESS_ICMP),
      ];
      return [
        { owner, startText: title, scope: 'end to end', dispositions: scopedDispositions.subtract(gatewayOnlyPackets) },
        {
          owner,
          startText: title,
          scope: 'one device',
          dispositions: scopedDispositions.intersect(gatewayOnlyPackets),
        },
      ];
    });
}

/**
 * Returns the packets to our public addresses, and to the hosts behind them as if they were reached directly. For
 * unmanaged config, which has no gateway policy, returns all packets.
 */
function getGatewayScope({ policy }: SubjectOwner): PacketSet {
  if (policy?.kind !== 'gateway') return PacketMap.ALL;
  const externalRanges = [...policy.virtualIps, ...policy.mappings].map(({ external }) => toRange(external));
  return PacketMap.createSet({
    destination: [...externalRanges, ...policy.mappings.map(({ internal }) => toRange(internal))],
  });
}

/**
 * Returns for each server the inside ranges that the gateways in front of it map. Several sites use the same addresses,
 * so another site's mappings don't count.
 */
const mapInternalRanges = memoize((subject: LintSubject): ReadonlyMap<SubjectOwner, readonly Range[]> => {
  const rangesByServer = new Map<SubjectOwner, readonly Range[]>();
  // Gateways in front of the same servers share one list of them.
  for (const [servers, entries] of groupBy([...(subject.servers ?? [])], ([, list]) => list)) {
    const ranges = listInternalRanges(entries.map(([gateway]) => gateway));
    for (const server of servers) rangesByServer.set(server, [...(rangesByServer.get(server) ?? []), ...ranges]);
  }
  return rangesByServer;
});

const listInternalRanges = (gateways: readonly SubjectOwner[]): readonly Range[] =>
  gateways.flatMap(({ policy }) =>
    policy?.kind === 'gateway' ? policy.mappings.map(({ internal }) => toRange(internal)) : [],
  );

function listDirect(owner: SubjectOwner, mappedRanges: readonly Range[]): readonly ReachableFromOutside[] {
  const { device, policy, reachability } = owner;
  const localAddresses = getLocalAddresses(device);
  const isMapped = (address: bigint): boolean => mappedRanges.some((range) => covers(range, toSingleRange(address)));
  // Behind a known gateway, only packets that the gateway translates arrive at a private address.
  const isBehindGateway = localAddresses.some(isMapped);
  const openAddresses = localAddresses.filter(
    (address) =>
      !isMapped(address) && !(isBehindGateway && PRIVATE_RANGES.some((range) => covers(range, toSingleRange(address)))),
  );
  if (openAddresses.length === 0) return [];
  const openDestinations = PacketMap.createSet({
    destination: openAddresses
      .filter((address) => !LOOPBACK.some((range) => covers(range, toSingleRange(address))))
      .map(toSingleRange),
  });
  const trustedSources =
    policy?.kind === 'server' && policy.trustedNetworks.length > 0
      ? PacketMap.createSet({ source: policy.trustedNetworks })
      : PacketMap.NONE;
  const groups: { readonly names: string[]; readonly dispositions: PacketMap<Disposition> }[] = [];
  for (const { startLocation, dispositions } of reachability.views) {
    if (startLocation.kind !== 'interface') continue;
    const dispositionsFromOutside = dispositions
      .intersect(openDestinations)
      .subtract(trustedSources)
      .subtract(HARMLESS_ICMP);
    // Most rules of a server don't match on the interface. Interfaces with the same dispositions share one entry.
    const sameGroup = groups.find((group) => group.dispositions.equals(dispositionsFromOutside));
    if (sameGroup) sameGroup.names.push(startLocation.name);
    else groups.push({ names: [startLocation.name], dispositions: dispositionsFromOutside });
  }
  return groups.map(({ names, dispositions }) => ({
    owner,
    startText: `from the internet by ${[...new Set(names)].join(', ')}`,
    scope: 'one device',
    dispositions,
  }));
}

/** Returns every packet that is, or may be, reachable from outside at all. */
export const computeReachablePackets = (subject: LintSubject): PacketSet =>
  listReachableFromOutside(subject).reduce(
    (packets, { dispositions }) => packets.unite(dispositions.domain),
    PacketMap.NONE,
  );
