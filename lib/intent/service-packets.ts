import { points } from '../net/device';
import { PRESETS } from './data/presets';
import { SERVICES } from './data/services';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

/** The protocols whose ports it knows. */
export const PORTED = ['tcp', 'udp', 'sctp', 'dccp', 'udplite'] as const;
const BARE = ['gre', 'esp', 'ah'] as const;

const ported = (protocol: number, first: number, last: number): PacketSet =>
  PacketMap.set({ protocol: points(protocol), port: [{ first, last }] });

/** What is no service of a server: protocols without ports, and the echo requests of both families. */
const OTHERS: ReadonlyMap<string, PacketSet> = new Map<string, PacketSet>([
  [
    'ping',
    PacketMap.first([
      PacketMap.set({ family: 'ip', protocol: points(PROTOCOL.icmp), port: points(8) }),
      PacketMap.set({ family: 'ip6', protocol: points(PROTOCOL.icmpv6), port: points(128) }),
    ]),
  ],
  ...BARE.map((name) => [name, PacketMap.set({ protocol: points(PROTOCOL[name]) })] as const),
]);

/** Every name that it knows, for messages and for the schema of review rules. */
export const SERVICE_NAMES: readonly string[] = [
  ...new Set([...SERVICES.keys(), ...PRESETS.keys(), ...OTHERS.keys()]),
].sort();

const PORT = '([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
export const PORT_PATTERN = `^${PORT}(-${PORT})?/(${PORTED.join('|')})$`;
const PORT_TEXT = new RegExp(PORT_PATTERN);

/** The packets of a service, to and from whomever; undefined: there is no such service. */
export function servicePackets(text: string): PacketSet | undefined {
  const named = SERVICES.get(text)?.ports ?? PRESETS.get(text)?.inbound.flatMap(([, { ports }]) => ports);
  if (named) return PacketMap.first(named.map(({ first, last, protocol }) => ported(PROTOCOL[protocol], first, last)));
  const parts = PORT_TEXT.exec(text);
  if (!parts) return OTHERS.get(text);
  const [first, last] = [Number(parts[1]), Number(parts[3] ?? parts[1])];
  return last < first ? undefined : ported(PROTOCOL[parts[4] as (typeof PORTED)[number]], first, last);
}
