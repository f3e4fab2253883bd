// Computes the hosts that lint rules judge, in groups that are open alike, and what the internet reaches on them: end
// to end where the server behind a gateway is known.

import { ReachabilityView } from '../reachability/reachability';
import { Family } from '../net/address';
import { mergeNumbers } from '../net/axis-nodes';
import { groupBy } from '../net/group-by';
import { memoize } from '../net/intern-tables';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, mergeRanges, toSingleRange, subtractRanges } from '../net/range';
import { isInternetWide, isPrivate, getSources, overlapsAny } from './addresses';
import { getArrivingRanges, getHosts } from './translated-hosts';
import { listGateways, isGateway, selectViews } from './owners';
import { LintSubject, SubjectOwner } from './lint-subject';
import { TCP_UDP, selectAllowed, splitByDestination } from './select-view-packets';
import { countNumbers, getLocalAddresses, getInterfaceNetworks } from '../net/device';

/**
 * Addresses that are open alike, as the internet reaches them: end to end if the server behind the gateway is known.
 */
export interface LintTarget {
  /** The owner that opens them: the server with this profile, else the gateway. */
  readonly owner: SubjectOwner;
  readonly family: Family;
  /** The addresses that the internet sends to. */
  readonly addresses: readonly Range[];
  /** The allowed sources, protocols and ports, as the host sees them. The set tells no destinations apart. */
  readonly openPackets: PacketSet;
  /** Whether it is a server, or a host behind a gateway. Otherwise it is the gateway itself. */
  readonly isHost: boolean;
  /** Whether the internet reaches every TCP port. That is one finding, without another one for each port. */
  readonly isUnfiltered: boolean;
}

export const getTargets = memoize((subject: LintSubject): readonly LintTarget[] => [
  ...listGateways(subject).flatMap((gateway) => listHostTargets(subject, gateway)),
  ...subject.owners.flatMap((owner) => listDirectTargets(subject, owner)),
  ...subject.owners.flatMap(listForwardedTargets),
]);

/** Returns what each view of a gateway lets through, end to end if servers are known. */
export function getComposedViews(
  { composedGateways }: LintSubject,
  gateway: SubjectOwner,
  isOutside: boolean,
): readonly ReachabilityView[] {
  const composed = composedGateways.find((composedGateway) => composedGateway.gateway === gateway);
  return selectViews(
    composed ? { ...gateway, reachability: { views: composed.endToEndViews.map(({ view }) => view) } } : gateway,
    isOutside,
  );
}

/**
 * Returns packets with their ports as they leave. Behind a port forward, the host's own port tells which service it is.
 */
function getDeliveredPackets({ dispositions, translations }: ReachabilityView, scope: PacketSet): PacketSet {
  const allowed = selectAllowed(dispositions).intersect(scope);
  const ports = translations.values.flatMap(({ port }) => (port === 'kept' ? [] : port));
  if (ports.length === 0) return allowed;
  const samePortPackets = allowed.intersect(translations.select(({ port }) => port === 'kept'));
  const forwarded = [...new Set(ports)].flatMap((deliveredPort) =>
    [...allowed.intersect(translations.select(({ port }) => port === deliveredPort)).listCells()].map(
      ({ family, destination, source, protocol }) =>
        PacketMap.createSet({
          family,
          destination: [destination],
          source: [source],
          protocol: [protocol],
          port: [toSingleRange(deliveredPort)],
        }),
    ),
  );
  return PacketMap.mergeFirst([samePortPackets, ...forwarded]);
}

/** Returns the hosts behind a gateway, in groups that are open alike. */
function listHostTargets(subject: LintSubject, gateway: SubjectOwner): readonly LintTarget[] {
  const hosts = getHosts(subject, gateway);
  const sets = getComposedViews(subject, gateway, true).map((view) =>
    getDeliveredPackets(view, splitByDestination(view).translated),
  );
  const externalsByServer = new Map<SubjectOwner, Range[]>();
  for (const { server, external } of hosts)
    if (server) externalsByServer.set(server, [...(externalsByServer.get(server) ?? []), external]);
  const managed = mergeRanges([...externalsByServer.values()].flat());
  const targets: LintTarget[] = [];
  for (const { family, ranges, below } of PacketMap.mergeFirst(sets).groupAlong('destination')) {
    const remainingRanges = getArrivingRanges(
      gateway.device,
      managed.length === 0 ? ranges : subtractRanges(ranges, managed),
      family,
    );
    if (remainingRanges.length > 0) targets.push(createTarget(gateway, family, remainingRanges, below, true));
    for (const [owner, externals] of externalsByServer) {
      const addressRanges = externals.filter((external) => overlapsAny(ranges, external));
      if (addressRanges.length > 0) targets.push(createTarget(owner, family, addressRanges, below, true));
    }
  }
  return targets;
}

/**
 * Returns what an owner lets in to its own addresses directly. A managed gateway says nothing about its own addresses;
 * an unmanaged one does.
 */
function listDirectTargets(subject: LintSubject, owner: SubjectOwner): readonly LintTarget[] {
  const { policy, device } = owner;
  const ownerIsGateway = isGateway(owner);
  const localAddresses = getLocalAddresses(device).filter((address) =>
    ownerIsGateway ? !isPrivate(address) && !policy : isDirectlyReachable(subject, owner, address),
  );
  if (localAddresses.length === 0) return [];
  const localPackets = PacketMap.createSet({ destination: localAddresses.map(toSingleRange) });
  const sets = selectViews(owner, true).map((view) =>
    getDeliveredPackets(view, localPackets.intersect(splitByDestination(view).untranslated)).subtract(
      getTrustedPackets(owner),
    ),
  );
  return PacketMap.mergeFirst(sets)
    .groupAlong('destination')
    .map(({ family, ranges, below }) => createTarget(owner, family, ranges, below, !ownerIsGateway));
}

/** Returns what an unmanaged gateway forwards, untranslated, to public addresses behind it. */
function listForwardedTargets(owner: SubjectOwner): readonly LintTarget[] {
  const { publicRangesBehind: routedAddresses = [] } = owner;
  if (routedAddresses.length === 0) return [];
  const routedPackets = PacketMap.createSet({ destination: routedAddresses });
  return PacketMap.mergeFirst(
    selectViews(owner, true).map((view) =>
      getDeliveredPackets(view, routedPackets.intersect(splitByDestination(view).untranslated)),
    ),
  )
    .groupAlong('destination')
    .map(({ family, ranges, below }) => createTarget(owner, family, ranges, below, true));
}

/** Returns whether the internet can send to the address, or no known gateway stands before it. */
function isDirectlyReachable(subject: LintSubject, owner: SubjectOwner, address: bigint): boolean {
  if (!isPrivate(address)) return true;
  if (getTranslatedServers(subject).has(owner)) return false;
  const sites = getSites(subject);
  const ownSite = sites.get(owner.plan);
  if (ownSite && overlapsAny(ownSite.inside, toSingleRange(address))) return false;
  // Sites use the same addresses. A gateway of another plan doesn't stand before this address if that plan has a server
  // of its own there.
  return ![...sites.values()].some(
    (site) => site !== ownSite && !site.addresses.has(address) && overlapsAny(site.inside, toSingleRange(address)),
  );
}

/** Returns the servers that some gateway translates to. */
const getTranslatedServers = memoize(
  (subject: LintSubject): ReadonlySet<SubjectOwner> => new Set([...new Set(subject.servers?.values())].flat()),
);

/** Returns by plan the networks behind its gateways, and the addresses of its servers. */
const getSites = memoize((subject: LintSubject) => {
  const plans = groupBy(subject.owners, ({ plan }) => plan);
  return new Map(
    [...plans].map(([plan, owners]) => {
      const [gateways, servers] = [owners.filter(isGateway), owners.filter((owner) => !isGateway(owner))];
      const networks = gateways.flatMap(({ device }) =>
        device.interfaces.filter(({ role }) => role !== 'outside').flatMap(getInterfaceNetworks),
      );
      return [
        plan,
        {
          inside: mergeRanges(networks),
          addresses: new Set<bigint>(servers.flatMap(({ device }) => getLocalAddresses(device))),
        },
      ] as const;
    }),
  );
});

/** Returns the connections that a policy leaves alone: backup, monitoring, the operator's network. */
const getTrustedPackets = ({ policy }: SubjectOwner): PacketSet =>
  policy?.kind === 'server' && policy.trustedConnections === 'unmanaged' && policy.trustedNetworks.length > 0
    ? PacketMap.createSet({ source: policy.trustedNetworks })
    : PacketMap.NONE;

const createPortSet = (protocol: number, first: number, last = first): PacketSet =>
  PacketMap.createSet({ protocol: [toSingleRange(protocol)], port: [{ first, last }] });

/** Returns the sources for which some port of the range is open. */
export const getOpenSources = (
  target: Pick<LintTarget, 'openPackets' | 'family'>,
  protocol: number,
  first: number,
  last = first,
): readonly Range[] => getSources(target.openPackets.intersect(createPortSet(protocol, first, last)), target.family);

export const isOpenToInternet = (target: LintTarget, protocol: number, port: number): boolean =>
  isInternetWide(getOpenSources(target, protocol, port), target.family);

/** The number of TCP ports that counts as all of them. Some ports may be translated elsewhere. */
const NEARLY_ALL_PORTS = 60_000;

/** Returns the sources to which (nearly) every TCP port is open. */
export const getFullyOpenSources = (openPackets: PacketSet, family: Family): readonly Range[] =>
  getSourcesOfManyPorts(openPackets.intersect(createPortSet(PROTOCOL.tcp, 1, 65_535)), family, NEARLY_ALL_PORTS);

/** Returns the sources to which `ports` ports or more are open. */
export function getSourcesOfManyPorts(openPackets: PacketSet, family: Family, ports: number): readonly Range[] {
  const groups = openPackets
    .groupAlong('source')
    .filter((group) => group.family === family && countPorts(group.below) >= ports);
  return mergeRanges(groups.flatMap(({ ranges }) => ranges));
}

/** Ports that clients send from. Source: RFC 6335, 6, within ip_local_port_range of Linux. */
const CLIENT_PORT_PACKETS = TCP_UDP.intersect(PacketMap.createSet({ sourcePort: [{ first: 49_152, last: 60_999 }] }));

/** Returns the packets that a client may send, whatever its source port. */
export const selectClientPackets = (openPackets: PacketSet): PacketSet =>
  openPackets.intersect(CLIENT_PORT_PACKETS).dropAxis('sourcePort');

/** Returns the packets of a protocol with ports that come in from some source port, and not from those of clients. */
export function selectOtherPortPackets(openPackets: PacketSet, protocol: number): PacketSet {
  const portPackets = openPackets.intersect(createPortSet(protocol, 0, 65_535));
  return portPackets.equals(portPackets.dropAxis('sourcePort'))
    ? PacketMap.NONE
    : portPackets.subtract(selectClientPackets(portPackets));
}

const countPorts = (openPackets: PacketSet): number =>
  countNumbers(mergeNumbers([...openPackets.listCells()].map(({ port }) => port)));

/**
 * Creates a target. Sources to which everything is open are trusted, like the operator's own network, and single ports
 * aren't reported for them.
 */
function createTarget(
  owner: SubjectOwner,
  family: Family,
  addresses: readonly Range[],
  openSet: PacketSet,
  isHost: boolean,
): LintTarget {
  const trustedSources = getFullyOpenSources(openSet, family);
  const isUnfiltered = isInternetWide(trustedSources, family);
  const openPackets =
    isUnfiltered || trustedSources.length === 0
      ? openSet
      : openSet.subtract(PacketMap.createSet({ source: trustedSources }));
  return { owner, family, addresses, openPackets, isHost, isUnfiltered };
}

export const PANEL_PORTS: readonly number[] = [2082, 2083, 2086, 2087, 2095, 2096];

/** Returns whether a target is a managed server, or a host that offers a panel. */
export const isLikelyCpanel = memoize(
  (target: LintTarget): boolean =>
    target.owner.policy?.kind === 'server' ||
    PANEL_PORTS.some((port) => getOpenSources(target, PROTOCOL.tcp, port).length > 0),
);
