// Returns what a probe in the network namespaces is to the evaluator (packet, start location, phase), whether a packet
// seen there is that probe, and where a packet arrived, as text.

import { Address, parseAddress, printAddress } from '../../../lib/net/address';
import { StartLocation } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { Place, Probe, Seen } from './namespaces';

/** The addresses of the gateway in the namespaces. */
const OWN = ['198.51.100.2', '10.0.0.1', '203.0.113.10', '2001:db8:1::2', '2001:db8:2::1'];

/** The place of that address, as the namespaces route. */
export function placeOf(address: Address): Place {
  const text = printAddress(address);
  if (OWN.includes(text) || text.startsWith('127.') || text === '::1') return 'gw';
  return text.startsWith('10.0.0.') || text.startsWith('2001:db8:2:') ? 'in' : 'out';
}

const FROM: Readonly<Record<Exclude<Place, 'gw'>, StartLocation>> = {
  out: { kind: 'interface', name: 'wan0' },
  in: { kind: 'interface', name: 'br0' },
};

/** The start location at which the gateway sees a probe. */
export const vantageOf = ({ place, to }: Probe): StartLocation =>
  place === 'gw' ? { kind: OWN.includes(to) ? 'localhost' : 'self' } : FROM[place];

export const packetOf = ({ from, to, protocol, port, sourcePort }: Probe): Packet => ({
  source: parseAddress(from)!,
  destination: parseAddress(to)!,
  protocol,
  port,
  sourcePort: protocol === 1 ? 0 : sourcePort,
});

/** The phase of a probe to a gateway that has seen no other packet of it. */
export const phaseOf = ({ protocol, port, flags }: Probe): 'first' | 'stray' =>
  flags !== undefined || (protocol === 1 && port !== 8) ? 'stray' : 'first';

/** Whether the seen packet is that probe. */
export const isOf = ({ protocol, port, sourcePort, size }: Probe, seen: Seen): boolean =>
  seen.protocol === protocol &&
  (protocol === 1 ? seen.mark === size + 28 && seen.port === port : seen.mark === sourcePort);

/** The packet that a sender's own namespace sees of it, unless it is to come back there. */
export const isOnItsWay = ({ place, from, to }: Probe, seen: Seen): boolean =>
  seen.place === place &&
  place !== 'gw' &&
  seen.source === from &&
  seen.destination === to &&
  placeOf(parseAddress(to)!) !== place;

/** `in: 198.51.100.7 > 10.0.0.10:80`. */
export const shownAs = ({ place, source, destination, port }: Seen): string =>
  `${place}: ${source} > ${destination}:${port}`;

export const leavesFor = ({ source, destination, port }: Packet): string =>
  `${placeOf(destination)}: ${printAddress(source)} > ${printAddress(destination)}:${port}`;
