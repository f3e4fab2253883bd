// Creates the source translations of pfSense's setting `enablenatreflectionhelper`: a client in the server's network,
// or behind a router in it, reaches the server with pfSense's address there as the source.

import { Family, getFamily, toRange } from '../../../../net/address';
import { Range, intersectRanges, toSingleRange } from '../../../../net/range';
import { PfLine, PfNat } from '../../../../parse/pf/model';
import { PfsenseContext, listOwnAddresses } from '../packets/resolve-addresses';
import { PfsenseBox, getAddress, toNetworkRange } from '../box/box';
import { isSet } from '../elements/element';
import { GatewayLookup, listStaticRoutes } from '../box/gateways';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { PfCriteria, matchCriteria } from '../../../../parse/pf/match-packets';
import { createMergedCertain } from '../../../../parse/pf/range-bounds';
import { isLocal } from '../box/virtual-ips';

/** A network of the box, with the box's own address there or the next hop of its static route. IPv4 only. */
interface HelperRoute {
  readonly network: Range;
  readonly key: string;
  readonly gatewayAddress?: bigint;
  readonly via?: bigint;
}

export type HelperRoutes = readonly HelperRoute[];

/** Returns the networks of the box. Source: filter_get_direct_networks_list. */
export function listHelperRoutes(box: PfsenseBox, gateways: GatewayLookup): HelperRoutes {
  const direct = box.interfaces.flatMap((boxInterface): HelperRoute[] => {
    const address = getAddress(boxInterface, 'ip');
    return address
      ? [{ network: toNetworkRange(address), key: boxInterface.key, gatewayAddress: address.address }]
      : [];
  });
  const vips = box.vips
    .filter((vip) => isLocal(vip) && vip.family === 'ip' && vip.length < 32)
    .map((vip): HelperRoute => ({ network: vip.network, key: vip.key, gatewayAddress: vip.address }));
  const routed = listStaticRoutes(box, gateways).flatMap(({ to, key, via }): HelperRoute[] => {
    const network = parsePrefixLiteral(to);
    return network && via !== undefined && getFamily(network.first) === 'ip'
      ? [{ network: toRange(network), key, via }]
      : [];
  });
  // Many virtual IPs lie in one network; the box uses the first address there.
  const first = new Map<string, HelperRoute>();
  for (const route of [...direct, ...vips, ...routed]) {
    const key = [route.key, route.network.first, route.network.last, route.via].join('|');
    if (!first.has(key)) first.set(key, route);
  }
  return [...first.values()];
}

interface HelperTarget {
  readonly line: PfLine;
  /** The interface of the translation, and the interfaces that reflect it. */
  readonly names: readonly string[];
  readonly family: Family;
  readonly target: Range;
  readonly service: Pick<PfCriteria, 'protocols' | 'ports'>;
}

/**
 * Returns the source translation of clients that share the server's network: their source becomes the box's address, so
 * that answers come back through it.
 */
export function createHelperNat(
  helperTarget: HelperTarget,
  context: PfsenseContext,
  routes: HelperRoutes,
): readonly PfNat[] {
  const { box } = context;
  if (!isSet(box.root, 'system', 'enablenatreflectionhelper') || helperTarget.family === 'ip6') return [];
  // Few routes contain one address, so only their interfaces are checked.
  const isUsable = ({ key }: HelperRoute): boolean =>
    box.byKey.get(key)?.covers.some((name) => helperTarget.names.includes(name)) ?? false;
  const routed = routes.find(
    (route) => route.via !== undefined && intersectRanges(route.network, helperTarget.target) && isUsable(route),
  );
  const reachedRange = routed ? toSingleRange(routed.via!) : helperTarget.target;
  return routes.flatMap((route): PfNat[] => {
    const { network, key } = route;
    if (!intersectRanges(network, reachedRange) || !isUsable(route)) return [];
    const boxInterface = box.byKey.get(key)!;
    const ownAddress = routes.find(
      (other) =>
        other.key === key &&
        other.gatewayAddress !== undefined &&
        intersectRanges(network, toSingleRange(other.gatewayAddress)),
    )?.gatewayAddress;
    if (ownAddress === undefined) return [];
    const routesBehind = routes.filter(
      ({ via, key: on }) => via !== undefined && on === key && intersectRanges(network, toSingleRange(via)),
    );
    const on = { is: [boxInterface.name] };
    const to = {
      family: 'ip',
      destination: createMergedCertain([helperTarget.target]),
      ...helperTarget.service,
    } as const;
    const asks = (no: string): string =>
      [no, boxInterface.name, helperTarget.line.number, key, network.first, 'helper'].join('|');
    const excepted: PfNat = {
      ...matchCriteria({ line: helperTarget.line, on, source: listOwnAddresses(boxInterface, 'ip', context), ...to }),
      matchKey: asks('no'),
      no: true,
      pass: false,
    };
    const clients = createMergedCertain([network, ...routesBehind.map((route) => route.network)]);
    const nat: PfNat = {
      ...matchCriteria({ line: helperTarget.line, on, source: clients, ...to }),
      matchKey: asks(''),
      no: false,
      pass: false,
      to: { is: 'address', address: ownAddress, ports: 'free' },
    };
    return helperTarget.target.first === helperTarget.target.last ? [excepted, nat] : [nat];
  });
}
