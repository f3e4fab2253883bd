// Prints packets, and the explanation of one packet, for messages of the verifier.

import { printRow } from '../reachability/print-reachability';
import { toRows } from '../reachability/reachability-rows';
import { limitList } from '../reachability/print-packets';
import { PacketSet } from '../net/packet-map';
import { PacketExplanation } from '../parse/config-parser';

const MAX_SHOWN_ROWS = 5;

/** Prints packets as rows, of which only the first few are shown. */
export const printPackets = (packets: PacketSet): string =>
  limitList(toRows(packets).map(printRow), MAX_SHOWN_ROWS).join('; ');

/** Prints the reason and the lines that decide, and why some clients may be kept out. */
export const printExplanation = ({ reason, lines, except }: PacketExplanation): string =>
  `${reason}${lines.map(({ number, text }) => `, line ${number}: ${text.trim()}`).join('')}${except === undefined ? '' : `, but ${except}`}`;
