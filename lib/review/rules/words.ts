import { Row, rowsOf } from '../../reachability/rows';
import { serviceWords } from '../../reachability/listing';
import { printAddresses } from '../../reachability/words';
import { FAMILY_RANGE, pairsApart } from '../../net/address';
import { PacketMap } from '../../net/packet-map';
import { Range, covers } from '../../net/range';

/** So many ranges of addresses are read; the others are counted. */
const MOST_SHOWN = 20;

const everywhere = ({ family }: Row<unknown>, ranges: readonly Range[]): boolean =>
  ranges.some((range) => covers(range, FAMILY_RANGE[family]));

function addressesOf(row: Row<unknown>, ranges: readonly Range[], anywhere: string): string {
  // A hole in everywhere is shorter than what is around it.
  const text = printAddresses(ranges, row.family, anywhere, pairsApart);
  if (ranges.length <= MOST_SHOWN || text.length <= 400) return text;
  return `${printAddresses(ranges.slice(0, MOST_SHOWN), row.family, anywhere, pairsApart)} and ${ranges.length - MOST_SHOWN} more`;
}

const anyOf = ({ family }: Row<unknown>): string => (family === 'ip' ? 'any IPv4 address' : 'any IPv6 address');

export const destinationsOf = (row: Row<unknown>): string => addressesOf(row, row.destinations, anyOf(row));
export const sourcesOf = (row: Row<unknown>): string => addressesOf(row, row.sources, 'anywhere');
export const isFromAnywhere = (row: Row<unknown>): boolean => everywhere(row, row.sources);

/** `tcp 443 on 203.0.113.10 from anywhere`; what both families have alike is said once. */
export function inWords(packets: PacketMap<unknown>): readonly string[] {
  const rows = rowsOf(packets);
  const said = rows.map((row) => {
    const wide = everywhere(row, row.destinations) && everywhere(row, row.sources);
    return wide && rows.some((other) => other.family !== row.family && twin(row, other))
      ? `${serviceWords(row)} on any address from anywhere`
      : `${serviceWords(row)} on ${destinationsOf(row)} from ${sourcesOf(row)}`;
  });
  return [...new Set(said)];
}

const twin = (a: Row<unknown>, b: Row<unknown>): boolean =>
  everywhere(b, b.destinations) && everywhere(b, b.sources) && serviceWords(a) === serviceWords(b);
