import { Address, prefixRange, printAddress, printRange } from '../../net/address';
import { subnetsOf } from '../../net/device';
import { Range, contains, covers, joined, overlap, without } from '../../net/range';
import { GatewayPolicy } from '../../policy/policy';
import { Remark } from '../review';
import { Edge, Sided, addressesOf } from './edges';
import { Judged, State } from './state';
import { limited } from './words';

export const DEFAULT_ROUTE = 'review/default-route';

/**
 * Hosts whose mapping goes to another gateway. What they answer follows their default route, of which no release and no policy says anything: where
 * it leads to the former gateway still, answers leave by that one, as another address than was asked.
 */
export function routesThatFollow(all: readonly Sided[], edges: readonly Edge[]): readonly Remark[] {
  const gateways = all.filter(({ judged }) => judged.planned.role === 'gateway').map(({ judged }) => judged);
  const losing = gateways
    .map((gateway) => ({ gateway, ranges: lostBy(gateway) }))
    .filter(({ ranges }) => ranges.length > 0);
  if (losing.length === 0) return [];
  return gateways.flatMap((to) => {
    const gained = gainedBy(to);
    return losing.flatMap(({ gateway: from, ranges }) => {
      if (from === to) return [];
      const moved = gained.flatMap((one) => ranges.flatMap((other) => overlap(one, other) ?? []));
      const both = serversOf(edges, from).filter((one) => serversOf(edges, to).includes(one));
      return joined(moved).flatMap((range) => remark(range, from, to, { both, all }) ?? []);
    });
  });
}

const serversOf = (edges: readonly Edge[], gateway: Judged): readonly Sided[] =>
  edges.filter((edge) => edge.gateway.judged === gateway).flatMap((edge) => edge.servers);

function remark(
  range: Range,
  from: Judged,
  to: Judged,
  of: { readonly both: readonly Sided[]; readonly all: readonly Sided[] },
): Remark | undefined {
  const [former, next] = [insideOf(from.before, range), insideOf([to.after], range)];
  // Behind a router, or by an address that moves along, the host itself has nothing to change.
  if (former.length === 0 || next.length === 0 || former.some((one) => next.includes(one))) return undefined;
  const hasIt = ({ judged }: Sided): boolean => addressesOf(judged).some((address) => contains(range, address));
  const servers = of.both.filter(hasIt);
  // Of two sites that number alike each has a server of its own.
  if (
    servers.length === 0 &&
    of.all.some(({ judged, sides }) => judged.planned.role === 'server' && hasIt({ judged, sides }))
  )
    return undefined;
  const names = limited(servers.map(({ judged }) => judged.planned.device)).join(', ');
  const hosts = `${printRange(range)}${names === '' ? '' : ` of ${names}`}`;
  const [old, will] = [former, next].map((one) => one.map(printAddress).join(' or '));
  return {
    code: DEFAULT_ROUTE,
    where: servers.length === 1 ? servers[0]!.judged.name : to.name,
    what: `What ${from.planned.device} mapped to ${hosts} is mapped by ${to.planned.device} now. Answers follow the default route there, which no release sets: as long as it leads to ${old}, or to an address that gateways share (CARP, VRRP) and ${from.planned.device} holds, they leave by ${from.planned.device}, and whoever asked gets none.`,
    instead: `a default route by ${will}, together with this change: ip route replace default via ${printAddress(next[0]!)}, and the same in the files of its network. Where it leads to a shared address: the mapping on each gateway that may hold it.`,
  };
}

const policiesIn = (states: readonly State[]): readonly GatewayPolicy[] =>
  states.flatMap(({ meant }) => (meant?.policy.kind === 'gateway' ? [meant.policy] : []));

interface Mapped {
  readonly outside: Range;
  readonly inside: Range;
}

const mappedIn = (states: readonly State[]): readonly Mapped[] =>
  policiesIn(states).flatMap(({ mappings }) =>
    mappings
      .filter(({ enabled }) => enabled)
      .map(({ outside, inside }) => ({ outside: prefixRange(outside), inside: prefixRange(inside) })),
  );

/** Hosts of which some public address is mapped there no more. */
function lostBy({ before, after }: Judged): readonly Range[] {
  const left = new Set(mappedIn([after]).map(keyOf));
  return joined(
    mappedIn(before)
      .filter((one) => !left.has(keyOf(one)))
      .map(({ inside }) => inside),
  );
}

/** Hosts that it maps and didn't. */
const gainedBy = ({ before, after }: Judged): readonly Range[] =>
  without(joined(mappedIn([after]).map(({ inside }) => inside)), joined(mappedIn(before).map(({ inside }) => inside)));

const keyOf = ({ outside, inside }: Mapped): string => `${outside.first} ${inside.first} ${inside.last}`;

/** The addresses by which a gateway stands in the network of a host. */
const insideOf = (states: readonly State[], range: Range): readonly Address[] =>
  policiesIn(states)
    .flatMap(({ interfaces }) => interfaces)
    .filter((one) => one.role !== 'outside' && subnetsOf(one).some((network) => covers(network, range)))
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
