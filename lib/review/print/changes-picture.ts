// Creates the diagram of a review's HTML page: the changes as flows from sender through gateway to server.
// flow-diagram.ts draws it.

import { printSenders } from '../../reachability/print-packets';
import { isPrivate } from '../../lint/addresses';
import { parsePrefix } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { joinItems, printNumber } from '../../report/report-document';
import { Flow, FlowLabel, renderFlows } from '../../report/page/flow-diagram';
import { Html } from '../../report/page/html';
import { Change, Review } from '../review';
import { CHANGE_KINDS, describeOpenedSources, getTone } from './change-sections';
import { MergedChange, mergeChanges } from './merged-changes';

/** The number of services that an arrow names. An arrow is short, and the tables have all services. */
const MAX_NAMED_SERVICES = 3;

/**
 * Returns the diagram of changed reachability: what opens, closes, moves to another host or can't be decided. It is
 * empty where nothing changes. Two kinds of changes stand in the tables alone: packets that devices send themselves,
 * which reach no host of ours, and changes inside that repeat those from the internet.
 */
export function renderPicture(review: Review): Html {
  const changes = CHANGE_KINDS.filter(({ kind }) => kind !== 'identity').flatMap(({ kind }) =>
    mergeChanges(review, kind),
  );
  const insideNote = changes.some(({ insideLocations }) => insideLocations.length > 0)
    ? ' What is the same from inside is in the tables below.'
    : '';
  return renderFlows(
    createFlows(review, changes),
    `What changes, from where and to whom${describeListedPart(review)}.${insideNote}`,
  );
}

function describeListedPart({ changes, counts }: Review): string {
  const unlistedCount = CHANGE_KINDS.reduce((total, { kind }) => total + counts[kind], 0) - changes.length;
  const listedWords =
    changes.length === 1
      ? 'the first change that is listed'
      : `the first ${printNumber(changes.length)} changes, which are listed`;
  return unlistedCount > 0 ? `, of ${listedWords}; ${printNumber(unlistedCount)} more are counted` : '';
}

/**
 * Returns one flow for each sender, gateway and set of addresses to one host. Hosts with the same labels share a flow.
 */
function createFlows(review: Review, changes: readonly MergedChange[]): readonly Flow[] {
  const servers: ReviewedServers = {
    names: new Set(review.devices.flatMap(({ role, device }) => (role === 'server' ? [device] : []))),
    owners: new Set(
      review.devices.flatMap(({ role, device, owner }) => (role === 'server' ? [`${device}/${owner}`] : [])),
    ),
  };
  const rankedChanges = [...changes].sort((entry, otherEntry) => getRank(entry) - getRank(otherEntry));
  const arrivals = rankedChanges.flatMap((change) => {
    const sender = getSender(change);
    return sender === '' ? [] : [{ change, way: { from: sender, ...findEndpoints(change, servers) } }];
  });
  const hosts = [
    ...groupBy(arrivals, ({ change, way: endpoints }) =>
      JSON.stringify([endpoints, change.destinations, change.destinationCount]),
    ).values(),
  ].map((sameHost) => ({ ...sameHost[0], labels: createLabels(sameHost.map(({ change }) => change)) }));
  const mergedFlows = [
    ...groupBy(hosts, ({ way: endpoints, labels }) =>
      JSON.stringify([endpoints.from, endpoints.through, labels]),
    ).values(),
  ].map((sameHosts): Flow => {
    const [{ change: worstChange, way: endpoints, labels }] = sameHosts;
    const targets = [...new Set(sameHosts.map((hostFlow) => hostFlow.way.to))];
    const destinations = [...new Set(sameHosts.flatMap(({ change }) => change.destinations))];
    const unlistedCount = sameHosts.reduce(
      (total, { change }) => total + change.destinationCount - change.destinations.length,
      0,
    );
    return {
      from: endpoints.from,
      through: endpoints.through,
      labels,
      to: joinItems(targets.slice(0, 3), targets.length).join(''),
      services: {
        first: destinations.find((entry) => !isPrivateDestination(entry)) ?? destinations[0] ?? '',
        count: destinations.length + unlistedCount,
      },
      rank: getRank(worstChange),
    };
  });
  const flowsBySender = [...groupBy(mergedFlows, ({ from }) => from).values()];
  return flowsBySender.flatMap((senderFlows) => [...groupBy(senderFlows, ({ through }) => through).values()].flat());
}

/**
 * Ranks changes: first what is undecided, which counts as open; then what opens to anyone in the internet; then what
 * opens to listed sources or inside; then what closes. Within a rank, changes at a public address come first, because
 * no host in the internet sends to a private one.
 */
const RANK_CONDITIONS: readonly ((change: Change) => boolean)[] = [
  ({ kind }) => kind === 'unknown',
  ({ kind, fromInternet, sources }) => kind === 'opened' && fromInternet && sources.startsWith('anywhere'),
  ({ kind, fromInternet }) => kind === 'opened' && fromInternet,
  ({ kind }) => kind === 'opened',
  ({ kind, fromInternet }) => kind === 'closed' && fromInternet,
  ({ kind }) => kind === 'closed',
];

function getRank(change: Change): number {
  const rankIndex = RANK_CONDITIONS.findIndex((condition) => condition(change));
  return (
    (rankIndex === -1 ? RANK_CONDITIONS.length : rankIndex) * 2 +
    (change.destinations.every(isPrivateDestination) ? 1 : 0)
  );
}

/**
 * Whether a destination is private: `10.9.0.10`, `10.0.0.0/24`, `10.0.0.10-10.0.0.12`. Words such as `any IPv4` aren't.
 */
function isPrivateDestination(destination: string): boolean {
  const [first = ''] = destination.split('-');
  const prefix = parsePrefix(first);
  return prefix !== undefined && isPrivate(prefix.first);
}

/** Returns the start locations of a change at which packets arrive. */
const getSender = ({ startLocation }: Change): string =>
  startLocation
    .split('; ')
    .filter((location) => !/^(the device itself|localhost)/.test(location))
    .join('; ');

interface ReviewedServers {
  readonly names: ReadonlySet<string>;
  /** Device and owner of each server: `web1/hosting`. */
  readonly owners: ReadonlySet<string>;
}

/**
 * Matches the hosts in `10.0.0.10 of web1`, `10.0.0.10 of web1 port 8443`, `10.0.0.10 of web1 and 10.0.0.11 of web2`.
 */
const HOST_NAME_FORM = / of (\S+)/g;

function findEndpoints({ device, destinationHost }: Change, servers: ReviewedServers): Pick<Flow, 'through' | 'to'> {
  const [name = ''] = device.split('/');
  if (servers.owners.has(device)) return { through: '', to: name };
  const serverNames = [...new Set([...destinationHost.matchAll(HOST_NAME_FORM)].map(([, server = '']) => server))];
  const areServersKnown = serverNames.length > 0 && serverNames.every((server) => servers.names.has(server));
  return { through: name, to: areServersKnown ? serverNames.join(', ') : destinationHost || 'several hosts' };
}

const createLabels = (changes: readonly Change[]): readonly FlowLabel[] =>
  [
    ...groupBy(changes, (change) =>
      JSON.stringify([change.kind, change.sources, change.unchangedSources, change.hostBefore, change.hostAfter]),
    ).values(),
  ].map((sameChanges) => {
    const services = [...new Set(sameChanges.map(({ service }) => service))];
    return {
      head: describeLabel(sameChanges[0]),
      tail: joinItems(services.slice(0, MAX_NAMED_SERVICES), services.length).join(''),
      tone: getTone(sameChanges[0]),
    };
  });

/**
 * Returns the former target in few words, because an arrow is short. For another server this is its name; for the same
 * server, its other address or port. Several former targets, each by an address of its own, are in the tables.
 */
function describeFormerTarget({ hostBefore = '; ', hostAfter = '' }: Change): string {
  if (hostBefore.includes('; ')) return 'elsewhere';
  const [, formerAddress, formerServer, portWords = ''] = /^(\S+) of (\S+)( port \d+)?$/.exec(hostBefore) ?? [];
  const [, newAddress, newServer] = /^(\S+) of (\S+)/.exec(hostAfter) ?? [];
  if (formerServer === undefined || formerAddress === undefined) return hostBefore;
  return formerServer !== newServer
    ? formerServer + portWords
    : formerAddress !== newAddress
      ? formerAddress + portWords
      : portWords.trim() || 'another port';
}

function describeLabel(change: Change): string {
  const { kind, sources, unchangedSources } = change;
  const senders = printSenders(sources);
  if (kind === 'opened' && unchangedSources !== undefined)
    return `opens to ${printSenders(describeOpenedSources({ sources, unchangedSources }))} (${printSenders(unchangedSources)} had it)`;
  if (kind === 'unknown') return `undecided for ${senders}`;
  if (kind === 'moved') return `translated here, was ${describeFormerTarget(change)}`;
  return kind === 'closed' ? `closes for ${senders}` : `opens to ${senders}`;
}
