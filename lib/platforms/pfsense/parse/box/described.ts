import { Address, FAMILIES, Prefix } from '../../../../net/address';
import { Device, NetworkInterface, Role } from '../../../../net/device';
import { XmlElement } from '../../../../xml/xml';
import { Box, BoxInterface, addressOn, boxOf } from './box';
import { childOf, listOf, textAt } from '../elements/element';
import { membersOf } from '../elements/alias-members';
import { gatewaysOf, staticRoutes } from './gateways';
import { prefixAt } from '../elements/literals';
import { endOf, ipsecTunnels, openvpnTunnels } from './tunnels';
import { isLocal } from './vips';

const TUNNEL = /^(ovpn|ipsec|wg|tun_wg|enc|openvpn|l2tp)/;

function roleOf(each: BoxInterface): Role {
  if (each.virtual || TUNNEL.test(each.device)) return 'vpn';
  return each.key === 'wan' || each.hasGateway || each.hasGateway6 ? 'outside' : 'inside';
}

/** A static route's destination: a network, or an alias of some. */
function destinationsOf(root: XmlElement, text: string): readonly Prefix[] {
  const literal = prefixAt(text);
  if (literal) return [literal];
  const alias = listOf(childOf(root, 'aliases'), 'alias').find((each) => textAt(each, 'name') === text);
  return alias ? membersOf(alias).flatMap((member) => prefixAt(member) ?? []) : [];
}

/** Routes by interface key: static ones, and what VPNs lead to. */
function routesOf(box: Box): ReadonlyMap<string, readonly Prefix[]> {
  const { root } = box;
  const routes = new Map<string, Prefix[]>();
  const add = (key: string, prefixes: readonly Prefix[]): void => {
    const kept = prefixes.filter(({ length }) => length > 0);
    routes.set(key, [...(routes.get(key) ?? []), ...kept]);
  };
  const gateways = gatewaysOf(box);
  for (const { to, key } of staticRoutes(box, gateways)) add(key, destinationsOf(root, to));
  for (const tunnel of openvpnTunnels(root)) {
    const networks = ['tunnel_network', 'tunnel_networkv6', 'remote_network', 'remote_networkv6'].flatMap((field) =>
      textAt(tunnel, field).split(','),
    );
    add(
      'openvpn',
      networks.flatMap((network) => prefixAt(network.trim()) ?? []),
    );
  }
  for (const { phase } of ipsecTunnels(root)) {
    const remote = prefixAt(endOf(phase, 'remoteid'));
    add('enc0', remote ? [remote] : []);
  }
  return routes;
}

/** The device that a configuration describes; its interfaces are named by their keys. */
export function describedDevice(root: XmlElement): Device {
  const box = boxOf(root);
  const routes = routesOf(box);
  const interfaces = box.interfaces.map((each): NetworkInterface => ({
    name: each.key,
    role: roleOf(each),
    addresses: FAMILIES.flatMap((family) => addressOn(each, family) ?? []),
    routes: routes.get(each.key) ?? [],
  }));
  const own = box.vips
    .filter((vip) => isLocal(vip) && (vip.key === 'lo0' || box.byKey.has(vip.key)))
    .map(({ address }) => address);
  const leased = box.interfaces.filter(({ v4, v6 }) => v4 === 'unknown' || v6 === 'unknown').map(({ key }) => key);
  return {
    interfaces,
    localAddresses: [...new Set<Address>(own)],
    forwarding: true,
    ...(leased.length > 0 && { leased }),
  };
}
