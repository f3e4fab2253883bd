// Derives the description of a device from pfSense's config.xml: interfaces with role, addresses and routes, and the
// virtual IPs that the box answers itself.

import { Address, FAMILIES, Prefix } from '../../../../net/address';
import { Device, NetworkInterface, Role } from '../../../../net/device';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseBox, PfsenseInterface, getAddress, parseBox } from './box';
import { findChild, listChildren, getText } from '../elements/element';
import { listMembers } from '../elements/alias-members';
import { createGatewayLookup, listStaticRoutes } from './gateways';
import { addStandIns } from './leases';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { getPhaseAddress, listIpsecTunnels, listOpenvpnTunnels } from './tunnels';
import { isLocal } from './virtual-ips';

const TUNNEL_DEVICE = /^(ovpn|ipsec|wg|tun_wg|enc|openvpn|l2tp)/;

function getRole(boxInterface: PfsenseInterface): Role {
  if (boxInterface.virtual || TUNNEL_DEVICE.test(boxInterface.device)) return 'vpn';
  return boxInterface.key === 'wan' || boxInterface.hasGateway || boxInterface.hasGateway6 ? 'outside' : 'inside';
}

/** Returns the destinations of a static route: a network, or the members of an alias. */
function findDestinations(root: XmlElement, text: string): readonly Prefix[] {
  const literal = parsePrefixLiteral(text);
  if (literal) return [literal];
  const alias = listChildren(findChild(root, 'aliases'), 'alias').find((element) => getText(element, 'name') === text);
  return alias ? listMembers(alias).flatMap((member) => parsePrefixLiteral(member) ?? []) : [];
}

/** Returns routes by interface key: static routes and the networks behind VPNs. */
function collectRoutes(box: PfsenseBox): ReadonlyMap<string, readonly Prefix[]> {
  const { root } = box;
  const routes = new Map<string, Prefix[]>();
  const add = (key: string, prefixes: readonly Prefix[]): void => {
    const specific = prefixes.filter(({ length }) => length > 0);
    routes.set(key, [...(routes.get(key) ?? []), ...specific]);
  };
  const gateways = createGatewayLookup(box);
  for (const { to, key } of listStaticRoutes(box, gateways)) add(key, findDestinations(root, to));
  for (const tunnel of listOpenvpnTunnels(root)) {
    const networks = ['tunnel_network', 'tunnel_networkv6', 'remote_network', 'remote_networkv6'].flatMap((field) =>
      getText(tunnel, field).split(','),
    );
    add(
      'openvpn',
      networks.flatMap((network) => parsePrefixLiteral(network.trim()) ?? []),
    );
  }
  for (const { phase } of listIpsecTunnels(root)) {
    const remote = parsePrefixLiteral(getPhaseAddress(phase, 'remoteid'));
    add('enc0', remote ? [remote] : []);
  }
  return routes;
}

/**
 * Returns the device that a configuration describes; keys name its interfaces. A reserved address stands for each
 * leased one.
 */
export function describeLeasingDevice(root: XmlElement): Device {
  const { byKey } = parseBox(root);
  return addStandIns(describeDevice(root), (name, family) => {
    const boxInterface = byKey.get(name);
    return (family === 'ip' ? boxInterface?.v4 : boxInterface?.v6) === 'unknown';
  });
}

/** Returns the device that a configuration describes, without addresses that are leased. */
export function describeDevice(root: XmlElement): Device {
  const box = parseBox(root);
  const routes = collectRoutes(box);
  const interfaces = box.interfaces.map((boxInterface): NetworkInterface => ({
    name: boxInterface.key,
    role: getRole(boxInterface),
    addresses: FAMILIES.flatMap((family) => getAddress(boxInterface, family) ?? []),
    routes: routes.get(boxInterface.key) ?? [],
  }));
  const localAddresses = box.vips
    .filter((vip) => isLocal(vip) && (vip.key === 'lo0' || box.byKey.has(vip.key)))
    .map(({ address }) => address);
  const leasedInterfaces = box.interfaces
    .filter(({ v4, v6 }) => v4 === 'unknown' || v6 === 'unknown')
    .map(({ key }) => key);
  return {
    interfaces,
    localAddresses: [...new Set<Address>(localAddresses)],
    forwarding: true,
    ...(leasedInterfaces.length > 0 && { leasedInterfaces }),
  };
}
