// Returns the rows of a server's exposure to the internet, and compares them with a truth by hand.

import { limitView, printReachability } from '../../lib/reachability/print-reachability';
import { Device } from '../../lib/net/device';
import { PacketMap } from '../../lib/net/packet-map';
import { EvaluatedConfig } from '../../lib/parse/config-parser';
import { host, net, port } from '../devices';

/** A server's addresses, at its one interface. */
export const OWN = ['198.51.100.50', '2001:db8:0:1::50'] as const;
export const SERVER = host(port('eth0', 'outside', [`${OWN[0]}/24`, `${OWN[1]}/64`]));

/** The dispositions of packets from the internet to that server, row by row. */
export function rowsTo(
  { reachability }: Pick<EvaluatedConfig, 'reachability'>,
  device: Device = SERVER,
): readonly string[] {
  const toIt = PacketMap.createSet({ destination: OWN.map(net) });
  const views = reachability.views.filter(
    ({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === 'eth0',
  );
  return printReachability({ views: views.map((view) => limitView(view, toIt)) }, device)
    .split('\n')
    .flatMap((line) => (line.startsWith('  ') ? [line.trim()] : []));
}

/** The same without where a device sends a packet, which other tests compare, and of a truth by hand. */
export const verdictRows = (rows: readonly string[]): readonly string[] =>
  rows.filter((row) => !/ is UNKNOWN \(/.test(row)).sort();
export const truthRows = (truth: string): readonly string[] =>
  truth
    .trim()
    .split('\n')
    .map((row) => row.trim())
    .sort();
