import { Counterexample } from './find-counterexamples';
import { ReachabilityRow, toPacketSet, toRows } from '../reachability/reachability-rows';
import { CLIENT_PORT } from '../reachability/client-packet';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { EvaluatedConfig } from '../parse/config-parser';

/** How a platform tells who wrote a line of a text. */
export interface LineOwners {
  whose(line: number): 'ours' | 'others' | 'nobody';
}

/** So many packets of one difference are walked. */
const MAX_WALKED_PACKETS = 256;

/**
 * The packets of a difference for which a line of somebody else's decides, as walking the rules for some of each row of them shows. `defaults`:
 * whether what no line lets in is others' to let in, as it is where we write no rules of our own.
 */
export function findUnmanagedDecisions(
  { kind, vantage: startLocation, phase, packets }: Counterexample,
  evaluated: EvaluatedConfig,
  lineOwners: LineOwners,
  defaults: 'others' | 'nobody',
): PacketSet {
  const isUnmanagedLine = (line: number | undefined): boolean =>
    line === undefined
      ? defaults === 'others'
      : [...(defaults === 'others' ? ['nobody'] : []), 'others'].includes(lineOwners.whose(line));
  const rows = toRows(packets);
  const packetsPerRow = Math.max(1, Math.floor(MAX_WALKED_PACKETS / Math.max(1, rows.length)));
  const isUnmanagedPacket = (packet: Packet): boolean => {
    const { verdict, because: reason, settledBy, lines } = evaluated.explain(startLocation, packet, phase);
    if (verdict === 'denied') return isUnmanagedLine(settledBy.at(-1)?.line);
    const namedLines =
      kind === 'undecided' ? [...reason.matchAll(/\bline (\d+)\b/g)].map(([, line]) => Number(line)) : [];
    return (namedLines.length > 0 ? namedLines : lines.map(({ number }) => number)).some((line) =>
      isUnmanagedLine(line),
    );
  };
  return PacketMap.mergeFirst(
    rows.filter((row) => pickPackets(row, packetsPerRow).every(isUnmanagedPacket)).map(toPacketSet),
  );
}

/** Its corners and its middle, at least one: where lines of two part a row they mostly do so at one of its ends. */
function pickPackets(
  { destinations, sources, protocols, ports, sourcePorts }: ReachabilityRow<unknown>,
  maxPackets: number,
): readonly Packet[] {
  const samples: Packet[] = [];
  const hasClientPort = sourcePorts.some(({ first, last }) => first <= CLIENT_PORT && CLIENT_PORT <= last);
  for (const source of listSampleValues(sources)) {
    for (const destination of listSampleValues(destinations)) {
      for (const port of listSampleValues(ports)) {
        for (const protocol of listSampleValues(protocols)) {
          if (samples.length === maxPackets) return samples;
          const fields = {
            source,
            destination,
            protocol,
            port,
            sourcePort: hasClientPort ? CLIENT_PORT : sourcePorts[0]!.first,
          };
          samples.push(fields as Packet);
        }
      }
    }
  }
  return samples;
}

/** First and last of each range, the outermost first, and what is in the middle of one. */
function listSampleValues<N extends bigint | number>(
  ranges: readonly { readonly first: N; readonly last: N }[],
): readonly N[] {
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
