import { printRow } from '../reachability/print';
import { rowsOf } from '../reachability/rows';
import { limited } from '../reachability/words';
import { PacketSet } from '../net/packet-map';
import { Explanation } from '../parse/reader';

const MOST_SHOWN = 5;

/** Packets in words: as rows, of which the first few are told. */
export const packetsSaid = (packets: PacketSet): string =>
  limited(rowsOf(packets).map(printRow), MOST_SHOWN).join('; ');

/** Why, and by which lines. */
export const explainedSaid = ({ because, lines }: Explanation): string =>
  `${because}${lines.map(({ number, text }) => `, line ${number}: ${text.trim()}`).join('')}`;
