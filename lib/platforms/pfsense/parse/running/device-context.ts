// Resolves the names in running pf rules of a pfSense device: interfaces, interface groups and virtual IPs, from the
// Device alone or also from the configuration.

import { Device } from '../../../../net/device';
import { getNetwork, toRange } from '../../../../net/address';
import { contains } from '../../../../net/range';
import { ParsedPf } from '../../../../parse/pf/text/syntax-tree';
import { PfDeviceContext } from '../../../../parse/pf/resolve/address-resolver';
import { XmlElement } from '../../../../xml/parse-xml';
import { findPossiblyGrouped } from '../own-rules/assigned-tunnels';
import { PfsenseBox, parseBox } from '../box/box';
import { createAnchorLookup, isBanTable } from './box-rules';
import { isLocal } from '../box/virtual-ips';

/**
 * Names of the interfaces in a group whose members come from the program that made them. Source: pfSense,
 * interfaces.inc.
 */
const GROUP_MEMBERS: Readonly<Record<string, RegExp>> = {
  openvpn: /^(openvpn|ovpn[cs]\d+)$/,
  WireGuard: /^(WireGuard|tun_wg\d+)$/,
  ipsec: /^(enc0|ipsec\d+)$/,
  l2tp: /^l2tp/,
  pppoe: /^(pppoe$|poes)/,
};

/**
 * Returns whether a name can be a group: FreeBSD allows no group name that ends with a digit. Interfaces have such
 * names until an operator renames them.
 */
export const canBeGroup = (name: string): boolean => !/\d$/.test(name);

/** Returns the context of rules alone: the Device uses the names of the rules. */
export function createRulesContext(text: ParsedPf, device: Device): PfDeviceContext {
  const { interfaces, groups } = device;
  const named = (name: string): readonly string[] | undefined => {
    if (interfaces.some((item) => item.name === name)) return [name];
    if (name === 'lo0' || name === 'lo') return ['lo0'];
    if (!canBeGroup(name)) return [];
    const groupMembers = groups?.get(name);
    if (groupMembers) return groupMembers;
    const possible = mayBeIn(name);
    return Object.hasOwn(GROUP_MEMBERS, name) && !possible.some(canBeGroup) ? possible : undefined;
  };
  // A name that isn't one of FreeBSD's stands for interfaces without a known name.
  const mayBeIn = (name: string): readonly string[] => {
    const memberForm = Object.hasOwn(GROUP_MEMBERS, name) ? GROUP_MEMBERS[name]! : /./;
    return interfaces.map((item) => item.name).filter((item) => memberForm.test(item) || canBeGroup(item));
  };
  const vipsOn = (name: string): readonly bigint[] => {
    const networks = interfaces.find((item) => item.name === name)?.addresses ?? [];
    const ranges = networks.map(({ address, length }) => toRange(getNetwork(address, length)));
    return device.localAddresses.filter((address) => ranges.some((range) => contains(range, address)));
  };
  return { device, named, mayBeIn, vipsOn, holdsBans: isBanTable, mayHold: createAnchorLookup(text) };
}

/** Returns the context of rules beside a configuration, which names the devices and their addresses. */
export function createConfigurationContext(text: ParsedPf, device: Device, root: XmlElement): PfDeviceContext {
  const box = parseBox(root, device);
  const rules = createRulesContext(text, device);
  const named = (name: string): readonly string[] | undefined => {
    const ownInterfaces = box.interfaces.filter((boxInterface) => boxInterface.device === name);
    if (ownInterfaces.length > 0) return [...new Set(ownInterfaces.flatMap(({ covers }) => covers))];
    const group = box.groups.get(name);
    const members = group && [...group, ...findPossiblyGrouped(box, [name])];
    return members ? [...new Set(members.flatMap(({ covers }) => covers))] : rules.named(name);
  };
  const vipsOn = (name: string): readonly bigint[] => listVirtualIps(box, name);
  return { ...rules, named, vipsOn, mayHold: createAnchorLookup(text, root) };
}

const listVirtualIps = (box: PfsenseBox, name: string): readonly bigint[] =>
  box.vips.filter((vip) => isLocal(vip) && box.byKey.get(vip.key)?.name === name).map(({ address }) => address);
