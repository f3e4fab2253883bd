import { Range, joined, point, without } from '../../net/range';
import { remembered } from '../../net/interned';
import { prefixRange, printAddress, printRange } from '../../net/address';
import { Remark } from '../review';
import { Edge, addressesOf, gatewayPolicies } from './edges';
import { limited } from './words';

/** Hosts behind a gateway whose own firewall no plan tells: the gateway's word stands, as the worst case. */
export function unknownHosts({ gateway, servers }: Edge): readonly Remark[] {
  const { judged } = gateway;
  if (judged.planned.action === 'unchanged' && servers.length === 0) return [];
  const mapped = joined(
    gatewayPolicies(judged).flatMap(({ mappings }) =>
      mappings.filter(({ enabled }) => enabled).map(({ inside }) => prefixRange(inside)),
    ),
  );
  const { ranges, shared } = haveOf(servers);
  const left = without(mapped, ranges);
  return [
    ...(shared.length === 0 ? [] : [sharing(judged.name, shared)]),
    ...(left.length === 0 ? [] : [notKnown(judged.name, left)]),
  ];
}

const notKnown = (where: string, left: readonly Range[]): Remark => ({
  code: 'review/host-not-known',
  where,
  what: `The firewalls of hosts behind it are not in these plans, so only the gateway's word stands for them, which is the worst case: ${limited(left.map(printRange)).join(', ')}.`,
  instead: '',
});

/** What servers have: gateways that lead to the same ones ask for it together. */
interface Have {
  readonly ranges: readonly Range[];
  /** Addresses that several of them have: of two sites that number alike, or one that moves between them. */
  readonly shared: readonly bigint[];
}

const haveOf = remembered((servers: Edge['servers']): Have => {
  const all = servers.flatMap((server) => addressesOf(server.judged));
  const seen = new Set<bigint>();
  const shared = new Set(all.filter((address) => seen.has(address) || !seen.add(address)));
  return { ranges: joined(all.map(point)), shared: [...shared] };
});

const sharing = (where: string, shared: readonly bigint[]): Remark => ({
  code: 'review/shared-address',
  where,
  what: `Several servers of these plans have an address that it leads to. Which of them is behind it nobody says, so that what changes at any of them counts as changing behind it: ${limited(shared.map(printAddress)).join(', ')}.`,
  instead: '',
});
