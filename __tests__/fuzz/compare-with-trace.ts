// Parses and evaluates a fuzzed text, and compares the reachability with the trace of random packets.

import { parseAddress, printAddress } from '../../lib/net/address';
import { Device, toLocationKey } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { ConfigParser } from '../../lib/parse/config-parser';
import { Random } from './random';
import { wrongEnd } from './judge-ending';

/** Packets that a device may see: its own addresses, its neighbours, and addresses in the text. */
function packetsFor(
  text: string,
  { interfaces, localAddresses }: Device,
  random: Random,
  count: number,
): readonly Packet[] {
  const named = (text.match(/\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+/g) ?? []).flatMap(
    (one) => parseAddress(one) ?? [],
  );
  const own = [...localAddresses, ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address))];
  const all = [
    ...own,
    ...own,
    ...named.slice(0, 100),
    parseAddress('192.0.2.5')!,
    parseAddress('2001:db8:9::1')!,
    parseAddress('127.0.0.1')!,
  ];
  const ports = [
    4,
    22,
    80,
    443,
    1020,
    8080,
    ...(text.match(/\b\d{2,5}\b/g) ?? []).map(Number).filter((port) => port < 65_536),
  ].slice(0, 60);
  return random.several(count, () => {
    const destination = random.oneOf(all);
    const alike = all.filter((one) => one > 0xffff_ffffn === destination > 0xffff_ffffn);
    const protocol = random.oneOf([6, 6, 17, 1, 58, 47]);
    const hasPorts = protocol === 6 || protocol === 17;
    return {
      source: random.oneOf(alike),
      destination,
      protocol,
      port: hasPorts ? random.oneOf(ports) : protocol === 47 ? 0 : random.oneOf([8, 0, 135, 128]),
      sourcePort: hasPorts ? random.oneOf([4, 1020, 40_000]) : 0,
    };
  });
}

/** Undefined if the evaluator and the trace agree about all packets that are tried. */
function disagreement(reader: ConfigParser, text: string, device: Device, random: Random): string | undefined {
  const { reachability, explain } = reader.read(text, device);
  for (const { startLocation, dispositions } of reachability.views) {
    for (const packet of packetsFor(text, device, random, 6)) {
      const walked = explain(startLocation, packet);
      const verdict = dispositions.findValue(packet);
      // The evaluator may know less than the trace, which sees one packet: then it says unknown.
      if (verdict?.is === 'unknown') continue;
      if (walked.reason === 'a translation may match or not') continue;
      if ((verdict?.is ?? 'denied') !== walked.disposition)
        return `${toLocationKey(startLocation)} ${printAddress(packet.source)}:${packet.sourcePort} > ${printAddress(packet.destination)}:${packet.port} protocol ${packet.protocol}: the sets say ${verdict?.is ?? 'denied'} (${verdict && 'reason' in verdict ? verdict.reason : ''}), the walk ${walked.disposition} (${walked.reason})`;
    }
  }
  return undefined;
}

/** The fault in the evaluation or refusal of a text. */
export function tried(reader: ConfigParser, text: string, device: Device, random: Random): string | undefined {
  try {
    return disagreement(reader, text, device, random);
  } catch (error) {
    return wrongEnd(error);
  }
}
