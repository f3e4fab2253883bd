// Finds hosts whose 1:1 mapping goes to another gateway, and remarks that their default route has to change, too:
// otherwise replies leave by the former gateway.

import { Address, toRange, printAddress, printRange } from '../../net/address';
import { getSubnets } from '../../net/device';
import { Range, contains, covers, mergeRanges, intersectRanges, subtractRanges } from '../../net/range';
import { GatewayPolicy } from '../../policy/policy';
import { Remark } from '../review';
import { Edge, ScopedOwner, listServerAddresses } from './gateway-edges';
import { JudgedOwner, ReviewState } from './review-state';
import { limitItems } from './address-words';

export const DEFAULT_ROUTE_CODE = 'review/default-route';

/**
 * Returns a remark for each host whose mapping goes to another gateway. The host's answers follow its default route,
 * which no release and no policy sets. If the route still points to the former gateway, answers leave by that one, with
 * another address than the one that was asked.
 */
export function findDefaultRouteChanges(owners: readonly ScopedOwner[], edges: readonly Edge[]): readonly Remark[] {
  const gateways = owners
    .filter(({ judgedOwner }) => judgedOwner.plannedOwner.role === 'gateway')
    .map(({ judgedOwner }) => judgedOwner);
  const losingGateways = gateways
    .map((gateway) => ({ gateway, ranges: findLostRanges(gateway) }))
    .filter(({ ranges }) => ranges.length > 0);
  if (losingGateways.length === 0) return [];
  return gateways.flatMap((newGateway) => {
    const gainedRanges = findGained(newGateway);
    return losingGateways.flatMap(({ gateway: formerGateway, ranges }) => {
      if (formerGateway === newGateway) return [];
      const movedRanges = gainedRanges.flatMap((gainedRange) =>
        ranges.flatMap((lostRange) => intersectRanges(gainedRange, lostRange) ?? []),
      );
      const sharedServers = listEdgeServers(edges, formerGateway).filter((server) =>
        listEdgeServers(edges, newGateway).includes(server),
      );
      return mergeRanges(movedRanges).flatMap(
        (range) => createRouteRemark(range, formerGateway, newGateway, { sharedServers, owners }) ?? [],
      );
    });
  });
}

const listEdgeServers = (edges: readonly Edge[], gateway: JudgedOwner): readonly ScopedOwner[] =>
  edges.filter((edge) => edge.gateway.judgedOwner === gateway).flatMap((edge) => edge.servers);

function createRouteRemark(
  range: Range,
  formerGateway: JudgedOwner,
  newGateway: JudgedOwner,
  context: { readonly sharedServers: readonly ScopedOwner[]; readonly owners: readonly ScopedOwner[] },
): Remark | undefined {
  const [formerAddresses, nextAddresses] = [
    findInsideAddresses(formerGateway.before, range),
    findInsideAddresses([newGateway.after], range),
  ];
  // The host needs no change behind a router, or where the gateway's inside address moves along.
  if (
    formerAddresses.length === 0 ||
    nextAddresses.length === 0 ||
    formerAddresses.some((entry) => nextAddresses.includes(entry))
  )
    return undefined;
  const hasRange = ({ judgedOwner }: ScopedOwner): boolean =>
    listServerAddresses(judgedOwner).some((address) => contains(range, address));
  const servers = context.sharedServers.filter(hasRange);
  // Two sites that use the same addresses have a server each.
  if (
    servers.length === 0 &&
    context.owners.some(
      ({ judgedOwner, comparison }) =>
        judgedOwner.plannedOwner.role === 'server' && hasRange({ judgedOwner, comparison }),
    )
  )
    return undefined;
  const names = limitItems(servers.map(({ judgedOwner }) => judgedOwner.plannedOwner.device)).join(', ');
  const hosts = `${printRange(range)}${names === '' ? '' : ` of ${names}`}`;
  const [formerWords, nextWords] = [formerAddresses, nextAddresses].map((entry) =>
    entry.map(printAddress).join(' or '),
  );
  return {
    code: DEFAULT_ROUTE_CODE,
    where: servers.length === 1 ? servers[0]!.judgedOwner.name : newGateway.name,
    what: `The mapping to ${hosts} moves from ${formerGateway.plannedOwner.device} to ${newGateway.plannedOwner.device}. Answers follow the default route there, which no release sets: as long as its next hop is ${formerWords}, or an address that gateways share (CARP, VRRP) and ${formerGateway.plannedOwner.device} holds, they leave by ${formerGateway.plannedOwner.device}, and the client gets no answer.`,
    instead: `a default route by ${nextWords}, together with this change: ip route replace default via ${printAddress(nextAddresses[0]!)}, and the same in the files of its network. If its next hop is a shared address: the mapping on each gateway that may hold it.`,
  };
}

const listGatewayPolicies = (states: readonly ReviewState[]): readonly GatewayPolicy[] =>
  states.flatMap(({ specified }) => (specified?.policy.kind === 'gateway' ? [specified.policy] : []));

interface MappedRanges {
  readonly external: Range;
  readonly internal: Range;
}

const listMapped = (states: readonly ReviewState[]): readonly MappedRanges[] =>
  listGatewayPolicies(states).flatMap(({ mappings }) =>
    mappings
      .filter(({ enabled }) => enabled)
      .map(({ external, internal }) => ({ external: toRange(external), internal: toRange(internal) })),
  );

/** Returns the hosts that lose the mapping of some public address on this gateway. */
function findLostRanges({ before, after }: JudgedOwner): readonly Range[] {
  const keptKeys = new Set(listMapped([after]).map(toMappedKey));
  return mergeRanges(
    listMapped(before)
      .filter((ranges) => !keptKeys.has(toMappedKey(ranges)))
      .map(({ internal }) => internal),
  );
}

/** Returns the hosts that the gateway maps after the change and not before. */
const findGained = ({ before, after }: JudgedOwner): readonly Range[] =>
  subtractRanges(
    mergeRanges(listMapped([after]).map(({ internal }) => internal)),
    mergeRanges(listMapped(before).map(({ internal }) => internal)),
  );

const toMappedKey = ({ external, internal }: MappedRanges): string =>
  `${external.first} ${internal.first} ${internal.last}`;

/** Returns the gateway's addresses in the network of a host. */
const findInsideAddresses = (states: readonly ReviewState[], range: Range): readonly Address[] =>
  listGatewayPolicies(states)
    .flatMap(({ interfaces }) => interfaces)
    .filter(
      (deviceInterface) =>
        deviceInterface.role !== 'outside' && getSubnets(deviceInterface).some((network) => covers(network, range)),
    )
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
