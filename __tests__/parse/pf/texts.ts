// Parses pf texts on a sample gateway, and returns the outcome of packets.

import { parseAddress } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { parsePf } from '../../../lib/parse/pf/text/parse-pf';
import { SYN, matchesFlags } from '../../../lib/parse/pf/lower/tcp-flags';
import { PfFilterRule, PfMatch, PfRules } from '../../../lib/parse/pf/model';
import { PfDeviceContext } from '../../../lib/parse/pf/resolve/address-resolver';
import { resolveRules } from '../../../lib/parse/pf/resolve/rules';
import { port, router } from '../../devices';

/** A gateway with two networks behind it. */
export const GATEWAY: Device = router(
  [
    port('em0', 'outside', ['203.0.113.2/28', '2001:db8:1::2/64']),
    port('em1', 'inside', ['10.0.1.1/24']),
    port('em2', 'dmz', ['10.0.2.1/24']),
  ],
  '203.0.113.10',
);

export const AROUND: PfDeviceContext = {
  device: GATEWAY,
  named: (name) =>
    ['em0', 'em1', 'em2', 'lo0'].includes(name)
      ? [name]
      : name === 'inside'
        ? ['em1', 'em2']
        : /\d$/.test(name)
          ? []
          : undefined,
  mayBeIn: () => GATEWAY.interfaces.map(({ name }) => name),
  vipsOn: (name) => (name === 'em0' ? [parseAddress('203.0.113.10')!] : []),
  holdsBans: (table) => table === 'snort2c',
  mayHold: (anchor) => (anchor === 'natearly/*' ? 'nothing' : anchor === 'miniupnpd' ? 'passes' : 'anything'),
};

export const rulesOf = (text: string, around = AROUND): PfRules => resolveRules(parsePf(text), around);

/** `tcp 198.51.100.7#40000 > 10.0.1.50#25`, `icmp 10.0.1.9 > 10.0.1.50#8`, where the last number is the type. */
export function packet(text: string): Packet {
  const [, protocol, source, sourcePort, destination, last] = /^(\S+) (\S+?)(?:#(\d+))? > (\S+?)(?:#(\d+))?$/.exec(
    text,
  )!;
  return {
    source: parseAddress(source!)!,
    destination: parseAddress(destination!)!,
    protocol:
      ({ tcp: 6, udp: 17, icmp: 1, icmp6: 58, gre: 47, carp: 112, sctp: 132 } as Record<string, number>)[protocol!] ??
      Number(protocol),
    port: Number(last ?? 0),
    sourcePort: Number(sourcePort ?? 40_000),
  };
}

/** Whether a rule's match covers a packet. */
export const says = (match: PfMatch, text: string): 'matches' | 'perhaps' | 'no' =>
  'action' in match && packet(text).protocol === 6 && !matchesFlags(match as PfFilterRule, SYN)
    ? 'no'
    : match.packets.findValue(packet(text))
      ? 'matches'
      : match.uncertain?.packets.findValue(packet(text))
        ? 'perhaps'
        : 'no';
