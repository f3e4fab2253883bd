import {
  Address,
  FAMILIES,
  FAMILY_RANGE,
  Family,
  Prefix,
  familyOf,
  hostPrefix,
  networkOf,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  prefixRange,
  printAddress,
  printPrefix,
  rangeOf,
} from '../net/address';
import { Range, covers, joined, overlap, point } from '../net/range';
import { Problem } from '../problems/problem';
import { Place, textOf } from './fields';
import * as say from './problems/address';

/** Who is never at the other end of a connection, and why not. */
export const UNUSABLE: readonly (readonly [kind: string, range: Range])[] = [
  ['the broadcast address', rangeOf('255.255.255.255')],
  ['"this network"', rangeOf('0.0.0.0/8')],
  ['loopback', rangeOf('127.0.0.0/8')],
  ['multicast', rangeOf('224.0.0.0/4')],
  ['reserved', rangeOf('240.0.0.0/4')],
  ['loopback', rangeOf('::1')],
  ['unspecified', rangeOf('::')],
  ['multicast', rangeOf('ff00::/8')],
];

export const LINK_LOCAL: readonly Range[] = [rangeOf('169.254.0.0/16'), rangeOf('fe80::/10')];

const unusableKind = (wanted: Range): string | undefined => UNUSABLE.find(([, kind]) => covers(kind, wanted))?.[0];

/** An address or a prefix without host bits, that hosts can have. Not everything. */
export function prefixOf(value: unknown, place: Place, everything: string): Prefix | undefined {
  const text = textOf(value, place, 'An address or a prefix, as text');
  return text === undefined ? undefined : prefixOfText(text, place, everything);
}

export function prefixOfText(text: string, place: Place, everything: string): Prefix | undefined {
  const prefix = parsePrefix(text);
  if (!prefix) {
    const loose = parseInterfaceAddress(text);
    if (loose)
      return place.add(isSlip(loose) ? slip(place.where, text, loose.address) : hostBits(place.where, text, loose));
    return place.add(say.badAddress(place.where, text, 'an address or a prefix'));
  }
  if (prefix.length === 0) return place.add(say.everything(place.where, text, everything));
  const kind = unusableKind(prefixRange(prefix));
  return kind === undefined ? prefix : place.add(say.unusable(place.where, text, kind));
}

/** The address of one host. */
export function addressOf(value: unknown, place: Place): Address | undefined {
  const text = textOf(value, place, 'An address, as text');
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  if (address === undefined) return place.add(say.badAddress(place.where, text, 'an address'));
  const kind = unusableKind(point(address));
  return kind === undefined ? address : place.add(say.unusable(place.where, text, kind));
}

/** An address of an interface; its length must be written unless `bare` lets it out. */
export function interfaceAddressOf(
  value: unknown,
  place: Place,
  bare = false,
): { readonly address: Address; readonly length: number } | undefined {
  const text = textOf(value, place, 'An address with its length, as text: 203.0.113.2/28');
  if (text === undefined) return undefined;
  const single = bare ? parseAddress(text) : undefined;
  const parsed =
    single === undefined
      ? parseInterfaceAddress(text)
      : { address: single, length: familyOf(single) === 'ip' ? 32 : 128 };
  if (!parsed) return place.add(say.badAddress(place.where, text, bare ? 'an address' : 'an address with its length'));
  const kind = unusableKind(point(parsed.address));
  if (kind !== undefined) return place.add(say.unusable(place.where, text, kind));
  const edge = edgeOf(parsed.address, networkOf(parsed.address, parsed.length));
  if (edge)
    return place.add(
      say.networkAddress(place.where, text, edge, printPrefix(networkOf(parsed.address, parsed.length))),
    );
  return parsed;
}

/** Whether an address is the network's own or its broadcast address. Networks of one or two addresses have neither. */
export function edgeOf(address: bigint, network: Prefix): 'network' | 'broadcast' | undefined {
  if (familyOf(network.first) !== 'ip' || network.length >= 31) return undefined;
  const { first, last } = prefixRange(network);
  return address === first ? 'network' : address === last ? 'broadcast' : undefined;
}

/** Several prefixes as one set. Together they may not be everything either. */
export function settled(prefixes: readonly Prefix[], place: Place, everything: string): readonly Range[] {
  // Apart by family: the last of IPv4 and the first of IPv6 are neighbours on the number line.
  const of = (family: Family): readonly Range[] =>
    joined(prefixes.filter(({ first }) => familyOf(first) === family).map(prefixRange));
  const ranges = [...of('ip'), ...of('ip6')];
  for (const family of FAMILIES) {
    if (ranges.some((one) => covers(one, FAMILY_RANGE[family]))) {
      place.add(
        say.everything(place.where, family === 'ip' ? 'All of IPv4, in parts,' : 'All of IPv6, in parts,', everything),
      );
    }
  }
  return ranges;
}

export const touches = (ranges: readonly Range[], wanted: Range): boolean =>
  ranges.some((one) => overlap(one, wanted) !== undefined);

type Loose = NonNullable<ReturnType<typeof parseInterfaceAddress>>;

/** Nobody has so many: a digit of the length is missing. Source: IANA gives registries a /8 of IPv4 and a /12 of IPv6 at a time. */
const isSlip = ({ address, length }: Loose): boolean => length < (familyOf(address) === 'ip' ? 8 : 12);

const hostBits = (where: string, text: string, { address, length }: Loose): Problem =>
  say.hostBits(where, text, printPrefix(networkOf(address, length)));

function slip(where: string, text: string, address: Address): Problem {
  const { length: longest } = hostPrefix(address);
  const [first = longest] = Array.from({ length: longest + 1 }, (_, length) => length).filter(
    (length) => networkOf(address, length).first === address,
  );
  return say.lengthSlip(where, text, printAddress(address), first);
}
