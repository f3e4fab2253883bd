import { Translation } from '../reachability/exposure';
import { FAMILIES, Family } from '../net/address';
import { Device, localTo, networksOf } from '../net/device';
import { groupBy } from '../net/group-by';
import { Pairs, remembered } from '../net/interned';
import { PacketMap } from '../net/packet-map';
import { Range, contains, firstEnding, joined, overlap, point, sizeOf, without } from '../net/range';
import { isAnybody, isPrivate } from './addresses';
import { serversOf, viewsFrom } from './owners';
import { Subject, SubjectOwner } from './subject';
import { splitByDestination } from './verdicts';

/** An inside address or network that public ones lead to, as the text of a gateway says. */
export interface Host {
  readonly outside: Range;
  readonly inside: Range;
  /** Of a server that is known. */
  readonly server: SubjectOwner | undefined;
}

const known = new Pairs<Subject, SubjectOwner, readonly Host[]>();

/** What the translations of a gateway lead to from outside, in order of the public addresses. */
export const hostsOf = (subject: Subject, gateway: SubjectOwner): readonly Host[] =>
  known.of(subject, gateway, () => listHosts(subject, gateway));

/** The servers that a gateway leads to, by address. Sites number alike, so where the plans say which these are, an address alone says nothing. */
export const serversByAddress = (
  subject: Subject,
  gateway: SubjectOwner,
): ReadonlyMap<bigint, readonly SubjectOwner[]> => byAddress(serversBehind(subject, gateway));

/** The servers that a gateway leads to; all of them where nothing says which. */
export const serversBehind = (subject: Subject, gateway: SubjectOwner): readonly SubjectOwner[] =>
  subject.servers ? (subject.servers.get(gateway) ?? NO_SERVERS) : serversOf(subject);

const NO_SERVERS: readonly SubjectOwner[] = [];

/** Gateways that lead to one list of servers ask with one list. */
const byAddress = remembered((servers: readonly SubjectOwner[]): ReadonlyMap<bigint, readonly SubjectOwner[]> => {
  const each = servers.flatMap((server) => localTo(server.device).map((address) => ({ address, server })));
  return new Map(
    [...groupBy(each, ({ address }) => address)].map(([address, all]) => [
      address,
      [...new Set(all.map(({ server }) => server))],
    ]),
  );
});

function listHosts(subject: Subject, gateway: SubjectOwner): readonly Host[] {
  const locals = serversByAddress(subject, gateway);
  const views = viewsFrom(gateway, true);
  // Views of one interface that differ only in the way out lead to the same hosts.
  const seen = new Set<string>();
  const hosts: Host[] = [];
  // Of several servers with one address each may be the one: what is found counts for all of them.
  const push = (outside: Range, inside: Range, servers: readonly (SubjectOwner | undefined)[]): void => {
    for (const server of servers) hosts.push({ outside, inside, server });
  };
  const at = (address: bigint): readonly (SubjectOwner | undefined)[] => locals.get(address) ?? [undefined];
  const add = (outside: Range, inside: Range): void => {
    const key = `${outside.first} ${outside.last} ${inside.first}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (outside.first === outside.last) return push(outside, inside, at(inside.first));
    const known = [...locals.keys()].filter((address) => contains(inside, address));
    for (const address of known) push(point(address - inside.first + outside.first), point(address), at(address));
    for (const { first, last } of without([inside], known.map(point))) {
      const by = outside.first - inside.first;
      push({ first: first + by, last: last + by }, { first, last }, [undefined]);
    }
  };
  for (const view of views) {
    for (const { family, ranges: arriving, below } of view.translations
      .within(splitByDestination(view).led)
      .groups('destination')) {
      const ranges = arrivingAt(gateway.device, arriving, family);
      for (const rewrite of new Set(below.values.map(({ destination }) => destination))) {
        if (rewrite.is === 'moved')
          for (const range of ranges) add(range, { first: range.first + rewrite.by, last: range.last + rewrite.by });
        // A range that leads to one address: each of its addresses does.
        if (rewrite.is === 'set') for (const range of ranges) push(range, point(rewrite.to), at(rewrite.to));
      }
    }
  }
  return hosts;
}

/** A translation that asks for no destination is for what arrives: the device's own addresses. */
export function arrivingAt(device: Device, ranges: readonly Range[], family: Family): readonly Range[] {
  if (!isAnybody(ranges, family)) return ranges;
  const own = localTo(device).filter(
    (address) => !isPrivate(address) && ranges.some((range) => contains(range, address)),
  );
  return own.length > 0 ? own.map(point) : ranges;
}

/** As what inside addresses leave for the internet. */
interface Leaving {
  readonly inside: Range;
  readonly translations: readonly Translation[];
}

/** Per way out, ascending: what becomes of the sources that the inside interfaces have behind them. */
export const leavingOf = remembered((gateway: SubjectOwner): ReadonlyMap<string, readonly Leaving[]> => {
  const byWay = new Map<string, Leaving[]>();
  for (const { vantage, translations } of viewsFrom(gateway, false)) {
    if (vantage.kind !== 'interface') continue;
    const networks = joined(networksOf(gateway.device.interfaces.find(({ name }) => name === vantage.name)!));
    const way = vantage.leaving ?? '';
    const list = byWay.get(way) ?? [];
    byWay.set(way, list);
    for (const { family, below } of farOf(translations)) {
      for (const group of below.groups('source')) {
        if (group.family !== family) continue;
        for (const range of group.ranges)
          for (const network of networks) {
            const inside = overlap(range, network);
            if (inside) list.push({ inside, translations: group.below.values });
          }
      }
    }
  }
  for (const list of byWay.values()) list.sort((a, b) => (a.inside.first < b.inside.first ? -1 : 1));
  return byWay;
});

/** What a map says of the bulk of the internet: the largest group of destinations that are treated alike. */
function farOf<V>(map: PacketMap<V>): readonly { readonly family: Family; readonly below: PacketMap<V> }[] {
  return FAMILIES.flatMap((family) => {
    const mine = map
      .groups('destination')
      .filter((group) => group.family === family && isAnybody(group.ranges, family));
    const [largest] = mine.sort((a, b) => (sizeOf(a.ranges) > sizeOf(b.ranges) ? -1 : 1));
    return largest ? [{ family, below: largest.below }] : [];
  });
}

/** The entries of an ascending, disjoint list that hold some of a range. */
export function leavingIn(list: readonly Leaving[], range: Range): readonly Leaving[] {
  const low = firstEnding(list, range.first, ({ inside }) => inside.last);
  let end = low;
  while (end < list.length && list[end]!.inside.first <= range.last) end++;
  return list.slice(low, end);
}
