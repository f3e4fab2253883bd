import { joined, point, without } from '../../net/range';
import { prefixRange, printRange } from '../../net/address';
import { Remark } from '../review';
import { Edge, addressesOf, gatewayPolicies } from './edges';
import { limited } from './words';

/** Hosts behind a gateway whose own firewall no plan tells: the gateway's word stands, as the worst case. */
export function unknownHosts({ gateway, servers }: Edge): readonly Remark[] {
  const { judged } = gateway;
  if (judged.planned.action === 'unchanged' && servers.length === 0) return [];
  const mapped = joined(
    gatewayPolicies(judged).flatMap(({ mappings }) => mappings.filter(({ enabled }) => enabled).map(({ inside }) => prefixRange(inside))),
  );
  const left = without(
    mapped,
    servers.flatMap((server) => addressesOf(server.judged).map(point)),
  );
  if (left.length === 0) return [];
  return [
    {
      code: 'review/host-not-known',
      where: judged.name,
      what: `The firewalls of hosts behind it are not in these plans, so only the gateway's word stands for them, which is the worst case: ${limited(left.map(printRange)).join(', ')}.`,
      instead: '',
    },
  ];
}
