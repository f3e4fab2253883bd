// Parses the interfaces, interface groups, VPN interfaces and virtual IPs of a pfSense configuration (config.xml), and
// names them as the Device does.

import { Address, FAMILIES, Family, getFamily, getNetwork, parseAddress, toRange } from '../../../../net/address';
import { Device, NetworkInterface } from '../../../../net/device';
import { groupBy } from '../../../../net/group-by';
import { Range } from '../../../../net/range';
import { XmlElement } from '../../../../xml/parse-xml';
import { findChild, isSet, listChildren, getText, getTruthyText } from '../elements/element';
import { Leases, findLeases } from './leases';
import { isIpsecOn } from './tunnels';
import { PfsenseVirtualIp, parseVirtualIps } from './virtual-ips';

/** An address with the length of its network. */
interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
}

/**
 * An interface that the box filters on: assigned and enabled, or made by a VPN. Interfaces stand in the order of the
 * box.
 */
export interface PfsenseInterface {
  readonly key: string;
  /** `igb0`; for an interface of a VPN, the name that pf knows. */
  readonly device: string;
  /** Name of the interface in the Device; the key if the Device has no such interface. */
  readonly name: string;
  readonly element: XmlElement;
  readonly description: string;
  /** `dhcp`, `pppoe` …; empty for a fixed address or none. */
  readonly type: string;
  readonly type6: string;
  /** `unknown`: the interface has an address, but neither the configuration nor the Device says which. */
  readonly v4: InterfaceAddress | 'unknown' | undefined;
  readonly v6: InterfaceAddress | 'unknown' | undefined;
  /** By family, the address in the Device that stands for the unknown one. */
  readonly standIns: Readonly<Partial<Record<Family, Address>>>;
  readonly hasGateway: boolean;
  readonly hasGateway6: boolean;
  /** Whether a VPN makes it: it isn't in `<interfaces>`. */
  readonly virtual: boolean;
  /** Every name of the Device that a rule on this interface covers. */
  readonly covers: readonly string[];
}

export interface PfsenseBox {
  readonly root: XmlElement;
  readonly interfaces: readonly PfsenseInterface[];
  readonly byKey: ReadonlyMap<string, PfsenseInterface>;
  readonly groups: ReadonlyMap<string, readonly PfsenseInterface[]>;
  readonly vips: readonly PfsenseVirtualIp[];
  readonly vipsOn: ReadonlyMap<string, readonly PfsenseVirtualIp[]>;
  readonly leases: Leases;
}

const LEASED_TYPES = new Set(['dhcp', 'pppoe', 'pptp', 'l2tp', 'ppp']);
/** A tunnel gets its addresses from its peer or program; the configuration of a client doesn't contain them. */
const TUNNEL_DEVICE = /^(ovpn[cs]|ipsec|tun_wg|gif|gre|l2tp|pptp|ppp)\d/;
const LEASED6_TYPES = new Set(['dhcp6', 'slaac', '6rd', '6to4', 'track6']);

export const toNetworkRange = ({ address, length }: InterfaceAddress): Range => toRange(getNetwork(address, length));

/** Returns the address of an interface; undefined if it has none or the address is unknown. */
export function getAddress(boxInterface: PfsenseInterface | undefined, family: Family): InterfaceAddress | undefined {
  const address = family === 'ip' ? boxInterface?.v4 : boxInterface?.v6;
  return address === 'unknown' ? undefined : address;
}

export function getInterfaceNetwork(boxInterface: PfsenseInterface | undefined, family: Family): Range | undefined {
  const address = getAddress(boxInterface, family);
  return address && toNetworkRange(address);
}

/** Returns the networks of both families. */
export const listNetworks = (boxInterface: PfsenseInterface): readonly Range[] =>
  FAMILIES.flatMap((family) => getInterfaceNetwork(boxInterface, family) ?? []);

/** Returns the Device's interface for an interface of the box: by its key, else by its device. */
const findDeviceInterface = (
  device: Pick<Device, 'interfaces'> | undefined,
  key: string,
  real: string,
): NetworkInterface | undefined =>
  device?.interfaces.find(({ name }) => name === key) ?? device?.interfaces.find(({ name }) => name === real);

function parseAddressField(element: XmlElement, field: string, mask: string): InterfaceAddress | undefined {
  const address = parseAddress(getText(element, field));
  const length = getText(element, mask);
  if (address === undefined) return undefined;
  const maxLength = getFamily(address) === 'ip' ? 32 : 128;
  return { address, length: /^\d{1,3}$/.test(length) && Number(length) <= maxLength ? Number(length) : maxLength };
}

/**
 * Returns whether the box counts the interface as having a gateway. The presence of a gateway's name decides, neither
 * its text nor its family. Source: interface_has_gateway.
 */
function hasGateway(element: XmlElement, real: string): boolean {
  return (
    LEASED_TYPES.has(getText(element, 'ipaddr')) ||
    /^(ovpn|gif|gre|ipsec)/.test(real) ||
    getTruthyText(element, 'gateway') !== ''
  );
}

function createAssignedInterface(element: XmlElement, device: Device | undefined): PfsenseInterface {
  const key = element.name.toLowerCase();
  const real = getText(element, 'if');
  const deviceInterface = findDeviceInterface(device, key, real);
  const name = deviceInterface?.name ?? key;
  const type = parseAddressField(element, 'ipaddr', 'subnet') ? '' : getText(element, 'ipaddr');
  const type6 = parseAddressField(element, 'ipaddrv6', 'subnetv6') ? '' : getText(element, 'ipaddrv6');
  const tunnel = TUNNEL_DEVICE.test(real);
  const findKnownAddress = (family: Family): InterfaceAddress | undefined =>
    deviceInterface?.addresses.find(
      ({ address }) => getFamily(address) === family && !device?.leasedAddresses?.has(address),
    );
  const leased = (deviceInterface?.addresses ?? []).filter(({ address }) => device?.leasedAddresses?.has(address));
  return {
    key,
    device: real,
    name,
    element,
    type,
    type6,
    virtual: false,
    covers: [name],
    description: getText(element, 'descr') || key.toUpperCase(),
    v4:
      parseAddressField(element, 'ipaddr', 'subnet') ??
      findKnownAddress('ip') ??
      ((type !== '' && type !== 'none') || tunnel ? 'unknown' : undefined),
    v6:
      parseAddressField(element, 'ipaddrv6', 'subnetv6') ??
      findKnownAddress('ip6') ??
      (LEASED6_TYPES.has(type6) || tunnel ? 'unknown' : undefined),
    standIns: Object.fromEntries(leased.map(({ address }) => [getFamily(address), address])),
    hasGateway: hasGateway(element, real),
    hasGateway6: LEASED6_TYPES.has(type6) ? type6 !== 'track6' : getTruthyText(element, 'gatewayv6') !== '',
  };
}

/** Returns the interfaces that exist because of a VPN. `openvpn` is a group of every tunnel, assigned or not. */
function createVpnInterfaces(
  root: XmlElement,
  interfaces: readonly PfsenseInterface[],
  device: Device | undefined,
): readonly PfsenseInterface[] {
  const make = (
    key: string,
    real: string,
    element: XmlElement,
    members: readonly PfsenseInterface[],
  ): PfsenseInterface => {
    const name = findDeviceInterface(device, key, real)?.name ?? key;
    return {
      key,
      device: real,
      name,
      element,
      description: key,
      type: 'none',
      type6: '',
      v4: undefined,
      v6: undefined,
      standIns: {},
      hasGateway: false,
      hasGateway6: false,
      virtual: true,
      covers: [name, ...members.map((member) => member.name)],
    };
  };
  const vpnInterfaces: PfsenseInterface[] = [];
  const l2tp = findChild(root, 'l2tp');
  if (l2tp && getText(l2tp, 'mode') === 'server') vpnInterfaces.push(make('l2tp', 'l2tp', l2tp, []));
  const pppoe = listChildren(findChild(root, 'pppoes'), 'pppoe').find((server) => getText(server, 'mode') === 'server');
  if (pppoe) vpnInterfaces.push(make('pppoe', 'pppoe', pppoe, []));
  const ipsec = findChild(root, 'ipsec');
  if (ipsec && isIpsecOn(ipsec)) vpnInterfaces.push(make('enc0', 'enc0', ipsec, []));
  const openvpn = findChild(root, 'openvpn');
  const tunnels = [...listChildren(openvpn, 'openvpn-server'), ...listChildren(openvpn, 'openvpn-client')];
  if (openvpn && tunnels.length > 0) {
    vpnInterfaces.push(
      make(
        'openvpn',
        'openvpn',
        openvpn,
        interfaces.filter(({ device: real }) => real.startsWith('ovpn')),
      ),
    );
  }
  return vpnInterfaces;
}

/** Returns the box of a configuration. Without a Device names are keys, and leased addresses are unknown. */
export function parseBox(root: XmlElement, device?: Device): PfsenseBox {
  const real = (findChild(root, 'interfaces')?.children ?? [])
    .filter((element) => isSet(element, 'enable'))
    .map((element) => createAssignedInterface(element, device));
  const interfaces = [...real, ...createVpnInterfaces(root, real, device)];
  const byKey = new Map(interfaces.map((boxInterface) => [boxInterface.key, boxInterface]));
  const groups = new Map<string, readonly PfsenseInterface[]>();
  for (const element of listChildren(findChild(root, 'ifgroups'), 'ifgroupentry')) {
    const name = getText(element, 'ifname');
    const keys = getText(element, 'members').split(/\s+/);
    if (name !== '')
      groups.set(
        name,
        keys.flatMap((key) => byKey.get(key) ?? []),
      );
  }
  const vips = parseVirtualIps(root);
  const vipsOn = groupBy(vips, ({ key }) => key);
  return { root, interfaces, byKey, groups, vips, vipsOn, leases: findLeases(device, vips) };
}

/** Returns the names in the Device for a key of the box; undefined if the box filters on no such interface. */
export function findInterfaceNames(box: PfsenseBox, key: string): readonly string[] | undefined {
  const group = box.groups.get(key);
  if (group) return [...new Set(group.flatMap(({ covers }) => covers))];
  return box.byKey.get(key)?.covers;
}
