import { View } from '../reachability/exposure';
import { Family } from '../net/address';
import { joinedNumbers } from '../net/axes';
import { groupBy } from '../net/group-by';
import { remembered } from '../net/interned';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, joined, point, without } from '../net/range';
import { isAnybody, isPrivate, sourcesOf, touchesAny } from './addresses';
import { arrivingAt, hostsOf } from './hosts';
import { gatewaysOf, isGateway, viewsFrom } from './owners';
import { Subject, SubjectOwner } from './subject';
import { TCP_UDP, allowedAt, splitByDestination } from './verdicts';
import { countOf, localTo, networksOf } from '../net/device';

/** Addresses that are open alike, as the internet reaches them: end to end where the server behind the gateway is known. */
export interface Target {
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

export const targetsOf = remembered((subject: Subject): readonly Target[] => [
  ...gatewaysOf(subject).flatMap((gateway) => behind(subject, gateway)),
  ...subject.owners.flatMap((one) => direct(subject, one)),
  ...subject.owners.flatMap(forwarded),
]);

/** What each view of a gateway lets through, end to end where servers are known. */
export function endsOf({ reached }: Subject, gateway: SubjectOwner, outside: boolean): readonly View[] {
  const composed = reached.find((one) => one.gateway === gateway);
  return viewsFrom(
    composed ? { ...gateway, exposure: { views: composed.ends.map(({ view }) => view) } } : gateway,
    outside,
  );
}

/** Ports as they leave: behind a port forward it is the host's own port that says which service it is. */
function asDelivered({ verdicts, translations }: View, within: PacketSet): PacketSet {
  const allowed = allowedAt(verdicts).within(within);
  const ports = translations.values.flatMap(({ port }) => (port === 'kept' ? [] : port));
  if (ports.length === 0) return allowed;
  const kept = allowed.within(translations.where(({ port }) => port === 'kept'));
  const forwarded = [...new Set(ports)].flatMap((to) =>
    [...allowed.within(translations.where(({ port }) => port === to)).cells()].map(
      ({ family, destination, source, protocol }) =>
        PacketMap.set({
          family,
          destination: [destination],
          source: [source],
          protocol: [protocol],
          port: [point(to)],
        }),
    ),
  );
  return PacketMap.first([kept, ...forwarded]);
}

/** Hosts behind a gateway, in groups that are open alike. */
function behind(subject: Subject, gateway: SubjectOwner): readonly Target[] {
  const hosts = hostsOf(subject, gateway);
  const sets = endsOf(subject, gateway, true).map((view) => asDelivered(view, splitByDestination(view).led));
  const ofServers = new Map<SubjectOwner, Range[]>();
  for (const { server, outside } of hosts)
    if (server) ofServers.set(server, [...(ofServers.get(server) ?? []), outside]);
  const managed = joined([...ofServers.values()].flat());
  const found: Target[] = [];
  for (const { family, ranges, below } of PacketMap.first(sets).groups('destination')) {
    const rest = arrivingAt(gateway.device, managed.length === 0 ? ranges : without(ranges, managed), family);
    if (rest.length > 0) found.push(targetOf(gateway, family, rest, below, true));
    for (const [owner, outsides] of ofServers) {
      const at = outsides.filter((outside) => touchesAny(ranges, outside));
      if (at.length > 0) found.push(targetOf(owner, family, at, below, true));
    }
  }
  return found;
}

/** What an owner lets come to its own addresses directly. A gateway of ours says nothing of its own; that of others does. */
function direct(subject: Subject, owner: SubjectOwner): readonly Target[] {
  const { policy, device } = owner;
  const gateway = isGateway(owner);
  const local = localTo(device).filter((address) =>
    gateway ? !isPrivate(address) && !policy : reachedDirectly(subject, owner, address),
  );
  if (local.length === 0) return [];
  const here = PacketMap.set({ destination: local.map(point) });
  const sets = viewsFrom(owner, true).map((view) =>
    asDelivered(view, here.within(splitByDestination(view).kept)).apartFrom(unmanaged(owner)),
  );
  return PacketMap.first(sets)
    .groups('destination')
    .map(({ family, ranges, below }) => targetOf(owner, family, ranges, below, !gateway));
}

/** What a gateway of others lets go on to public addresses behind it, as it came. */
function forwarded(owner: SubjectOwner): readonly Target[] {
  const { behind = [] } = owner;
  if (behind.length === 0) return [];
  const there = PacketMap.set({ destination: behind });
  return PacketMap.first(
    viewsFrom(owner, true).map((view) => asDelivered(view, there.within(splitByDestination(view).kept))),
  )
    .groups('destination')
    .map(({ family, ranges, below }) => targetOf(owner, family, ranges, below, true));
}

/** An address that the internet can send to, or that no gateway we know of stands before. */
function reachedDirectly(subject: Subject, owner: SubjectOwner, address: bigint): boolean {
  if (!isPrivate(address)) return true;
  if (ledTo(subject).has(owner)) return false;
  const sites = sitesIn(subject);
  const own = sites.get(owner.plan);
  if (own && touchesAny(own.inside, point(address))) return false;
  // Sites number alike: a gateway of another plan doesn't stand before it where that plan has a server of its own at this address.
  return ![...sites.values()].some(
    (site) => site !== own && !site.addresses.has(address) && touchesAny(site.inside, point(address)),
  );
}

/** Servers that some gateway leads to. */
const ledTo = remembered(
  (subject: Subject): ReadonlySet<SubjectOwner> => new Set([...new Set(subject.servers?.values())].flat()),
);

/** By plan: the networks behind its gateways, and the addresses of its servers. */
const sitesIn = remembered((subject: Subject) => {
  const plans = groupBy(subject.owners, ({ plan }) => plan);
  return new Map(
    [...plans].map(([plan, owners]) => {
      const [gateways, servers] = [owners.filter(isGateway), owners.filter((owner) => !isGateway(owner))];
      const networks = gateways.flatMap(({ device }) =>
        device.interfaces.filter(({ role }) => role !== 'outside').flatMap(networksOf),
      );
      return [
        plan,
        { inside: joined(networks), addresses: new Set<bigint>(servers.flatMap(({ device }) => localTo(device))) },
      ] as const;
    }),
  );
});

/** Connections that a policy leaves alone: backup, monitoring, the operator's network. */
const unmanaged = ({ policy }: SubjectOwner): PacketSet =>
  policy?.kind === 'server' && policy.insideConnections === 'unmanaged' && policy.inside.length > 0
    ? PacketMap.set({ source: policy.inside })
    : PacketMap.NONE;

const portSet = (protocol: number, first: number, last = first): PacketSet =>
  PacketMap.set({ protocol: [point(protocol)], port: [{ first, last }] });

/** The sources for which some port of the range is open. */
export const openTo = (
  target: Pick<Target, 'open' | 'family'>,
  protocol: number,
  first: number,
  last = first,
): readonly Range[] => sourcesOf(target.open.within(portSet(protocol, first, last)), target.family);

export const openToAnybody = (target: Target, protocol: number, port: number): boolean =>
  isAnybody(openTo(target, protocol, port), target.family);

/** So many TCP ports are all of them, but for some that lead elsewhere. */
const NEARLY_ALL = 60_000;

/** Sources that (nearly) every TCP port is open to. */
export const everythingOpenTo = (open: PacketSet, family: Family): readonly Range[] =>
  sourcesOfMany(open.within(portSet(PROTOCOL.tcp, 1, 65_535)), family, NEARLY_ALL);

/** Sources that so many ports or more are open to. */
export function sourcesOfMany(open: PacketSet, family: Family, ports: number): readonly Range[] {
  const groups = open.groups('source').filter((group) => group.family === family && countPorts(group.below) >= ports);
  return joined(groups.flatMap(({ ranges }) => ranges));
}

/** Ports that clients send from. Source: RFC 6335, 6, within ip_local_port_range of Linux. */
const EPHEMERAL = TCP_UDP.within(PacketMap.set({ sourcePort: [{ first: 49_152, last: 60_999 }] }));

/** What a client may send, from whichever port. */
export const fromClients = (open: PacketSet): PacketSet => open.within(EPHEMERAL).anyAlong('sourcePort');

/** What of a protocol with ports comes in from some source port, and not from those of clients. */
export function fromOtherPorts(open: PacketSet, protocol: number): PacketSet {
  const own = open.within(portSet(protocol, 0, 65_535));
  return own.equals(own.anyAlong('sourcePort')) ? PacketMap.NONE : own.apartFrom(fromClients(own));
}

const countPorts = (open: PacketSet): number => countOf(joinedNumbers([...open.cells()].map(({ port }) => port)));

/** Whom everything is open to is trusted whole, like the operator's own network: single ports aren't held against that. */
function targetOf(owner: SubjectOwner, family: Family, at: readonly Range[], open: PacketSet, isHost: boolean): Target {
  const trusted = everythingOpenTo(open, family);
  const nothingFiltered = isAnybody(trusted, family);
  const judged = nothingFiltered || trusted.length === 0 ? open : open.apartFrom(PacketMap.set({ source: trusted }));
  return { owner, family, at, open: judged, isHost, nothingFiltered };
}

export const PANEL_PORTS: readonly number[] = [2082, 2083, 2086, 2087, 2095, 2096];

/** A managed server, or a host that offers a panel. */
export const looksLikeCpanel = remembered(
  (target: Target): boolean =>
    target.owner.policy?.kind === 'server' || PANEL_PORTS.some((port) => openTo(target, PROTOCOL.tcp, port).length > 0),
);
