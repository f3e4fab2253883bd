// Tests that interned values are shared, and collected when nothing uses them.

import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ALLOWED, createTranslation } from '../../lib/reachability/reachability';
import { InternTable, PairInternTable, TextInternTable } from '../../lib/net/intern-tables';
import { NodeBuilder, getLeaf } from '../../lib/net/diagram-node';
import { platforms } from '../../lib/registry';
import { Device } from '../../lib/net/device';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Weak references are only let go of between two turns of the loop. */
async function collected(refs: readonly WeakRef<object>[]): Promise<boolean[]> {
  for (let i = 0; i < 3; i++) {
    await turn();
    collect();
  }
  return refs.map((ref) => ref.deref() === undefined);
}

test('equal things are one object while somebody has it, and go with the last who has it', async () => {
  const texts = new InternTable<string, object>();
  const pairs = new PairInternTable<object, object | undefined, object>();
  const told = new TextInternTable<object, object>();
  const [a, held] = [{}, texts.getOrCreate('held', () => ({}))];
  expect(texts.getOrCreate('held', () => ({}))).toBe(held);
  expect(pairs.getOrCreate(a, undefined, () => held)).toBe(pairs.getOrCreate(a, undefined, () => ({})));
  const refs = ((): WeakRef<object>[] => {
    const made = told.getOrCreate(a, 'text', () => ({}));
    expect(told.getOrCreate(a, 'text', () => ({}))).toBe(made);
    expect(told.getOrCreate(a, 'other', () => ({}))).not.toBe(made);
    return [
      new WeakRef(made),
      new WeakRef(texts.getOrCreate('gone', () => ({}))),
      new WeakRef(pairs.getOrCreate({}, held, () => ({}))),
    ];
  })();
  expect(await collected([...refs, new WeakRef(held)])).toEqual([true, true, true, false]);
  expect(texts.getOrCreate('held', () => ({}))).toBe(held);
});

test('many that are nobody’s make room for others, and nothing that is somebody’s is made again', async () => {
  const texts = new InternTable<string, { readonly n: number }>();
  const held = Array.from({ length: 600 }, (_, n) => texts.getOrCreate(`held ${n}`, () => ({ n })));
  for (let round = 0; round < 5; round++) {
    for (let n = 0; n < 2_000; n++) texts.getOrCreate(`${round} ${n}`, () => ({ n }));
    await collected([]);
  }
  expect(held.every((one, n) => texts.getOrCreate(`held ${n}`, () => ({ n })) === one)).toBe(true);
});

test('diagrams of an evaluation, its translations and verdicts go with it', async () => {
  const device: Device = {
    interfaces: [{ name: 'eth0', role: 'outside', addresses: [], routes: [] }] as unknown as Device['interfaces'],
    localAddresses: [],
    forwarding: true,
  };
  const refs = ((): WeakRef<object>[] => {
    const text = `table ip t {
  chain in { type nat hook prerouting priority dstnat; ip daddr 198.51.100.77 dnat to 10.9.8.7 }
  chain go { type filter hook forward priority filter; tcp dport 4711 limit rate 3/second accept; drop; }
}`;
    const { reachability } = platforms.nftables.parser.read(text, device);
    const of = reachability.views.flatMap(({ dispositions, translations }) => [
      ...dispositions.values,
      ...translations.values,
    ]);
    const own = of.filter((one) => one !== createTranslation() && one !== ALLOWED);
    expect(own.length).toBeGreaterThan(1);
    const builder = new NodeBuilder(1, 100);
    builder.add(4, 7, getLeaf('nobody else says this'));
    return [...own.map((one) => new WeakRef<object>(one)), new WeakRef<object>(builder.finish())];
  })();
  expect(await collected(refs)).toEqual(refs.map(() => true));
});
