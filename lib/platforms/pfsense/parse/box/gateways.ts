import { parseAddress } from '../../../../net/address';
import { XmlElement } from '../../../../xml/xml';
import { Box } from './box';
import { childOf, isSet, listOf, textAt } from '../elements/element';

export interface Gateways {
  /** The key of the interface that a gateway is on; undefined for names of groups and of none. */
  keyOf(name: string): string | undefined;
  /** Keys that what is given to this gateway or group may leave by, in the order of their tiers. Undefined where there is none such. */
  keysOf(name: string): readonly string[] | undefined;
  addressOf(name: string): bigint | undefined;
}

/** One that isn't disabled, and whose gateway is on an interface. */
interface StaticRoute {
  readonly element: XmlElement;
  /** A network, or an alias. */
  readonly to: string;
  readonly key: string;
  readonly via: bigint | undefined;
}

export const staticRoutes = ({ root }: Box, gateways: Gateways): readonly StaticRoute[] =>
  listOf(childOf(root, 'staticroutes'), 'route').flatMap((element): readonly StaticRoute[] => {
    const gateway = textAt(element, 'gateway');
    const key = gateways.keyOf(gateway);
    if (key === undefined || isSet(element, 'disabled')) return [];
    return [{ element, to: textAt(element, 'network'), key, via: gateways.addressOf(gateway) }];
  });

/** Configured ones, the dynamic ones that a leased address makes (`WAN_DHCP`), and groups. */
export function gatewaysOf(box: Box): Gateways {
  const configured = new Map(
    listOf(childOf(box.root, 'gateways'), 'gateway_item')
      .filter((item) => !isSet(item, 'disabled'))
      .map((item) => [textAt(item, 'name'), item]),
  );
  const dynamic = new Map<string, string>();
  for (const { key, description, type, type6 } of box.interfaces) {
    if (type !== '') dynamic.set(`${description}_${type}`.toUpperCase(), key);
    if (type6 !== '') dynamic.set(`${description}_${type6}`.toUpperCase(), key);
  }
  const groups = new Map(
    listOf(childOf(box.root, 'gateways'), 'gateway_group').map((group) => [textAt(group, 'name'), group]),
  );
  const keyOf = (name: string): string | undefined => {
    const item = configured.get(name);
    return item ? textAt(item, 'interface') : dynamic.get(name.toUpperCase());
  };
  const keysOf = (name: string): readonly string[] | undefined => {
    const one = keyOf(name);
    if (one !== undefined) return [one];
    const group = groups.get(name);
    if (!group) return undefined;
    const members = listOf(group, 'item').map((item) => textAt(item).split('|'));
    members.sort((a, b) => Number(a[1]) - Number(b[1]));
    return [...new Set(members.flatMap(([member = '']) => keyOf(member) ?? []))];
  };
  return { keyOf, keysOf, addressOf: (name) => parseAddress(textAt(configured.get(name), 'gateway')) };
}
