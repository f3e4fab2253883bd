import { Address, FAMILIES, Family, familyOf, networkOf, parseAddress, prefixRange } from '../../../../net/address';
import { Device, NetworkInterface } from '../../../../net/device';
import { groupBy } from '../../../../net/group-by';
import { Range } from '../../../../net/range';
import { XmlElement } from '../../../../xml/xml';
import { childOf, isSet, listOf, textAt, truthyAt } from '../elements/element';
import { ipsecRuns } from './tunnels';
import { Vip, vipsOf } from './vips';

/** An address with the length of its network. */
interface Addressed {
  readonly address: Address;
  readonly length: number;
}

/** One that the box filters on: assigned and enabled, or made by a VPN. In the order in which the box goes through them. */
export interface BoxInterface {
  readonly key: string;
  /** `igb0`; for what a VPN makes the name that pf knows. */
  readonly device: string;
  /** As the Device calls it; the key where the Device has none such. */
  readonly name: string;
  readonly element: XmlElement;
  readonly description: string;
  /** `dhcp`, `pppoe` …; empty for a fixed address or none. */
  readonly type: string;
  readonly type6: string;
  /** `unknown`: it has one, and neither the configuration nor the Device says which. */
  readonly v4: Addressed | 'unknown' | undefined;
  readonly v6: Addressed | 'unknown' | undefined;
  readonly hasGateway: boolean;
  readonly hasGateway6: boolean;
  /** Made by a VPN: nothing of `<interfaces>`. */
  readonly virtual: boolean;
  /** Every name of the Device that `on` this one covers. */
  readonly covers: readonly string[];
}

export interface Box {
  readonly root: XmlElement;
  readonly interfaces: readonly BoxInterface[];
  readonly byKey: ReadonlyMap<string, BoxInterface>;
  readonly groups: ReadonlyMap<string, readonly BoxInterface[]>;
  readonly vips: readonly Vip[];
  readonly vipsOn: ReadonlyMap<string, readonly Vip[]>;
}

const LEASED = new Set(['dhcp', 'pppoe', 'pptp', 'l2tp', 'ppp']);
/** Tunnels get their addresses from what makes them; the configuration of a client doesn't tell them. */
const TUNNEL = /^(ovpn[cs]|ipsec|tun_wg|gif|gre|l2tp|pptp|ppp)\d/;
const LEASED6 = new Set(['dhcp6', 'slaac', '6rd', '6to4', 'track6']);

export const networkRange = ({ address, length }: Addressed): Range => prefixRange(networkOf(address, length));

/** The address that an interface has; undefined where it has none, or nobody says which. */
export function addressOn(each: BoxInterface | undefined, family: Family): Addressed | undefined {
  const own = family === 'ip' ? each?.v4 : each?.v6;
  return own === 'unknown' ? undefined : own;
}

/** The network of that address. */
export function networkOn(each: BoxInterface | undefined, family: Family): Range | undefined {
  const own = addressOn(each, family);
  return own && networkRange(own);
}

/** Of both families. */
export const networksOn = (each: BoxInterface): readonly Range[] =>
  FAMILIES.flatMap((family) => networkOn(each, family) ?? []);

/** What an interface of the box is called in the Device: its key, else its device. */
const calledBy = (
  device: Pick<Device, 'interfaces'> | undefined,
  key: string,
  real: string,
): NetworkInterface | undefined =>
  device?.interfaces.find(({ name }) => name === key) ?? device?.interfaces.find(({ name }) => name === real);

function addressedAt(element: XmlElement, field: string, mask: string): Addressed | undefined {
  const address = parseAddress(textAt(element, field));
  const length = textAt(element, mask);
  if (address === undefined) return undefined;
  const most = familyOf(address) === 'ip' ? 32 : 128;
  return { address, length: /^\d{1,3}$/.test(length) && Number(length) <= most ? Number(length) : most };
}

/** Neither the gateway's own text nor its family decides: that a name is there does. Source: interface_has_gateway. */
function hasGateway(element: XmlElement, real: string): boolean {
  return (
    LEASED.has(textAt(element, 'ipaddr')) || /^(ovpn|gif|gre|ipsec)/.test(real) || truthyAt(element, 'gateway') !== ''
  );
}

function assigned(element: XmlElement, device: Device | undefined): BoxInterface {
  const key = element.name.toLowerCase();
  const real = textAt(element, 'if');
  const known = calledBy(device, key, real);
  const name = known?.name ?? key;
  const type = addressedAt(element, 'ipaddr', 'subnet') ? '' : textAt(element, 'ipaddr');
  const type6 = addressedAt(element, 'ipaddrv6', 'subnetv6') ? '' : textAt(element, 'ipaddrv6');
  const tunnel = TUNNEL.test(real);
  const told = (family: Family): Addressed | undefined =>
    known?.addresses.find(({ address }) => familyOf(address) === family);
  return {
    key,
    device: real,
    name,
    element,
    type,
    type6,
    virtual: false,
    covers: [name],
    description: textAt(element, 'descr') || key.toUpperCase(),
    v4:
      addressedAt(element, 'ipaddr', 'subnet') ??
      told('ip') ??
      ((type !== '' && type !== 'none') || tunnel ? 'unknown' : undefined),
    v6:
      addressedAt(element, 'ipaddrv6', 'subnetv6') ??
      told('ip6') ??
      (LEASED6.has(type6) || tunnel ? 'unknown' : undefined),
    hasGateway: hasGateway(element, real),
    hasGateway6: LEASED6.has(type6) ? type6 !== 'track6' : truthyAt(element, 'gatewayv6') !== '',
  };
}

/** What is there because a VPN is: `openvpn` is a group of every tunnel, assigned or not. */
function madeByVpns(
  root: XmlElement,
  interfaces: readonly BoxInterface[],
  device: Device | undefined,
): readonly BoxInterface[] {
  const make = (key: string, real: string, element: XmlElement, members: readonly BoxInterface[]): BoxInterface => {
    const name = calledBy(device, key, real)?.name ?? key;
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
      hasGateway: false,
      hasGateway6: false,
      virtual: true,
      covers: [name, ...members.map((member) => member.name)],
    };
  };
  const made: BoxInterface[] = [];
  const l2tp = childOf(root, 'l2tp');
  if (l2tp && textAt(l2tp, 'mode') === 'server') made.push(make('l2tp', 'l2tp', l2tp, []));
  const pppoe = listOf(childOf(root, 'pppoes'), 'pppoe').find((server) => textAt(server, 'mode') === 'server');
  if (pppoe) made.push(make('pppoe', 'pppoe', pppoe, []));
  const ipsec = childOf(root, 'ipsec');
  if (ipsec && ipsecRuns(ipsec)) made.push(make('enc0', 'enc0', ipsec, []));
  const openvpn = childOf(root, 'openvpn');
  const tunnels = [...listOf(openvpn, 'openvpn-server'), ...listOf(openvpn, 'openvpn-client')];
  if (openvpn && tunnels.length > 0) {
    made.push(
      make(
        'openvpn',
        'openvpn',
        openvpn,
        interfaces.filter(({ device: real }) => real.startsWith('ovpn')),
      ),
    );
  }
  return made;
}

/** The box as its configuration has it. Without a Device names are keys and leased addresses are unknown. */
export function boxOf(root: XmlElement, device?: Device): Box {
  const real = (childOf(root, 'interfaces')?.children ?? [])
    .filter((element) => isSet(element, 'enable'))
    .map((element) => assigned(element, device));
  const interfaces = [...real, ...madeByVpns(root, real, device)];
  const byKey = new Map(interfaces.map((each) => [each.key, each]));
  const groups = new Map<string, readonly BoxInterface[]>();
  for (const element of listOf(childOf(root, 'ifgroups'), 'ifgroupentry')) {
    const name = textAt(element, 'ifname');
    const keys = textAt(element, 'members').split(/\s+/);
    if (name !== '')
      groups.set(
        name,
        keys.flatMap((key) => byKey.get(key) ?? []),
      );
  }
  const vips = vipsOf(root);
  return { root, interfaces, byKey, groups, vips, vipsOn: groupBy(vips, ({ key }) => key) };
}

/** Names of the Device that a key of the box stands for; undefined where the box filters on no such interface. */
export function namesOf(box: Box, key: string): readonly string[] | undefined {
  const group = box.groups.get(key);
  if (group) return [...new Set(group.flatMap(({ covers }) => covers))];
  return box.byKey.get(key)?.covers;
}
