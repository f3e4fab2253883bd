// Tests that the reachability of a device equals one that is renumbered from another device of the same shape.

import {
  ALLOWED,
  Reachability,
  Rewrite,
  UNTRANSLATED,
  Disposition,
  createMove,
  createTarget,
  createTranslation,
  createUnclear,
  createUnknown,
} from '../../lib/reachability/reachability';
import { renumberReachability } from '../../lib/reachability/renumber-reachability';
import { parseAddress } from '../../lib/net/address';
import { Renumbering } from '../../lib/net/renumbering';
import { PacketMap } from '../../lib/net/packet-map';
import { Range } from '../../lib/net/range';

const at = (text: string): NonNullable<ReturnType<typeof parseAddress>> => parseAddress(text)!;
const points = (...texts: readonly string[]): readonly bigint[] => texts.flatMap((text) => [at(text), at(text) + 1n]);
const numbering = new Renumbering(
  points('10.0.0.10', '10.0.0.11', '10.0.0.20', '198.18.0.2', '198.18.0.3'),
  points('10.7.0.77', '10.7.0.78', '10.7.0.90', '198.18.0.201', '198.18.0.202'),
);
// As if what lies between two hosts were one.
const wide = new Renumbering(
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
const exposing = (hosts: string, destination: Rewrite, verdict: Disposition = ALLOWED): Reachability => {
  const packets = { destination: [rangeBetween(hosts)] };
  const translations = PacketMap.create(createTranslation({ destination }), packets);
  return {
    views: [
      {
        startLocation: { kind: 'interface', name: 'wan' },
        dispositions: PacketMap.create(verdict, packets),
        translations,
      },
    ],
  };
};

it.each<[string, Reachability, Reachability]>([
  ['what is let in', exposing('10.0.0.10', UNTRANSLATED.destination), exposing('10.7.0.77', UNTRANSLATED.destination)],
  [
    'what is led to a host',
    exposing('198.18.0.2', createMove(at('10.0.0.20') - at('198.18.0.2'))),
    exposing('198.18.0.201', createMove(at('10.7.0.90') - at('198.18.0.201'))),
  ],
  [
    'two hosts that go one way',
    exposing('198.18.0.2 to 198.18.0.3', createMove(at('10.0.0.10') - at('198.18.0.2'))),
    exposing('198.18.0.201 to 198.18.0.202', createMove(at('10.7.0.77') - at('198.18.0.201'))),
  ],
])('renumbers %s', (_, one, other) => {
  const [view] = renumberReachability(one, numbering, refuse)!.views;
  expect(view!.dispositions.equals(other.views[0]!.dispositions)).toBe(true);
  expect(view!.translations.equals(other.views[0]!.translations)).toBe(true);
});

it('leads everybody to the one who stands for another', () => {
  const all = PacketMap.createConstant(createTranslation({ destination: createTarget(at('10.0.0.20')) }));
  const one: Reachability = {
    views: [{ startLocation: { kind: 'self' }, dispositions: PacketMap.createConstant(ALLOWED), translations: all }],
  };
  const { translations } = renumberReachability(one, numbering, refuse)!.views[0]!;
  const packet = { source: at('192.0.2.1'), protocol: 6, port: 443, sourcePort: 40_000 };
  expect(translations.findValue({ ...packet, destination: at('192.0.2.9') })!.destination).toEqual({
    is: 'set',
    to: at('10.7.0.90'),
  });
  expect(translations.findValue({ ...packet, destination: at('10.7.0.90') })!.destination.is).toBe('set');
});

it('is read itself where it is unknown why, or an address has no number', () => {
  expect(
    renumberReachability(exposing('10.0.0.10', UNTRANSLATED.destination, createUnknown('line 3')), numbering, refuse),
  ).toBeUndefined();
  expect(renumberReachability(exposing('10.0.0.12', UNTRANSLATED.destination), numbering, refuse)).toBeUndefined();
});

it.each<[string, string, Rewrite]>([
  ['nobody says where it leads', '10.0.0.10', createUnclear('line 3')],
  ['it leads to an address without a number', '10.0.0.10', createMove(1_000n)],
  ['a network is moved', '10.0.0.12 to 10.0.0.19', createMove(8n)],
])('takes translations of what is read where %s', (_, hosts, rewrite) => {
  const own = exposing('10.7.0.77', UNTRANSLATED.destination);
  const [view] = renumberReachability(exposing(hosts, rewrite), wide, () => own)!.views;
  expect(view!.translations).toBe(own.views[0]!.translations);
});
