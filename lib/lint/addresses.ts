import { printNumbers } from '../reachability/words';
import { FAMILY_RANGE, Family, printRange, rangeOf } from '../net/address';
import { NumberRange } from '../net/device';
import { PacketSet } from '../net/packet-map';
import { isPublic } from '../net/private';
import { Range, contains, firstEnding, joined, overlap, point, sizeOf } from '../net/range';

/** A sixteenth of all addresses or more: nobody lists so many, so it is open to whoever comes. IPv6 hands out an eighth. */
export const isAnybody = (ranges: readonly Range[], family: Family): boolean =>
  sizeOf(joined(ranges.flatMap((range) => overlap(range, FAMILY_RANGE[family]) ?? []))) * 16n >=
  sizeOf([FAMILY_RANGE[family]]);

/** Those that no host has, or none beyond its wire. Source: RFC 1122, RFC 4291. */
const NOBODYS: readonly Range[] = ['127.0.0.0/8', '0.0.0.0/8', '224.0.0.0/3', 'fe80::/10', '::/8', 'ff00::/8'].map(
  rangeOf,
);

/** Whether nobody in the internet can send to it. */
export const isPrivate = (address: bigint): boolean =>
  !isPublic(address) || NOBODYS.some((range) => contains(range, address));

/** The sources of a set that tells no destinations apart. */
export const sourcesOf = (packets: PacketSet, family: Family): readonly Range[] =>
  joined(packets.groups('source').flatMap((group) => (group.family === family ? group.ranges : [])));

export const destinationsOf = (packets: PacketSet, family: Family): readonly Range[] =>
  joined(packets.groups('destination').flatMap((group) => (group.family === family ? group.ranges : [])));

/** Whether some of `inner` lies in `ranges`, which are as `joined` gives them. */
export function touchesAny(ranges: readonly Range[], inner: Range): boolean {
  const found = ranges[firstEnding(ranges, inner.first, ({ last }) => last)];
  return found !== undefined && found.first <= inner.last;
}

/** `a, b, c and 9,997 more`. */
export function some(texts: readonly string[], most = 3): string {
  return someOf([...new Set(texts)], (text) => text, most);
}

/** The same of what differs, of which those alone are put into words that are named. */
function someOf<T>(unique: readonly T[], say: (one: T) => string, most = 3): string {
  if (unique.length <= most + 1) return unique.map(say).join(', ');
  return `${unique.slice(0, most).map(say).join(', ')} and ${unique.length - most} more`;
}

/** `25, 8000-8100 and 3 more`. */
export const printSomePorts = (ranges: readonly NumberRange[], most: number): string =>
  someOf(ranges, (one) => printNumbers([one]), most);

/** Few addresses one by one, as they were written; many as prefixes or ranges. */
export function printSome(ranges: readonly Range[]): string {
  const apart = joined(ranges).flatMap((range) =>
    range.first !== range.last && range.last - range.first < 4n ? each(range) : range,
  );
  return someOf(apart, printRange);
}

const each = ({ first, last }: Range): readonly Range[] =>
  Array.from({ length: Number(last - first) + 1 }, (_, i) => point(first + BigInt(i)));
