import { Witness } from '../agent-protocol/release';
import { View } from '../reachability/exposure';
import { familyOf, parseAddress } from '../net/address';
import { sameEntry } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { Reading } from '../parse/reader';

/** First packets of a witness, from whatever port. Undefined: no packet has both of its addresses. */
export function packetsOf({ from, to, protocol, port }: Witness): PacketSet | undefined {
  const [source, destination] = [parseAddress(from), parseAddress(to)];
  if (source === undefined || destination === undefined || familyOf(source) !== familyOf(destination)) return undefined;
  return PacketMap.set({
    source: [point(source)],
    destination: [point(destination)],
    protocol: [point(PROTOCOL[protocol])],
    port: [point(port)],
  });
}

/** Where it enters, whichever way out the device takes. */
export const viewsOf = ({ exposure }: Reading, { arrives }: Witness): readonly View[] =>
  exposure.views.filter(({ vantage }) => sameEntry(vantage, { kind: 'interface', name: arrives }));
