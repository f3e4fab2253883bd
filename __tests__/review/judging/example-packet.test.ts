// Tests the example packet that a review shows for a change: its addresses are ones that a host can send from and to.

import { ReachabilityRow, toRows } from '../../../lib/reachability/reachability-rows';
import { parsePrefix, toRange, printAddress } from '../../../lib/net/address';
import { PacketMap } from '../../../lib/net/packet-map';
import { pickExamplePacket } from '../../../lib/review/judging/example-packet';

// The example packet of a change is one that a host can send.

const rangesOf = (...texts: readonly string[]) => texts.map((text) => toRange(parsePrefix(text)!));

function shown(sources: readonly string[], destinations: readonly string[]): string {
  const packets = PacketMap.createSet({
    source: rangesOf(...sources),
    destination: rangesOf(...destinations),
    protocol: [{ first: 6, last: 6 }],
  });
  const [row] = toRows(packets) as readonly ReachabilityRow<unknown>[];
  const { source, destination } = pickExamplePacket(row!, packets);
  return `${printAddress(source)} to ${printAddress(destination)}`;
}

test.each([
  [['10.0.0.0/24'], ['0.0.0.0/1'], '10.0.0.1 to 1.0.0.1'],
  [['0.0.0.0/1'], ['10.0.0.10'], '1.0.0.1 to 10.0.0.10'],
  [['10.0.0.0/32', '10.0.0.2/31'], ['203.0.113.10'], '10.0.0.2 to 203.0.113.10'],
  [['10.0.0.10'], ['224.0.0.0/3', '127.0.0.0/8', '128.0.0.0/2'], '10.0.0.10 to 128.0.0.1'],
  [['2001:db8:1::10'], ['::/3'], '2001:db8:1::10 to ::2'],
  // If no usual host can send a changed packet, any packet of the change is shown.
  [['2001:db8:1::10'], ['::1'], '2001:db8:1::10 to ::1'],
  [['0.0.0.0'], ['255.255.255.255'], '0.0.0.0 to 255.255.255.255'],
] as const)('from %j to %j', (sources, destinations, expected) => {
  expect(shown(sources, destinations)).toBe(expected);
});
