// Parses the gateways, gateway groups and static routes of pfSense's config.xml.

import { parseAddress } from '../../../../net/address';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseBox } from './box';
import { findChild, isSet, listChildren, getText } from '../elements/element';

export interface GatewayLookup {
  /** Returns the key of a gateway's interface; undefined for a group's name or an unknown name. */
  findKey(name: string): string | undefined;
  /**
   * Returns the keys of the interfaces by which packets to this gateway or group may leave, in the order of their
   * tiers. Undefined for an unknown name.
   */
  findKeys(name: string): readonly string[] | undefined;
  findAddress(name: string): bigint | undefined;
}

/** A static route that is enabled and whose gateway is on an interface. */
interface StaticRoute {
  readonly element: XmlElement;
  /** A network, or an alias. */
  readonly to: string;
  readonly key: string;
  readonly via: bigint | undefined;
}

export const listStaticRoutes = ({ root }: PfsenseBox, gateways: GatewayLookup): readonly StaticRoute[] =>
  listChildren(findChild(root, 'staticroutes'), 'route').flatMap((element): readonly StaticRoute[] => {
    const gateway = getText(element, 'gateway');
    const key = gateways.findKey(gateway);
    if (key === undefined || isSet(element, 'disabled')) return [];
    return [{ element, to: getText(element, 'network'), key, via: gateways.findAddress(gateway) }];
  });

/** Returns the lookup of configured gateways, dynamic ones of leased addresses (`WAN_DHCP`), and groups. */
export function createGatewayLookup(box: PfsenseBox): GatewayLookup {
  const configured = new Map(
    listChildren(findChild(box.root, 'gateways'), 'gateway_item')
      .filter((item) => !isSet(item, 'disabled'))
      .map((item) => [getText(item, 'name'), item]),
  );
  const dynamic = new Map<string, string>();
  for (const { key, description, type, type6 } of box.interfaces) {
    if (type !== '') dynamic.set(`${description}_${type}`.toUpperCase(), key);
    if (type6 !== '') dynamic.set(`${description}_${type6}`.toUpperCase(), key);
  }
  const groups = new Map(
    listChildren(findChild(box.root, 'gateways'), 'gateway_group').map((group) => [getText(group, 'name'), group]),
  );
  const findKey = (name: string): string | undefined => {
    const item = configured.get(name);
    return item ? getText(item, 'interface') : dynamic.get(name.toUpperCase());
  };
  const findKeys = (name: string): readonly string[] | undefined => {
    const singleKey = findKey(name);
    if (singleKey !== undefined) return [singleKey];
    const group = groups.get(name);
    if (!group) return undefined;
    const members = listChildren(group, 'item').map((item) => getText(item).split('|'));
    members.sort((a, b) => Number(a[1]) - Number(b[1]));
    return [...new Set(members.flatMap(([member = '']) => findKey(member) ?? []))];
  };
  return {
    findKey,
    findKeys,
    findAddress: (name) => parseAddress(getText(configured.get(name), 'gateway')),
  };
}
