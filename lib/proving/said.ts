import { rowsOf } from '../exposure/rows';
import { printAddresses, printDestinations, printService } from '../exposure/words';
import { PacketSet } from '../net/packet-map';
import { Explanation } from '../reading/reader';

const MOST_SHOWN = 5;

/** Packets in words: as rows, of which the first few are told. */
export function packetsSaid(packets: PacketSet): string {
  const rows = rowsOf(packets).map(
    (row) =>
      `${printDestinations(row.destinations, row.family)} ${printService(row.protocols, row.ports, row.sourcePorts)} from ${printAddresses(row.sources, row.family)}`,
  );
  const shown = rows.length > MOST_SHOWN ? [...rows.slice(0, MOST_SHOWN), `and ${rows.length - MOST_SHOWN} more`] : rows;
  return shown.join('; ');
}

/** Why, and by which lines. */
export const explainedSaid = ({ because, lines }: Explanation): string =>
  `${because}${lines.map(({ number, text }) => `, line ${number}: ${text.trim()}`).join('')}`;
