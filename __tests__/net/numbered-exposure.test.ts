import {
  ALLOWED,
  Exposure,
  Rewrite,
  UNTRANSLATED,
  Verdict,
  moved,
  set,
  translation,
  unclear,
  unknown,
} from '../../lib/reachability/exposure';
import { renumbered } from '../../lib/reachability/renumbered';
import { parseAddress } from '../../lib/net/address';
import { Numbering } from '../../lib/net/numbering';
import { PacketMap } from '../../lib/net/packet-map';
import { Range } from '../../lib/net/range';

const at = (text: string): NonNullable<ReturnType<typeof parseAddress>> => parseAddress(text)!;
const points = (...texts: readonly string[]): readonly bigint[] => texts.flatMap((text) => [at(text), at(text) + 1n]);
const numbering = new Numbering(
  points('10.0.0.10', '10.0.0.11', '10.0.0.20', '198.18.0.2', '198.18.0.3'),
  points('10.7.0.77', '10.7.0.78', '10.7.0.90', '198.18.0.201', '198.18.0.202'),
);
// As if what lies between two hosts were one.
const wide = new Numbering(
  points('10.0.0.10', '10.0.0.11', '10.0.0.20', '10.0.0.27'),
  points('10.0.0.10', '10.0.0.11', '10.0.0.20', '10.0.0.27'),
);
const refuse = (): never => {
  throw new Error('nobody shall read it');
};

const rangeBetween = (text: string): Range => {
  const [first, last = first] = text.split(' to ').map((end) => at(end));
  return { first: first!, last: last! };
};

/** Hosts that are led somewhere, seen by the interface wan. */
const exposing = (hosts: string, destination: Rewrite, verdict: Verdict = ALLOWED): Exposure => {
  const packets = { destination: [rangeBetween(hosts)] };
  const translations = PacketMap.of(translation({ destination }), packets);
  return {
    views: [{ vantage: { kind: 'interface', name: 'wan' }, verdicts: PacketMap.of(verdict, packets), translations }],
  };
};

it.each<[string, Exposure, Exposure]>([
  ['what is let in', exposing('10.0.0.10', UNTRANSLATED.destination), exposing('10.7.0.77', UNTRANSLATED.destination)],
  [
    'what is led to a host',
    exposing('198.18.0.2', moved(at('10.0.0.20') - at('198.18.0.2'))),
    exposing('198.18.0.201', moved(at('10.7.0.90') - at('198.18.0.201'))),
  ],
  [
    'two hosts that go one way',
    exposing('198.18.0.2 to 198.18.0.3', moved(at('10.0.0.10') - at('198.18.0.2'))),
    exposing('198.18.0.201 to 198.18.0.202', moved(at('10.7.0.77') - at('198.18.0.201'))),
  ],
])('renumbers %s', (_, one, other) => {
  const [view] = renumbered(one, numbering, refuse)!.views;
  expect(view!.verdicts.equals(other.views[0]!.verdicts)).toBe(true);
  expect(view!.translations.equals(other.views[0]!.translations)).toBe(true);
});

it('leads everybody to the one who stands for another', () => {
  const all = PacketMap.everywhere(translation({ destination: set(at('10.0.0.20')) }));
  const one: Exposure = {
    views: [{ vantage: { kind: 'self' }, verdicts: PacketMap.everywhere(ALLOWED), translations: all }],
  };
  const { translations } = renumbered(one, numbering, refuse)!.views[0]!;
  const packet = { source: at('192.0.2.1'), protocol: 6, port: 443, sourcePort: 40_000 };
  expect(translations.at({ ...packet, destination: at('192.0.2.9') })!.destination).toEqual({
    is: 'set',
    to: at('10.7.0.90'),
  });
  expect(translations.at({ ...packet, destination: at('10.7.0.90') })!.destination.is).toBe('set');
});

it('is read itself where it is unknown why, or an address has no number', () => {
  expect(
    renumbered(exposing('10.0.0.10', UNTRANSLATED.destination, unknown('line 3')), numbering, refuse),
  ).toBeUndefined();
  expect(renumbered(exposing('10.0.0.12', UNTRANSLATED.destination), numbering, refuse)).toBeUndefined();
});

it.each<[string, string, Rewrite]>([
  ['nobody says where it leads', '10.0.0.10', unclear('line 3')],
  ['it leads to an address without a number', '10.0.0.10', moved(1_000n)],
  ['a network is moved', '10.0.0.12 to 10.0.0.19', moved(8n)],
])('takes translations of what is read where %s', (_, hosts, rewrite) => {
  const own = exposing('10.7.0.77', UNTRANSLATED.destination);
  const [view] = renumbered(exposing(hosts, rewrite), wide, () => own)!.views;
  expect(view!.translations).toBe(own.views[0]!.translations);
});
