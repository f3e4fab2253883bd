// Reports hosts behind a gateway that no plan of the review has: the gateway's rules alone are judged for them.

import { Range, mergeRanges, toSingleRange, subtractRanges } from '../../net/range';
import { memoize } from '../../net/intern-tables';
import { toRange, printAddress, printRange } from '../../net/address';
import { Remark } from '../review';
import { Edge, listServerAddresses, listGatewayPolicies } from './gateway-edges';
import { limitItems } from './address-words';

/**
 * Returns remarks on hosts behind a gateway whose own firewall no plan has. The gateway alone decides for them, which
 * is the worst case.
 */
export function listUnknownHosts({ gateway, servers }: Edge): readonly Remark[] {
  const { judgedOwner } = gateway;
  if (judgedOwner.plannedOwner.action === 'unchanged' && servers.length === 0) return [];
  const mappedRanges = mergeRanges(
    listGatewayPolicies(judgedOwner).flatMap(({ mappings }) =>
      mappings.filter(({ enabled }) => enabled).map(({ internal }) => toRange(internal)),
    ),
  );
  const { ranges: serverRanges, shared: sharedAddresses } = collectServerAddresses(servers);
  const unknownRanges = subtractRanges(mappedRanges, serverRanges);
  return [
    ...(sharedAddresses.length === 0 ? [] : [createSharedAddressRemark(judgedOwner.name, sharedAddresses)]),
    ...(unknownRanges.length === 0 ? [] : [createUnknownHostsRemark(judgedOwner.name, unknownRanges)]),
  ];
}

const createUnknownHostsRemark = (where: string, ranges: readonly Range[]): Remark => ({
  code: 'review/host-not-known',
  where,
  what: `The firewalls of hosts behind it are not in these plans, so only the gateway's word stands for them, which is the worst case: ${limitItems(ranges.map(printRange)).join(', ')}.`,
  instead: '',
});

/** The addresses of a list of servers. Gateways in front of the same servers share the result. */
interface ServerAddresses {
  readonly ranges: readonly Range[];
  /**
   * Addresses that several servers have: servers of two sites that use the same addresses, or an address that moves.
   */
  readonly shared: readonly bigint[];
}

const collectServerAddresses = memoize((servers: Edge['servers']): ServerAddresses => {
  const addresses = servers.flatMap((server) => listServerAddresses(server.judgedOwner));
  const knownAddresses = new Set<bigint>();
  const sharedAddresses = new Set(
    addresses.filter((address) => knownAddresses.has(address) || !knownAddresses.add(address)),
  );
  return { ranges: mergeRanges(addresses.map(toSingleRange)), shared: [...sharedAddresses] };
});

const createSharedAddressRemark = (where: string, sharedAddresses: readonly bigint[]): Remark => ({
  code: 'review/shared-address',
  where,
  what: `Several servers of these plans have an address that it is translated to. It is unknown which of them is behind it, so a change at any of them counts as a change behind it: ${limitItems(sharedAddresses.map(printAddress)).join(', ')}.`,
  instead: '',
});
