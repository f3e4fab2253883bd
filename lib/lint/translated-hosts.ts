// Finds the inside hosts to which a gateway's text translates public addresses, the known servers among them, and the
// addresses by which inside hosts leave.

import { Translation } from '../reachability/reachability';
import { FAMILIES, Family } from '../net/address';
import { Device, getLocalAddresses, getInterfaceNetworks } from '../net/device';
import { groupBy } from '../net/group-by';
import { PairInternTable, memoize } from '../net/intern-tables';
import { PacketMap } from '../net/packet-map';
import {
  Range,
  contains,
  findFirstEnding,
  mergeRanges,
  intersectRanges,
  toSingleRange,
  countAddresses,
  subtractRanges,
} from '../net/range';
import { isInternetWide, isPrivate } from './addresses';
import { listServers, selectViews } from './owners';
import { LintSubject, SubjectOwner } from './lint-subject';
import { splitByDestination } from './select-view-packets';

/** An inside address or network that public addresses are translated to, according to the text of a gateway. */
export interface TranslatedHost {
  readonly external: Range;
  readonly internal: Range;
  /** The server at the inside address; undefined if none is known. */
  readonly server: SubjectOwner | undefined;
}

const hostsByGateway = new PairInternTable<LintSubject, SubjectOwner, readonly TranslatedHost[]>();

/** Returns the hosts that a gateway translates to from outside, in order of the public addresses. */
export const getHosts = (subject: LintSubject, gateway: SubjectOwner): readonly TranslatedHost[] =>
  hostsByGateway.getOrCreate(subject, gateway, () => listHosts(subject, gateway));

/**
 * Returns the servers that a gateway translates to, by address. Sites use the same addresses, so an address alone says
 * nothing if the plans say which servers these are.
 */
export const getServersByAddress = (
  subject: LintSubject,
  gateway: SubjectOwner,
): ReadonlyMap<bigint, readonly SubjectOwner[]> => groupServersByAddress(getGatewayServers(subject, gateway));

/** Returns the servers that a gateway translates to; all servers if nothing tells which. */
export const getGatewayServers = (subject: LintSubject, gateway: SubjectOwner): readonly SubjectOwner[] =>
  subject.servers ? (subject.servers.get(gateway) ?? NO_SERVERS) : listServers(subject);

const NO_SERVERS: readonly SubjectOwner[] = [];

/** Memoized by list: gateways that translate to the same servers have one list. */
const groupServersByAddress = memoize(
  (servers: readonly SubjectOwner[]): ReadonlyMap<bigint, readonly SubjectOwner[]> => {
    const serverAddresses = servers.flatMap((server) =>
      getLocalAddresses(server.device).map((address) => ({ address, server })),
    );
    return new Map(
      [...groupBy(serverAddresses, ({ address }) => address)].map(([address, entries]) => [
        address,
        [...new Set(entries.map(({ server }) => server))],
      ]),
    );
  },
);

function listHosts(subject: LintSubject, gateway: SubjectOwner): readonly TranslatedHost[] {
  const serversPerAddress = getServersByAddress(subject, gateway);
  const views = selectViews(gateway, true);
  // Views of one interface that differ only in the way out have the same hosts.
  const knownKeys = new Set<string>();
  const hosts: TranslatedHost[] = [];
  // Each of several servers with one address may be the right one, so findings count for all of them.
  const addHosts = (external: Range, internal: Range, servers: readonly (SubjectOwner | undefined)[]): void => {
    for (const server of servers) hosts.push({ external, internal, server });
  };
  const findServers = (address: bigint): readonly (SubjectOwner | undefined)[] =>
    serversPerAddress.get(address) ?? [undefined];
  const addRange = (external: Range, internal: Range): void => {
    const key = `${external.first} ${external.last} ${internal.first}`;
    if (knownKeys.has(key)) return;
    knownKeys.add(key);
    if (external.first === external.last) return addHosts(external, internal, findServers(internal.first));
    const knownAddresses = [...serversPerAddress.keys()].filter((address) => contains(internal, address));
    for (const address of knownAddresses)
      addHosts(toSingleRange(address - internal.first + external.first), toSingleRange(address), findServers(address));
    for (const { first, last } of subtractRanges([internal], knownAddresses.map(toSingleRange))) {
      const offset = external.first - internal.first;
      addHosts({ first: first + offset, last: last + offset }, { first, last }, [undefined]);
    }
  };
  for (const view of views) {
    for (const { family, ranges: arrivingRanges, below } of view.translations
      .intersect(splitByDestination(view).translated)
      .groupAlong('destination')) {
      const ranges = getArrivingRanges(gateway.device, arrivingRanges, family);
      for (const rewrite of new Set(below.values.map(({ destination }) => destination))) {
        if (rewrite.is === 'moved')
          for (const range of ranges)
            addRange(range, { first: range.first + rewrite.distance, last: range.last + rewrite.distance });
        // Each address of a range is translated to the one address.
        if (rewrite.is === 'set')
          for (const range of ranges) addHosts(range, toSingleRange(rewrite.to), findServers(rewrite.to));
      }
    }
  }
  return hosts;
}

/**
 * Returns the ranges that packets arrive at. A translation that asks for no destination is for the device's own
 * addresses.
 */
export function getArrivingRanges(device: Device, ranges: readonly Range[], family: Family): readonly Range[] {
  if (!isInternetWide(ranges, family)) return ranges;
  const ownAddresses = getLocalAddresses(device).filter(
    (address) => !isPrivate(address) && ranges.some((range) => contains(range, address)),
  );
  return ownAddresses.length > 0 ? ownAddresses.map(toSingleRange) : ranges;
}

/** Inside addresses, and the translations with which they leave for the internet. */
interface LeavingSource {
  readonly internal: Range;
  readonly translations: readonly Translation[];
}

/** Returns per way out, ascending, the translations of the sources behind the inside interfaces. */
export const getLeavingSources = memoize((gateway: SubjectOwner): ReadonlyMap<string, readonly LeavingSource[]> => {
  const sourcesByWay = new Map<string, LeavingSource[]>();
  for (const { startLocation, translations } of selectViews(gateway, false)) {
    if (startLocation.kind !== 'interface') continue;
    const networks = mergeRanges(
      getInterfaceNetworks(gateway.device.interfaces.find(({ name }) => name === startLocation.name)!),
    );
    const uplink = startLocation.uplink ?? '';
    const list = sourcesByWay.get(uplink) ?? [];
    sourcesByWay.set(uplink, list);
    for (const { family, below } of selectInternetPart(translations)) {
      for (const group of below.groupAlong('source')) {
        if (group.family !== family) continue;
        for (const range of group.ranges)
          for (const network of networks) {
            const internal = intersectRanges(range, network);
            if (internal) list.push({ internal, translations: group.below.values });
          }
      }
    }
  }
  for (const list of sourcesByWay.values()) list.sort((a, b) => (a.internal.first < b.internal.first ? -1 : 1));
  return sourcesByWay;
});

/** Returns the part of a map for the bulk of the internet: the largest group of destinations that are treated alike. */
function selectInternetPart<V>(
  map: PacketMap<V>,
): readonly { readonly family: Family; readonly below: PacketMap<V> }[] {
  return FAMILIES.flatMap((family) => {
    const wideGroups = map
      .groupAlong('destination')
      .filter((group) => group.family === family && isInternetWide(group.ranges, family));
    const [largest] = wideGroups.sort((a, b) => (countAddresses(a.ranges) > countAddresses(b.ranges) ? -1 : 1));
    return largest ? [{ family, below: largest.below }] : [];
  });
}

/** Returns the entries of an ascending, disjoint list that hold some of a range. */
export function selectLeaving(list: readonly LeavingSource[], range: Range): readonly LeavingSource[] {
  const start = findFirstEnding(list, range.first, ({ internal }) => internal.last);
  let end = start;
  while (end < list.length && list[end]!.internal.first <= range.last) end++;
  return list.slice(start, end);
}
