// Returns the dispositions of packets to a server with firewalld, by the evaluator and the trace.

import { getFamily, parseAddress } from '../../../lib/net/address';
import { findByLocation } from '../../../lib/net/device';
import { PROTOCOL, Packet } from '../../../lib/net/packet';
import { EvaluatedConfig } from '../../../lib/parse/config-parser';
import { port, router } from '../../devices';
import { Case } from './cases';

const OWN = { ip: '198.51.100.50', ip6: '2001:db8:0:1::50' } as const;
export const server = { ...router([port('eth0', 'outside', [`${OWN.ip}/24`, `${OWN.ip6}/64`])]), forwarding: false };
const BY_ETH0 = { kind: 'interface', name: 'eth0' } as const;

function packetOf(asked: string): Packet {
  const [, protocol, number, from, sourcePort] = /^(\w+) (\d+) from (\S+)(?: source port (\d+))?$/.exec(asked)!;
  const source = parseAddress(from!)!;
  const named = protocol as 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  return {
    source,
    destination: parseAddress(OWN[getFamily(source)])!,
    protocol: PROTOCOL[named],
    port: Number(number),
    sourcePort: named.startsWith('icmp') ? 0 : Number(sourcePort ?? 40_000),
  };
}

/** The disposition of a packet by the evaluator; asserts that the trace agrees. */
export function verdict({ reachability, explain }: EvaluatedConfig, asked: string): string {
  const packet = packetOf(asked);
  const disposition = findByLocation(reachability.views, BY_ETH0)!.dispositions.findValue(packet);
  const word = disposition?.is === 'allowed' && disposition.except !== undefined ? 'allowed, but' : disposition?.is;
  const explanation = explain(BY_ETH0, packet);
  expect(explanation.except === undefined ? explanation.disposition : 'allowed, but').toBe(word ?? 'denied');
  return word ?? 'denied';
}

/** The packets of each list that have the list's disposition. */
export function verdicts(
  reading: EvaluatedConfig,
  { passes, stops, but, unknown }: Omit<Case, 'etc'>,
): Omit<Case, 'etc'> {
  const as = (some: readonly string[], is: string): readonly string[] =>
    some.filter((one) => verdict(reading, one) === is);
  return {
    passes: as(passes, 'allowed'),
    stops: as(stops, 'denied'),
    ...(but ? { but: as(but, 'allowed, but') } : {}),
    ...(unknown ? { unknown: as(unknown, 'unknown') } : {}),
  };
}
