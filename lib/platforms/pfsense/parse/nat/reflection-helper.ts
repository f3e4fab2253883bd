import { Family, familyOf, prefixRange } from '../../../../net/address';
import { Range, overlap, point } from '../../../../net/range';
import { PfLine, PfNat } from '../../../../parse/pf/model';
import { Surroundings, ownAddresses } from '../packets/addresses';
import { Box, addressOn, networkRange } from '../box/box';
import { isSet } from '../elements/element';
import { Gateways, staticRoutes } from '../box/gateways';
import { prefixAt } from '../elements/literals';
import { Compared, matched } from '../../../../parse/pf/matched';
import { surely } from '../../../../parse/pf/known';
import { isLocal } from '../box/vips';

/** A network of the box, and how it is reached: by its own address there, or by a static route. IPv4 alone. */
interface HelperRoute {
  readonly network: Range;
  readonly key: string;
  readonly own?: bigint;
  readonly via?: bigint;
}

export type HelperRoutes = readonly HelperRoute[];

/** Source: filter_get_direct_networks_list. */
export function helperRoutes(box: Box, gateways: Gateways): HelperRoutes {
  const direct = box.interfaces.flatMap((each): HelperRoute[] => {
    const own = addressOn(each, 'ip');
    return own ? [{ network: networkRange(own), key: each.key, own: own.address }] : [];
  });
  const vips = box.vips
    .filter((vip) => isLocal(vip) && vip.family === 'ip' && vip.length < 32)
    .map((vip): HelperRoute => ({ network: vip.network, key: vip.key, own: vip.address }));
  const routed = staticRoutes(box, gateways).flatMap(({ to, key, via }): HelperRoute[] => {
    const network = prefixAt(to);
    return network && via !== undefined && familyOf(network.first) === 'ip'
      ? [{ network: prefixRange(network), key, via }]
      : [];
  });
  // Many virtual IPs lie in one network; the first address there is the one that is used.
  const first = new Map<string, HelperRoute>();
  for (const route of [...direct, ...vips, ...routed]) {
    const key = [route.key, route.network.first, route.network.last, route.via].join('|');
    if (!first.has(key)) first.set(key, route);
  }
  return [...first.values()];
}

interface Helped {
  readonly line: PfLine;
  /** The interface that is translated on and those that reflect. */
  readonly names: readonly string[];
  readonly family: Family;
  readonly target: Range;
  readonly service: Pick<Compared, 'protocols' | 'ports'>;
}

/** The source of a client that shares the server's network becomes the box's, so that answers come back through it. */
export function helperNat(helped: Helped, given: Surroundings, routes: HelperRoutes): readonly PfNat[] {
  const { box } = given;
  if (!isSet(box.root, 'system', 'enablenatreflectionhelper') || helped.family === 'ip6') return [];
  // Few routes lead to one address: which interface they are on is asked of these alone.
  const isUsable = ({ key }: HelperRoute): boolean =>
    box.byKey.get(key)?.covers.some((name) => helped.names.includes(name)) ?? false;
  const routed = routes.find(
    (route) => route.via !== undefined && overlap(route.network, helped.target) && isUsable(route),
  );
  const near = routed ? point(routed.via!) : helped.target;
  return routes.flatMap((route): PfNat[] => {
    const { network, key } = route;
    if (!overlap(network, near) || !isUsable(route)) return [];
    const each = box.byKey.get(key)!;
    const own = routes.find(
      (other) => other.key === key && other.own !== undefined && overlap(network, point(other.own)),
    )?.own;
    if (own === undefined) return [];
    const behind = routes.filter(({ via, key: on }) => via !== undefined && on === key && overlap(network, point(via)));
    const on = { is: [each.name] };
    const to = { family: 'ip', destination: surely([helped.target]), ...helped.service } as const;
    const asks = (no: string): string => [no, each.name, helped.line.number, key, network.first, 'helper'].join('|');
    const excepted: PfNat = {
      ...matched({ line: helped.line, on, source: ownAddresses(each, 'ip', given), ...to }),
      asks: asks('no'),
      no: true,
      pass: false,
    };
    const clients = surely([network, ...behind.map((route) => route.network)]);
    const nat: PfNat = {
      ...matched({ line: helped.line, on, source: clients, ...to }),
      asks: asks(''),
      no: false,
      pass: false,
      to: { is: 'address', address: own, ports: 'free' },
    };
    return helped.target.first === helped.target.last ? [excepted, nat] : [nat];
  });
}
