// Helpers for the tests of pf's evaluator: sample devices, start locations, packets and rules, and `asking`, which
// returns what a device's rules decide about a packet and what it becomes.

import { Reachability } from '../../../lib/reachability/reachability';
import { parsePrefix, printAddress } from '../../../lib/net/address';
import { Device, StartLocation, toLocationKey } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { LoadedPfRules } from '../../../lib/parse/pf/loaded-rules';
import { PfRules } from '../../../lib/parse/pf/model';
import { leavesAs } from '../../evaluator/translated-packet';
import { BOX, binat, block, pass, rulesOf } from './rules';
import { at, port } from '../../devices';

export const SERVER = '10.0.0.11';
export const PUBLIC = '203.0.113.10';
export const PEER = '198.51.100.7';
export const OTHER = '192.0.2.9';
export const WAN: StartLocation = { kind: 'interface', name: 'em0' };
export const LAN = { kind: 'interface', name: 'em1' } as const;
export const DMZ: StartLocation = { kind: 'interface', name: 'em2' };
export const SELF: StartLocation = { kind: 'self' };
export const LOCALHOST: StartLocation = { kind: 'localhost' };

/** A network behind em1 besides its own. */
export const ROUTING: Device = {
  ...BOX,
  interfaces: BOX.interfaces.map((one) =>
    one.name === 'em1' ? { ...one, routes: [parsePrefix('10.0.9.0/24')!] } : one,
  ),
};
export const TWO_WAYS: Device = {
  ...BOX,
  interfaces: [...BOX.interfaces, port('em3', 'outside', ['172.16.0.1/24'])],
};

export const tcp = (from: string, to: string, port = 443, sourcePort = 40_000): Packet => ({
  source: at(from),
  destination: at(to),
  protocol: 6,
  port,
  sourcePort,
});

/**
 * `allowed as 198.51.100.7:40000 > 10.0.0.11:443`, `denied`, `unknown: reason`. A free source port is a star, an
 * unknown one a question mark.
 */
function said(exposure: Reachability, vantage: StartLocation, packet: Packet): string {
  const view = exposure.views.find((one) => toLocationKey(one.startLocation) === toLocationKey(vantage))!;
  const verdict = view.dispositions.findValue(packet);
  if (!verdict) return 'denied';
  if (verdict.is === 'unknown') return `unknown: ${verdict.reason}`;
  const as = view.translations.findValue(packet)!;
  const left = leavesAs(packet, { ...as, source: as.source.is === 'unclear' ? { is: 'kept' } : as.source })!;
  const source = as.source.is === 'unclear' ? '?' : printAddress(left.source);
  return `allowed as ${source}:${as.sourcePort === 'free' ? '*' : left.sourcePort} > ${printAddress(left.destination)}:${left.port}`;
}

/** The box's decision about a packet by these rules. */
export const asking =
  (rules: Partial<PfRules>, device: Device = BOX) =>
  (vantage: StartLocation, packet: Packet): string =>
    said(new LoadedPfRules(rulesOf(rules), device).evaluateFirstPackets(), vantage, packet);

export const ONE_TO_ONE = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32` });
export const CLOSED = block({});
export const OUT = pass({ direction: 'out' });
