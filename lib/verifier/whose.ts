import { Difference } from './compare';
import { Row, packetsOf, rowsOf } from '../reachability/rows';
import { CLIENT_PORT } from '../reachability/client';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Reading } from '../parse/reader';

/** How a platform tells who wrote a line of a text. */
export interface Lines {
  whose(line: number): 'ours' | 'others' | 'nobody';
}

/** So many packets of one difference are walked. */
const MOST_WALKS = 256;

/**
 * The packets of a difference for which a line of somebody else's decides, as walking the rules for some of each row of them shows. `defaults`:
 * whether what no line lets in is others' to let in, as it is where we write no rules of our own.
 */
export function decidedByOthers(
  { kind, vantage, phase, packets }: Difference,
  reading: Reading,
  places: Lines,
  defaults: 'others' | 'nobody',
): PacketSet {
  const isOthers = (line: number | undefined): boolean =>
    line === undefined
      ? defaults === 'others'
      : [...(defaults === 'others' ? ['nobody'] : []), 'others'].includes(places.whose(line));
  const rows = rowsOf(packets);
  const each = Math.max(1, Math.floor(MOST_WALKS / Math.max(1, rows.length)));
  const isTheirs = (packet: Packet): boolean => {
    const { verdict, because, settledBy, lines } = reading.explain(vantage, packet, phase);
    if (verdict === 'denied') return isOthers(settledBy.at(-1)?.line);
    const named = kind === 'undecided' ? [...because.matchAll(/\bline (\d+)\b/g)].map(([, line]) => Number(line)) : [];
    return (named.length > 0 ? named : lines.map(({ number }) => number)).some((line) => isOthers(line));
  };
  return PacketMap.first(rows.filter((row) => some(row, each).every(isTheirs)).map(packetsOf));
}

/** Its corners and its middle, at least one: where lines of two part a row they mostly do so at one of its ends. */
function some({ destinations, sources, protocols, ports, sourcePorts }: Row<unknown>, most: number): readonly Packet[] {
  const found: Packet[] = [];
  const usual = sourcePorts.some(({ first, last }) => first <= CLIENT_PORT && CLIENT_PORT <= last);
  for (const source of ends(sources)) {
    for (const destination of ends(destinations)) {
      for (const port of ends(ports)) {
        for (const protocol of ends(protocols)) {
          if (found.length === most) return found;
          const fields = {
            source,
            destination,
            protocol,
            port,
            sourcePort: usual ? CLIENT_PORT : sourcePorts[0]!.first,
          };
          found.push(fields as Packet);
        }
      }
    }
  }
  return found;
}

/** First and last of each range, the outermost first, and what is in the middle of one. */
function ends<N extends bigint | number>(ranges: readonly { readonly first: N; readonly last: N }[]): readonly N[] {
  const middle = ranges.flatMap(({ first, last }) =>
    typeof first === 'bigint'
      ? [((first + (last as bigint)) / 2n) as N]
      : [Math.floor(((first as number) + (last as number)) / 2) as N],
  );
  return [
    ...new Set([
      ranges[0]!.first,
      ranges.at(-1)!.last,
      ...ranges.flatMap(({ first, last }) => [first, last]),
      ...middle,
    ]),
  ];
}
