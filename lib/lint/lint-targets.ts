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
import { TCP_UDP, selectAllowed, splitByDestination } from './split-views';
import { countNumbers, getLocalAddresses, getInterfaceNetworks } from '../net/device';

/** Addresses that are open alike, as the internet reaches them: end to end where the server behind the gateway is known. */
export interface LintTarget {
  /** Who opens them: the server whose profile it is, else the gateway. */
  readonly owner: SubjectOwner;
  readonly family: Family;
  /** As the internet sends to them. */
  readonly at: readonly Range[];
  /** What may come: sources, protocols and ports, as the host sees them. Tells no destinations apart. */
  readonly open: PacketSet;
  /** A server, or a host behind a gateway; else the gateway itself. */
  readonly isHost: boolean;
  /** Every TCP port is open to anybody: that is one finding, and not another one for each of its ports. */
  readonly nothingFiltered: boolean;
}

export const getTargets = memoize((subject: LintSubject): readonly LintTarget[] => [
  ...listGateways(subject).flatMap((gateway) => listHostTargets(subject, gateway)),
  ...subject.owners.flatMap((owner) => listDirectTargets(subject, owner)),
  ...subject.owners.flatMap(listForwardedTargets),
]);

/** What each view of a gateway lets through, end to end where servers are known. */
export function getComposedViews(
  { reached }: LintSubject,
  gateway: SubjectOwner,
  isOutside: boolean,
): readonly ReachabilityView[] {
  const composed = reached.find((candidate) => candidate.gateway === gateway);
  return selectViews(
    composed ? { ...gateway, exposure: { views: composed.ends.map(({ view }) => view) } } : gateway,
    isOutside,
  );
}

/** Ports as they leave: behind a port forward it is the host's own port that says which service it is. */
function getDeliveredPackets({ verdicts, translations }: ReachabilityView, within: PacketSet): PacketSet {
  const allowed = selectAllowed(verdicts).intersect(within);
  const ports = translations.values.flatMap(({ port }) => (port === 'kept' ? [] : port));
  if (ports.length === 0) return allowed;
  const portKept = allowed.intersect(translations.select(({ port }) => port === 'kept'));
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
  return PacketMap.mergeFirst([portKept, ...forwarded]);
}

/** Hosts behind a gateway, in groups that are open alike. */
function listHostTargets(subject: LintSubject, gateway: SubjectOwner): readonly LintTarget[] {
  const hosts = getHosts(subject, gateway);
  const sets = getComposedViews(subject, gateway, true).map((view) =>
    getDeliveredPackets(view, splitByDestination(view).led),
  );
  const externalsByServer = new Map<SubjectOwner, Range[]>();
  for (const { server, outside: external } of hosts)
    if (server) externalsByServer.set(server, [...(externalsByServer.get(server) ?? []), external]);
  const managed = mergeRanges([...externalsByServer.values()].flat());
  const targets: LintTarget[] = [];
  for (const { family, ranges, below } of PacketMap.mergeFirst(sets).groupAlong('destination')) {
    const remaining = getArrivingRanges(
      gateway.device,
      managed.length === 0 ? ranges : subtractRanges(ranges, managed),
      family,
    );
    if (remaining.length > 0) targets.push(createTarget(gateway, family, remaining, below, true));
    for (const [owner, externals] of externalsByServer) {
      const at = externals.filter((external) => overlapsAny(ranges, external));
      if (at.length > 0) targets.push(createTarget(owner, family, at, below, true));
    }
  }
  return targets;
}

/** What an owner lets come to its own addresses directly. A gateway of ours says nothing of its own; that of others does. */
function listDirectTargets(subject: LintSubject, owner: SubjectOwner): readonly LintTarget[] {
  const { policy, device } = owner;
  const ownerIsGateway = isGateway(owner);
  const local = getLocalAddresses(device).filter((address) =>
    ownerIsGateway ? !isPrivate(address) && !policy : isDirectlyReachable(subject, owner, address),
  );
  if (local.length === 0) return [];
  const localPackets = PacketMap.createSet({ destination: local.map(toSingleRange) });
  const sets = selectViews(owner, true).map((view) =>
    getDeliveredPackets(view, localPackets.intersect(splitByDestination(view).kept)).subtract(getTrustedPackets(owner)),
  );
  return PacketMap.mergeFirst(sets)
    .groupAlong('destination')
    .map(({ family, ranges, below }) => createTarget(owner, family, ranges, below, !ownerIsGateway));
}

/** What a gateway of others lets go on to public addresses behind it, as it came. */
function listForwardedTargets(owner: SubjectOwner): readonly LintTarget[] {
  const { behind: routedAddresses = [] } = owner;
  if (routedAddresses.length === 0) return [];
  const routedPackets = PacketMap.createSet({ destination: routedAddresses });
  return PacketMap.mergeFirst(
    selectViews(owner, true).map((view) =>
      getDeliveredPackets(view, routedPackets.intersect(splitByDestination(view).kept)),
    ),
  )
    .groupAlong('destination')
    .map(({ family, ranges, below }) => createTarget(owner, family, ranges, below, true));
}

/** An address that the internet can send to, or that no gateway we know of stands before. */
function isDirectlyReachable(subject: LintSubject, owner: SubjectOwner, address: bigint): boolean {
  if (!isPrivate(address)) return true;
  if (getTranslatedServers(subject).has(owner)) return false;
  const sites = getSites(subject);
  const ownSite = sites.get(owner.plan);
  if (ownSite && overlapsAny(ownSite.inside, toSingleRange(address))) return false;
  // Sites number alike: a gateway of another plan doesn't stand before it where that plan has a server of its own at this address.
  return ![...sites.values()].some(
    (site) => site !== ownSite && !site.addresses.has(address) && overlapsAny(site.inside, toSingleRange(address)),
  );
}

/** Servers that some gateway leads to. */
const getTranslatedServers = memoize(
  (subject: LintSubject): ReadonlySet<SubjectOwner> => new Set([...new Set(subject.servers?.values())].flat()),
);

/** By plan: the networks behind its gateways, and the addresses of its servers. */
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

/** Connections that a policy leaves alone: backup, monitoring, the operator's network. */
const getTrustedPackets = ({ policy }: SubjectOwner): PacketSet =>
  policy?.kind === 'server' && policy.insideConnections === 'unmanaged' && policy.inside.length > 0
    ? PacketMap.createSet({ source: policy.inside })
    : PacketMap.NONE;

const createPortSet = (protocol: number, first: number, last = first): PacketSet =>
  PacketMap.createSet({ protocol: [toSingleRange(protocol)], port: [{ first, last }] });

/** The sources for which some port of the range is open. */
export const getOpenSources = (
  target: Pick<LintTarget, 'open' | 'family'>,
  protocol: number,
  first: number,
  last = first,
): readonly Range[] => getSources(target.open.intersect(createPortSet(protocol, first, last)), target.family);

export const isOpenToInternet = (target: LintTarget, protocol: number, port: number): boolean =>
  isInternetWide(getOpenSources(target, protocol, port), target.family);

/** So many TCP ports are all of them, but for some that lead elsewhere. */
const NEARLY_ALL_PORTS = 60_000;

/** Sources that (nearly) every TCP port is open to. */
export const getFullyOpenSources = (open: PacketSet, family: Family): readonly Range[] =>
  getSourcesOfManyPorts(open.intersect(createPortSet(PROTOCOL.tcp, 1, 65_535)), family, NEARLY_ALL_PORTS);

/** Sources that so many ports or more are open to. */
export function getSourcesOfManyPorts(open: PacketSet, family: Family, ports: number): readonly Range[] {
  const groups = open
    .groupAlong('source')
    .filter((group) => group.family === family && countPorts(group.below) >= ports);
  return mergeRanges(groups.flatMap(({ ranges }) => ranges));
}

/** Ports that clients send from. Source: RFC 6335, 6, within ip_local_port_range of Linux. */
const CLIENT_PORT_PACKETS = TCP_UDP.intersect(PacketMap.createSet({ sourcePort: [{ first: 49_152, last: 60_999 }] }));

/** What a client may send, from whichever port. */
export const selectClientPackets = (open: PacketSet): PacketSet =>
  open.intersect(CLIENT_PORT_PACKETS).dropAxis('sourcePort');

/** What of a protocol with ports comes in from some source port, and not from those of clients. */
export function selectOtherPortPackets(open: PacketSet, protocol: number): PacketSet {
  const portPackets = open.intersect(createPortSet(protocol, 0, 65_535));
  return portPackets.equals(portPackets.dropAxis('sourcePort'))
    ? PacketMap.NONE
    : portPackets.subtract(selectClientPackets(portPackets));
}

const countPorts = (open: PacketSet): number =>
  countNumbers(mergeNumbers([...open.listCells()].map(({ port }) => port)));

/** Whom everything is open to is trusted whole, like the operator's own network: single ports aren't held against that. */
function createTarget(
  owner: SubjectOwner,
  family: Family,
  at: readonly Range[],
  open: PacketSet,
  isHost: boolean,
): LintTarget {
  const trusted = getFullyOpenSources(open, family);
  const nothingFiltered = isInternetWide(trusted, family);
  const openPackets =
    nothingFiltered || trusted.length === 0 ? open : open.subtract(PacketMap.createSet({ source: trusted }));
  return { owner, family, at, open: openPackets, isHost, nothingFiltered };
}

export const PANEL_PORTS: readonly number[] = [2082, 2083, 2086, 2087, 2095, 2096];

/** A managed server, or a host that offers a panel. */
export const isLikelyCpanel = memoize(
  (target: LintTarget): boolean =>
    target.owner.policy?.kind === 'server' ||
    PANEL_PORTS.some((port) => getOpenSources(target, PROTOCOL.tcp, port).length > 0),
);
