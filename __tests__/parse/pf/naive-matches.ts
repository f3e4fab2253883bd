// Parts of the naive model of pf, by plain loops: whether a filter or translation rule matches one packet, the order
// in which the kernel goes on after a `binat` rule, and the new address of a packet.

import { Address, FAMILY_RANGE, getFamily } from '../../../lib/net/address';
import { Packet } from '../../../lib/net/packet';
import { Range, contains } from '../../../lib/net/range';
import { BinatWords, Words, toOf } from './rules';
import { FilterSpec } from './random';
import { net } from '../../devices';

// The effect of one rule on one packet, in plain loops.

/** Chooses one of so many ways if something is unknown. */
export type Choose = (many: number) => number;

/** The flags of a TCP packet, and whether it begins no connection, so that it has no reply. */
export interface Flags {
  readonly bits: number;
  readonly stray: boolean;
}

export const SYN: Flags = { bits: 2, stray: false };
/** All combinations of FIN, RST, ACK and SYN with which no connection begins. */
export const STRAY_FLAGS: readonly Flags[] = Array.from({ length: 32 }, (_, bits) => ({ bits, stray: true })).filter(
  ({ bits }) => (bits & 0b1000) === 0 && bits !== 2,
);

export function asked(name: string, words: Words): boolean {
  const { on = 'any' } = words;
  if (on === 'any') return true;
  if (typeof on === 'string') return on === name;
  return 'is' in on ? on.is.includes(name) : !on.but.includes(name);
}

/** If a rule may match or not, `choose` decides. */
export function holds(words: Words, packet: Packet, choose: Choose): boolean {
  const { family, from, to, notFrom, notTo, protocol, port, sourcePort } = words;
  if (family && getFamily(packet.destination) !== family) return false;
  const { perhapsFrom, perhapsTo, doubt } = words;
  const sure = inSome(from, packet.source) && inSome(to, packet.destination);
  if (!sure) {
    if (perhapsFrom === undefined && perhapsTo === undefined) return false;
    if (!inSome(from, packet.source) && !(perhapsFrom && contains(net(perhapsFrom), packet.source))) return false;
    if (!inSome(to, packet.destination) && !(perhapsTo && contains(net(perhapsTo), packet.destination))) return false;
  }
  if (notFrom !== undefined && !isOutside(notFrom, packet.source)) return false;
  if (notTo !== undefined && !isOutside(notTo, packet.destination)) return false;
  const protocols = protocol ?? (port !== undefined || sourcePort ? [6, 17] : undefined);
  if (protocols && !protocols.includes(packet.protocol)) return false;
  const ports = typeof port === 'number' ? [{ first: port, last: port }] : port;
  if (ports && !ports.some(({ first, last }) => first <= packet.port && packet.port <= last)) return false;
  if (sourcePort && !sourcePort.some(({ first, last }) => first <= packet.sourcePort && packet.sourcePort <= last))
    return false;
  return (sure && doubt === undefined) || choose(2) === 1;
}

/**
 * The rule at which the kernel continues if this one doesn't match: after all rules with the same `from`, or `to`, as
 * the first that differs.
 */
export function stepped(all: readonly BinatWords[], at_: number, packet: Packet, choose: Choose): number {
  const words = all[at_]!;
  const { inside, outside, peer, notPeer, protocol, doubt, perhapsPeer } = words;
  if (
    getFamily(net(inside).first) !== getFamily(packet.destination) ||
    (protocol && !protocol.includes(packet.protocol))
  )
    return at_ + 1;
  const behind = (same: (one: BinatWords) => boolean): number => {
    let end = at_ + 1;
    while (end < all.length && same(all[end]!)) end++;
    return end;
  };
  if (outside === undefined && !contains(net(inside), packet.source)) return behind((one) => one.inside === inside);
  if (toOf(words) === 'any') return at_ + 1;
  const seen = outside === undefined ? packet.destination : packet.source;
  const inPeers =
    (peer === undefined || contains(net(peer), seen)) && (notPeer === undefined || isOutside(notPeer, seen));
  const perhaps = perhapsPeer !== undefined && contains(net(perhapsPeer), seen);
  const past = behind((one) => toOf(one) === toOf(words));
  if (doubt === undefined ? inPeers : false) return at_ + 1;
  if (perhaps || inPeers) return choose(2) === 1 ? past : at_ + 1;
  return past;
}

/** `S/SA` if no flags are written and a state is kept. */
export function flagged({ action, words }: FilterSpec, bits: number): boolean {
  if (words.flags) return words.flags.every(({ set, mask }) => (bits & mask) === set);
  return action !== 'pass' || words.state === false || ((bits & 2) === 2 && (bits & 16) === 0);
}

/** The conditions of a 1:1 rule from inside. */
export function straight({ inside, peer, notPeer, protocol, doubt, perhapsPeer }: BinatWords): Words {
  return {
    family: getFamily(net(inside).first),
    from: inside,
    ...(peer ? { to: peer } : {}),
    ...(notPeer ? { notTo: notPeer } : {}),
    ...(protocol ? { protocol } : {}),
    ...(doubt ? { doubt } : {}),
    ...(perhapsPeer ? { perhapsTo: perhapsPeer } : {}),
  };
}

/** The conditions of a 1:1 rule from outside. */
export function turned({ inside, outside, peer, notPeer, protocol, doubt, perhapsPeer }: BinatWords): Words {
  return {
    family: getFamily(net(inside).first),
    to: outside!,
    ...(peer ? { from: peer } : {}),
    ...(notPeer ? { notFrom: notPeer } : {}),
    ...(protocol ? { protocol } : {}),
    ...(doubt ? { doubt } : {}),
    ...(perhapsPeer ? { perhapsFrom: perhapsPeer } : {}),
  };
}

const inSome = (texts: Words['from'], address: bigint): boolean =>
  texts === undefined || (typeof texts === 'string' ? [texts] : texts).some((text) => contains(net(text), address));

const isOutside = (text: string, address: bigint): boolean =>
  getFamily(net(text).first) === getFamily(address) && !contains(net(text), address);

export const by = (distance: bigint): string => (distance === 0n ? 'kept' : `by ${distance}`);

export const pairing = (from: Range, to: Range): string =>
  from.first === from.last ? `to ${to.first}` : by(to.first - from.first);

export function inBlock(network: Range, address: bigint): Address {
  const size = network.last - network.first + 1n;
  return (network.first + ((address - FAMILY_RANGE[getFamily(address)].first) % size)) as Address;
}
