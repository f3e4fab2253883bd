import {
  Address,
  EVERYWHERE,
  FAMILY_RANGE,
  Family,
  familyOf,
  hostPrefix,
  parseAddress,
  rangeOf,
} from '../../net/address';
import { Device, LOOPBACK, NetworkInterface, Role, Supposed } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, joined, overlap, point, without } from '../../net/range';
import { Mentions } from '../../parse/foreign';
import { Facts, linksOf } from './facts';

/** One reading of the text: for a device that may be the real one, and for the packets that this guess is about. */
export interface Supposition {
  /** `host`: packets whose destination is the device's own address. `through`: all others. */
  readonly about: 'host' | 'through';
  readonly device: Device;
  readonly packets: PacketSet;
}

/** An interface's own address is none of these, so rules about them say nothing of it. */
const NEVER_AN_INTERFACES: readonly Range[] = [...LOOPBACK, ...['224.0.0.0/4', 'ff00::/8', 'fe80::/10'].map(rangeOf)];
/** Stands for an interface's own address. Source: RFC 7600 (dummy address), RFC 6666 (discard prefix). */
const STAND_IN: Readonly<Record<Family, Address>> = { ip: parseAddress('192.0.0.8')!, ip6: parseAddress('100::8')! };
export const STAND_INS: readonly Range[] = Object.values(STAND_IN).map(point);
export const standInAddresses: NetworkInterface['addresses'] = Object.values(STAND_IN).map((address) => ({
  address,
  length: hostPrefix(address).length,
}));
export const isStandIn = (address: bigint): boolean => STAND_INS.some((one) => one.first === address);

/** Bridges and cables that software on the host makes for its own containers and guests: nobody else is at their other end. */
const OF_SOFTWARE =
  /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12}|virbr\d+|lxcbr\d+|lxdbr\d+|incusbr\d+|podman\d+|cni\d+|cni-podman\d+|veth.*|vnet\d+|docker\*|virbr\*|br-\*)$/;

/** Unless somebody says otherwise, anybody may be behind an interface. */
export const roleOf = (name: string): Role => (OF_SOFTWARE.test(name) ? 'inside' : 'outside');

/** More targets than that are supposed to be others' all at once. */
const MOST_APART = 6;

/** The guesses that together show at least what any device with these rules exposes, where its addresses weren't told. */
export function suppositions(
  interfaces: readonly NetworkInterface[],
  facts: Facts,
  mentions: Mentions,
): readonly Supposition[] {
  const forwarding = facts.forwarding ?? true;
  const named = interfaces.map((one) => ({ ...one, addresses: mentions.redirects ? standIns(mentions) : [] }));
  // Which way out matters only for what leaves; without an outside interface there are no ways to tell apart.
  const staying = named.map((one) => ({ ...one, role: 'inside' as const }));
  const leaving = named.map((one) => ({ ...one, role: 'outside' as const }));
  const guess = (
    about: Supposition['about'],
    local: readonly Range[],
    of: readonly NetworkInterface[],
    besides: readonly Range[] = [],
  ) =>
    guesses(mentions).map((more): Supposition => ({
      about,
      device: { interfaces: of, localAddresses: [], forwarding, ...linksOf(facts), supposed: { local, ...more } },
      packets: apartFrom([...besides, ...(about === 'through' ? [...LOOPBACK, ...STAND_INS] : [])]),
    }));
  const { targets } = mentions;
  const apart = targets.length > MOST_APART ? [targets] : targets.map((one) => [one]);
  return [
    // What is translated to another host goes on to it; the same address may be the device's own, too.
    ...(forwarding ? apart.flatMap((others) => guess('host', without(EVERYWHERE, others), leaving, others)) : []),
    ...guess('host', EVERYWHERE, staying),
    ...guess('through', [], leaving),
    ...(targets.length > 0 ? guess('through', targets, leaving, targets) : []),
  ];
}

const apartFrom = (destinations: readonly Range[]): PacketSet =>
  destinations.length === 0 ? PacketMap.ALL : PacketMap.ALL.apartFrom(PacketMap.set({ destination: destinations }));

/** For each packet a lookup of its source, or of its destination, gives one answer: both are tried where rules ask. */
function guesses({ sourceTypes, returns, here }: Mentions): readonly Omit<Supposed, 'local'>[] {
  const own = sourceTypes ? [false, true] : [false];
  const back = returns ? [true, false] : [true];
  const ways = own.flatMap((sourceIsOwn) => back.map((comesBack) => ({ sourceIsOwn, returns: comesBack })));
  return here === true ? ways.flatMap((way) => [true, false].map((isHere) => ({ ...way, here: isHere }))) : ways;
}

/** Where no rule tells the device's addresses apart, one stands for all of them. */
function standIns({ destinations, targets }: Mentions): NetworkInterface['addresses'] {
  const told = without(joined([...destinations, ...targets]), NEVER_AN_INTERFACES);
  return standInAddresses.filter(({ address }) => !told.some((one) => overlap(one, FAMILY_RANGE[familyOf(address)])));
}
