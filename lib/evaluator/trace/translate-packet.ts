// Translates one packet by the rule that ends a nat chain: returns the packet with new addresses and ports, a drop, or
// unknown with the reason.
import { Address, FAMILY_RANGE, getFamily } from '../../net/address';
import { PROTOCOLS_WITH_PORTS, Packet } from '../../net/packet';
import { Range, contains } from '../../net/range';
import { PacketContext } from '../packet-context';
import { RoutingTable } from '../routing-table';
import { REDIRECT_REASON, FAMILY_REASON } from '../pass-outcomes';
import { ChainEnding } from './chain-walk';
import { RuleAction, TranslationTarget, Tuple } from '../ruleset-model';

type FullPacket = Required<Packet>;
export type TranslationResult =
  /**
   * `unclear`: the new address isn't known. A new destination is one of `pool`.
   * `hasFreeSourcePort`: the source port may be another.
   */
  | {
      readonly is: 'packet';
      readonly packet: FullPacket;
      readonly unclear: boolean;
      readonly hasFreeSourcePort: boolean;
      readonly pool?: readonly Range[];
    }
  | { readonly is: 'drop' }
  | { readonly is: 'unknown'; readonly reason: string };

const createUnknown = (reason: string): TranslationResult => ({ is: 'unknown', reason });

/** Returns the translation of a packet by one rule of a nat chain. */
export function translatePacket(
  ending: ChainEnding,
  packet: FullPacket,
  hook: string,
  { iif, oif }: PacketContext,
  routing: RoutingTable,
): TranslationResult {
  if (ending.is === 'drop') return { is: 'drop' };
  const { action, entry } = ending;
  if (ending.is !== 'translate' || !action) return createUnknown(ending.reason);
  const isSource = hook === 'postrouting' || hook === 'input';
  if (action.is === 'masquerade') {
    if (!isSource) return createUnknown('a masquerade of a destination');
    const addresses = oif ? routing.listAddresses(oif, getFamily(packet.destination)) : [];
    return addresses.length === 1
      ? { is: 'packet', packet: { ...packet, source: addresses[0]! }, unclear: false, hasFreeSourcePort: action.random }
      : { is: 'packet', packet, unclear: true, hasFreeSourcePort: action.random };
  }
  if (action.is === 'redirect') {
    const port = hasPorts(packet) ? (action.port ?? packet.port) : packet.port;
    if (isSource) return createUnknown('a redirect of a source');
    const redirectTarget =
      hook === 'output' ? getLoopback(packet) : routing.findRedirectTarget(iif ?? '', getFamily(packet.destination));
    if (redirectTarget === undefined) return createUnknown(REDIRECT_REASON);
    return {
      is: 'packet',
      packet: { ...packet, destination: redirectTarget, port },
      unclear: false,
      hasFreeSourcePort: false,
    };
  }
  const line = `line ${ending.rule?.line ?? 0}`;
  if (action.is === 'one of') return applyPool(action, packet);
  if (action.is === 'translate') return applyTarget(action, action.to, packet, line, undefined);
  if (action.is === 'look up' && entry !== undefined)
    return applyTarget(
      action,
      action.entries[entry]!.to,
      packet,
      line,
      findKeyRange(action.entries[entry]!, packet, action.kind),
    );
  return createUnknown(`${line}: not a translation`);
}

const getLoopback = ({ destination }: FullPacket): Address =>
  (getFamily(destination) === 'ip' ? 0x7f000001n : FAMILY_RANGE.ip6.first + 1n) as Address;

/** Returns the part of a map's key that contains the address to rewrite. */
function findKeyRange({ values }: Tuple, packet: FullPacket, kind: 'dnat' | 'snat'): Range | undefined {
  for (const value of values)
    if (value.is === 'addresses' && contains(value.range, kind === 'dnat' ? packet.destination : packet.source))
      return value.range;
  return undefined;
}

function applyTarget(
  { kind, random }: { readonly kind: 'dnat' | 'snat'; readonly random: boolean },
  { addresses, ports, prefix }: TranslationTarget,
  packet: FullPacket,
  line: string,
  key: Range | undefined,
): TranslationResult {
  const from = kind === 'dnat' ? packet.destination : packet.source;
  let to: bigint = from;
  let unclear = false;
  if (addresses) {
    const size = addresses.last - addresses.first + 1n;
    if (size === 1n) to = addresses.first;
    else if (!prefix) {
      if (kind === 'dnat') return createUnknown(`${line}: dnat to several addresses picks one`);
      unclear = true;
    } else
      to =
        addresses.first +
        (key && key.last - key.first + 1n === size
          ? from - key.first
          : (from - FAMILY_RANGE[getFamily(from)].first) % size);
  }
  if (getFamily(to as Address) !== getFamily(from)) return createUnknown(FAMILY_REASON);
  if (kind === 'snat') {
    const sourcePort = ports && ports.first === ports.last && hasPorts(packet) ? ports.first : packet.sourcePort;
    const hasFreeSourcePort = (random || ports !== undefined || unclear) && hasPorts(packet);
    return {
      is: 'packet',
      packet: { ...packet, source: (unclear ? from : to) as Address, sourcePort },
      unclear,
      hasFreeSourcePort,
    };
  }
  if (ports && ports.first !== ports.last) return createUnknown(`${line}: dnat to several ports picks one`);
  const port = hasPorts(packet) ? (ports?.first ?? packet.port) : packet.port;
  return {
    is: 'packet',
    packet: { ...packet, destination: to as Address, port },
    unclear: false,
    hasFreeSourcePort: false,
  };
}

function applyPool({ kind, pool, port, reason }: RuleAction & { is: 'one of' }, packet: FullPacket): TranslationResult {
  if (kind === 'snat') return { is: 'packet', packet, unclear: true, hasFreeSourcePort: true };
  if (!pool) return createUnknown(reason);
  return {
    is: 'packet',
    packet: { ...packet, port: hasPorts(packet) ? (port ?? packet.port) : packet.port },
    unclear: true,
    hasFreeSourcePort: false,
    pool,
  };
}

const hasPorts = ({ protocol }: FullPacket): boolean => PROTOCOLS_WITH_PORTS.includes(protocol);
