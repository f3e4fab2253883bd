import { Device } from '../../../../net/device';
import { networkOf, prefixRange } from '../../../../net/address';
import { contains } from '../../../../net/range';
import { PfText } from '../../../../parse/pf/text/text';
import { PfSurroundings } from '../../../../parse/pf/resolve/addresses';
import { XmlElement } from '../../../../xml/xml';
import { perhapsGrouped } from '../own-rules/assigned-tunnels';
import { Box, boxOf } from '../box/box';
import { heldBy, holdsBans } from './own-anchors';
import { isLocal } from '../box/vips';

/** Prefixes of the interfaces that are in a group because of what made them. Source: pfSense, interfaces.inc. */
const MADE: Readonly<Record<string, RegExp>> = {
  openvpn: /^(openvpn|ovpn[cs]\d+)$/,
  WireGuard: /^(WireGuard|tun_wg\d+)$/,
  ipsec: /^(enc0|ipsec\d+)$/,
  l2tp: /^l2tp/,
  pppoe: /^(pppoe$|poes)/,
};

/** FreeBSD has no group whose name ends with a digit; interfaces have such names until somebody renames them. */
export const mayBeGroup = (name: string): boolean => !/\d$/.test(name);

/** For rules alone: the Device has the names that the rules have. */
export function aroundRules(text: PfText, device: Device): PfSurroundings {
  const { interfaces, groups } = device;
  const named = (name: string): readonly string[] | undefined => {
    if (interfaces.some((one) => one.name === name)) return [name];
    if (name === 'lo0' || name === 'lo') return ['lo0'];
    if (!mayBeGroup(name)) return [];
    const told = groups?.get(name);
    if (told) return told;
    const possible = mayBeIn(name);
    return Object.hasOwn(MADE, name) && !possible.some(mayBeGroup) ? possible : undefined;
  };
  // One that has no name of FreeBSD's stands for interfaces that nobody named.
  const mayBeIn = (name: string): readonly string[] => {
    const made = Object.hasOwn(MADE, name) ? MADE[name]! : /./;
    return interfaces.map((one) => one.name).filter((one) => made.test(one) || mayBeGroup(one));
  };
  const vipsOn = (name: string): readonly bigint[] => {
    const networks = interfaces.find((one) => one.name === name)?.addresses ?? [];
    const ranges = networks.map(({ address, length }) => prefixRange(networkOf(address, length)));
    return device.localAddresses.filter((address) => ranges.some((range) => contains(range, address)));
  };
  return { device, named, mayBeIn, vipsOn, holdsBans, mayHold: heldBy(text) };
}

/** For rules beside a configuration, which says what devices are called and what is on them. */
export function aroundConfiguration(text: PfText, device: Device, root: XmlElement): PfSurroundings {
  const box = boxOf(root, device);
  const rules = aroundRules(text, device);
  const named = (name: string): readonly string[] | undefined => {
    const own = box.interfaces.filter((one) => one.device === name);
    if (own.length > 0) return [...new Set(own.flatMap(({ covers }) => covers))];
    const group = box.groups.get(name);
    const members = group && [...group, ...perhapsGrouped(box, [name])];
    return members ? [...new Set(members.flatMap(({ covers }) => covers))] : rules.named(name);
  };
  const vipsOn = (name: string): readonly bigint[] => vipsOf(box, name);
  return { ...rules, named, vipsOn, mayHold: heldBy(text, root) };
}

const vipsOf = (box: Box, name: string): readonly bigint[] =>
  box.vips.filter((vip) => isLocal(vip) && box.byKey.get(vip.key)?.name === name).map(({ address }) => address);
