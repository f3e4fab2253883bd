import { Address, FAMILY_RANGE, familyOf } from '../../net/address';
import { PROTOCOLS_WITH_PORTS, Packet } from '../../net/packet';
import { Range, contains } from '../../net/range';
import { Context } from '../context';
import { Surroundings } from '../surroundings';
import { NOT_THE_FIRST, OTHER_FAMILY } from '../egress';
import { Ending } from './chain';
import { End, Target, Tuple } from '../model';

type Full = Required<Packet>;
export type Result =
  /** `unclear`: rewritten to something that can't be named, of destinations one `among` some. `portFree`: the source port may be another. */
  | {
      readonly is: 'packet';
      readonly packet: Full;
      readonly unclear: boolean;
      readonly portFree: boolean;
      readonly among?: readonly Range[];
    }
  | { readonly is: 'drop' }
  | { readonly is: 'unknown'; readonly because: string };

const unknown = (because: string): Result => ({ is: 'unknown', because });

/** What one rule of a nat chain makes of a packet. */
export function translated(
  ending: Ending,
  packet: Full,
  hook: string,
  { iif, oif }: Context,
  surroundings: Surroundings,
): Result {
  if (ending.is === 'drop') return { is: 'drop' };
  const { end, entry } = ending;
  if (ending.is !== 'translate' || !end) return unknown(ending.because);
  const isSource = hook === 'postrouting' || hook === 'input';
  if (end.is === 'masquerade') {
    if (!isSource) return unknown('a masquerade of a destination');
    const addresses = oif ? surroundings.addressesOf(oif, familyOf(packet.destination)) : [];
    return addresses.length === 1
      ? { is: 'packet', packet: { ...packet, source: addresses[0]! }, unclear: false, portFree: end.random }
      : { is: 'packet', packet, unclear: true, portFree: end.random };
  }
  if (end.is === 'redirect') {
    const port = hasPorts(packet) ? (end.port ?? packet.port) : packet.port;
    if (isSource) return unknown('a redirect of a source');
    const to =
      hook === 'output' ? loopback(packet) : surroundings.redirectedTo(iif ?? '', familyOf(packet.destination));
    if (to === undefined) return unknown(NOT_THE_FIRST);
    return { is: 'packet', packet: { ...packet, destination: to, port }, unclear: false, portFree: false };
  }
  const line = `line ${ending.rule?.line ?? 0}`;
  if (end.is === 'one of') return toOneOf(end, packet);
  if (end.is === 'translate') return toTarget(end, end.to, packet, line, undefined);
  if (end.is === 'look up' && entry !== undefined)
    return toTarget(end, end.entries[entry]!.to, packet, line, keyRange(end.entries[entry]!, packet, end.kind));
  return unknown(`${line}: not a translation`);
}

const loopback = ({ destination }: Full): Address =>
  (familyOf(destination) === 'ip' ? 0x7f000001n : FAMILY_RANGE.ip6.first + 1n) as Address;

/** The part of a map's key that the rewritten address lies in. */
function keyRange({ values }: Tuple, packet: Full, kind: 'dnat' | 'snat'): Range | undefined {
  for (const value of values)
    if (value.is === 'addresses' && contains(value.range, kind === 'dnat' ? packet.destination : packet.source))
      return value.range;
  return undefined;
}

function toTarget(
  { kind, random }: { readonly kind: 'dnat' | 'snat'; readonly random: boolean },
  { addresses, ports, prefix }: Target,
  packet: Full,
  line: string,
  key: Range | undefined,
): Result {
  const from = kind === 'dnat' ? packet.destination : packet.source;
  let to: bigint = from;
  let unclear = false;
  if (addresses) {
    const size = addresses.last - addresses.first + 1n;
    if (size === 1n) to = addresses.first;
    else if (!prefix) {
      if (kind === 'dnat') return unknown(`${line}: dnat to several addresses picks one`);
      unclear = true;
    } else
      to =
        addresses.first +
        (key && key.last - key.first + 1n === size
          ? from - key.first
          : (from - FAMILY_RANGE[familyOf(from)].first) % size);
  }
  if (familyOf(to as Address) !== familyOf(from)) return unknown(OTHER_FAMILY);
  if (kind === 'snat') {
    const only = ports && ports.first === ports.last && hasPorts(packet) ? ports.first : packet.sourcePort;
    const portFree = (random || ports !== undefined || unclear) && hasPorts(packet);
    return {
      is: 'packet',
      packet: { ...packet, source: (unclear ? from : to) as Address, sourcePort: only },
      unclear,
      portFree,
    };
  }
  if (ports && ports.first !== ports.last) return unknown(`${line}: dnat to several ports picks one`);
  const port = hasPorts(packet) ? (ports?.first ?? packet.port) : packet.port;
  return { is: 'packet', packet: { ...packet, destination: to as Address, port }, unclear: false, portFree: false };
}

function toOneOf({ kind, among, port, because }: End & { is: 'one of' }, packet: Full): Result {
  if (kind === 'snat') return { is: 'packet', packet, unclear: true, portFree: true };
  if (!among) return unknown(because);
  return {
    is: 'packet',
    packet: { ...packet, port: hasPorts(packet) ? (port ?? packet.port) : packet.port },
    unclear: true,
    portFree: false,
    among,
  };
}

const hasPorts = ({ protocol }: Full): boolean => PROTOCOLS_WITH_PORTS.includes(protocol);
