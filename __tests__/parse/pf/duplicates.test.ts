// Tests pf translation rules that differ in their target alone: older kernels keep all, newer ones refuse all but the
// first, and on an unknown kernel they are unknown.

import { toLocationKey } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { dropRefusedTranslations } from '../../../lib/parse/pf/resolve/duplicates';
import { LoadedPfRules } from '../../../lib/parse/pf/loaded-rules';
import { PfBinat, PfRedirect } from '../../../lib/parse/pf/model';
import { BOX, binat, pass, rdr, rulesOf } from './rules';
import { at } from '../../devices';

const FIRST = binat({ on: 'em0', inside: '10.0.0.11/32', outside: '203.0.113.10/32' });
const SECOND = binat({ on: 'em0', inside: '10.0.0.11/32', outside: '203.0.113.11/32' });
/** Rules on the same packets in other words. */
const REPHRASED: PfBinat = { ...SECOND, matchKey: 'em0 10.0.0.11 to <everybody>' };

const towards = (destination: string): Packet => ({
  source: at('198.51.100.7'),
  destination: at(destination),
  protocol: 6,
  port: 443,
  sourcePort: 40_000,
});

function reached(packet: Packet, binats: readonly PfBinat[], rdrs: readonly PfRedirect[] = []): string {
  const { views } = new LoadedPfRules(
    rulesOf({ binat: binats, rdr: rdrs, filter: [pass({})] }),
    BOX,
  ).evaluateFirstPackets();
  const { dispositions, translations } = views.find(
    ({ startLocation }) => toLocationKey(startLocation) === 'interface em0',
  )!;
  const verdict = dispositions.findValue(packet);
  if (verdict?.is !== 'allowed') return verdict?.is === 'unknown' ? verdict.reason : 'denied';
  const { destination } = translations.findValue(packet)!;
  const to =
    destination.is === 'moved'
      ? packet.destination + destination.distance
      : destination.is === 'set'
        ? destination.to
        : packet.destination;
  return to === at('10.0.0.11') ? 'the server' : to === packet.destination ? 'the box' : 'another';
}

describe('rules that differ in their target alone', () => {
  const list = [FIRST, SECOND];

  it('are all kept by older kernels', () => {
    const kept = dropRefusedTranslations(list, 'no');
    expect(reached(towards('203.0.113.10'), kept)).toBe('the server');
    expect(reached(towards('203.0.113.11'), kept)).toBe('the server');
  });

  it('are refused by newer kernels, except the first', () => {
    const kept = dropRefusedTranslations(list, 'yes');
    expect(kept).toEqual([FIRST]);
    expect(reached(towards('203.0.113.10'), kept)).toBe('the server');
    expect(reached(towards('203.0.113.11'), kept)).toBe('the box');
  });

  it('are unknown if the kernel is unknown, except the first', () => {
    const kept = dropRefusedTranslations(list, 'unknown');
    expect(reached(towards('203.0.113.10'), kept)).toBe('the server');
    expect(reached(towards('203.0.113.11'), kept)).toContain(
      `whether the kernel keeps what differs from line ${FIRST.line.number} in its target alone isn't known`,
    );
  });

  it('are different rules if their conditions are written differently', () => {
    expect(reached(towards('203.0.113.11'), dropRefusedTranslations([FIRST, REPHRASED], 'yes'))).toBe('the server');
  });

  it('may be redirects, too', () => {
    const ports = [
      rdr({ on: 'em0', to: '203.0.113.10', port: 443, target: '10.0.1.20' }),
      rdr({ on: 'em0', to: '203.0.113.10', port: 443, target: '10.0.0.11' }),
    ];
    expect(reached(towards('203.0.113.10'), [], dropRefusedTranslations([...ports].reverse(), 'yes'))).toBe(
      'the server',
    );
    expect(reached(towards('203.0.113.10'), [], dropRefusedTranslations(ports, 'yes'))).toBe('another');
    // The first decides whether the second exists.
    expect(reached(towards('203.0.113.10'), [], dropRefusedTranslations(ports, 'unknown'))).toBe('another');
  });
});
