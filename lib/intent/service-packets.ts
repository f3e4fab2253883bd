// Returns the packets of a service by its name or port (`https`, `ping`, `8443/tcp`), for review rules, generated
// tests and `exposure`.

import { toNumberRanges } from '../net/device';
import { PRESETS } from './data/presets';
import { SERVICES } from './data/services';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

/** The protocols with which a port can be written. */
export const PORT_PROTOCOLS = ['tcp', 'udp', 'sctp', 'dccp', 'udplite'] as const;
const PORTLESS_PROTOCOLS = ['gre', 'esp', 'ah'] as const;

const createPortSet = (protocol: number, first: number, last: number): PacketSet =>
  PacketMap.createSet({ protocol: toNumberRanges(protocol), port: [{ first, last }] });

/** Names that are no service of a server: protocols without ports, and the echo requests of both families. */
const OTHER_SERVICES: ReadonlyMap<string, PacketSet> = new Map<string, PacketSet>([
  [
    'ping',
    PacketMap.mergeFirst([
      PacketMap.createSet({ family: 'ip', protocol: toNumberRanges(PROTOCOL.icmp), port: toNumberRanges(8) }),
      PacketMap.createSet({ family: 'ip6', protocol: toNumberRanges(PROTOCOL.icmpv6), port: toNumberRanges(128) }),
    ]),
  ],
  ...PORTLESS_PROTOCOLS.map(
    (name) => [name, PacketMap.createSet({ protocol: toNumberRanges(PROTOCOL[name]) })] as const,
  ),
]);

/** Every known name, for messages and for the schema of review rules. */
export const SERVICE_NAMES: readonly string[] = [
  ...new Set([...SERVICES.keys(), ...PRESETS.keys(), ...OTHER_SERVICES.keys()]),
].sort();

const PORT_NUMBER_PATTERN = '([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
export const PORT_PATTERN = `^${PORT_NUMBER_PATTERN}(-${PORT_NUMBER_PATTERN})?/(${PORT_PROTOCOLS.join('|')})$`;
const PORT_REGEXP = new RegExp(PORT_PATTERN);

/** Returns the packets of a service with any addresses, or undefined if there is no such service. */
export function findServicePackets(text: string): PacketSet | undefined {
  const servicePorts = SERVICES.get(text)?.ports ?? PRESETS.get(text)?.inbound.flatMap(([, { ports }]) => ports);
  if (servicePorts)
    return PacketMap.mergeFirst(
      servicePorts.map(({ first, last, protocol }) => createPortSet(PROTOCOL[protocol], first, last)),
    );
  const match = PORT_REGEXP.exec(text);
  if (!match) return OTHER_SERVICES.get(text);
  const [first, last] = [Number(match[1]), Number(match[3] ?? match[1])];
  return last < first ? undefined : createPortSet(PROTOCOL[match[4] as (typeof PORT_PROTOCOLS)[number]], first, last);
}
