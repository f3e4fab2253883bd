// Finds the packets of a counterexample about which unmanaged rules decide, by the owner of each deciding line.

import { Counterexample } from './find-counterexamples';
import { ReachabilityRow, toPacketSet, toRows } from '../reachability/reachability-rows';
import { CLIENT_PORT } from '../reachability/client-packet';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { EvaluatedConfig } from '../parse/config-parser';

/** Tells the owner of each line of a text, for one platform. */
export interface LineOwners {
  whose(line: number): 'ours' | 'others' | 'nobody';
}

/** The most packets of one counterexample that are traced. */
const MAX_WALKED_PACKETS = 256;

/**
 * Returns the packets of a counterexample that a line of unmanaged config decides. It explains some packets of each row
 * to find out. `defaults`: `others` if packets that no line allows belong to unmanaged config, as they do where we
 * write no rules of our own.
 */
export function findUnmanagedDecisions(
  { kind, startLocation, phase, packets }: Counterexample,
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
    const { disposition, reason, except, decisionSources, lines } = evaluated.explain(startLocation, packet, phase);
    if (disposition === 'denied') return isUnmanagedLine(decisionSources.at(-1)?.line);
    const namedLines =
      kind === 'undecided' ? [...(except ?? reason).matchAll(/\bline (\d+)\b/g)].map(([, line]) => Number(line)) : [];
    return (namedLines.length > 0 ? namedLines : lines.map(({ number }) => number)).some((line) =>
      isUnmanagedLine(line),
    );
  };
  return PacketMap.mergeFirst(
    rows.filter((row) => pickPackets(row, packetsPerRow).every(isUnmanagedPacket)).map(toPacketSet),
  );
}

/**
 * Returns the corners and the middle of a row, at least one packet. If lines of two owners divide a row, they mostly do
 * so at one of its ends.
 */
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

/** Returns the first and last value of each range, the outermost first, then the middle of each. */
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
