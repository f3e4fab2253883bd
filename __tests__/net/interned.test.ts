import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { translation } from '../../lib/reachability/exposure';
import { Interned, Pairs, Told } from '../../lib/net/interned';
import { NodeBuilder, leaf } from '../../lib/net/node';
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
  const texts = new Interned<string, object>();
  const pairs = new Pairs<object, object | undefined, object>();
  const told = new Told<object, object>();
  const [a, held] = [{}, texts.of('held', () => ({}))];
  expect(texts.of('held', () => ({}))).toBe(held);
  expect(pairs.of(a, undefined, () => held)).toBe(pairs.of(a, undefined, () => ({})));
  const refs = ((): WeakRef<object>[] => {
    const made = told.of(a, 'text', () => ({}));
    expect(told.of(a, 'text', () => ({}))).toBe(made);
    expect(told.of(a, 'other', () => ({}))).not.toBe(made);
    return [new WeakRef(made), new WeakRef(texts.of('gone', () => ({}))), new WeakRef(pairs.of({}, held, () => ({})))];
  })();
  expect(await collected([...refs, new WeakRef(held)])).toEqual([true, true, true, false]);
  expect(texts.of('held', () => ({}))).toBe(held);
});

test('many that are nobody’s make room for others, and nothing that is somebody’s is made again', async () => {
  const texts = new Interned<string, { readonly n: number }>();
  const held = Array.from({ length: 600 }, (_, n) => texts.of(`held ${n}`, () => ({ n })));
  for (let round = 0; round < 5; round++) {
    for (let n = 0; n < 2_000; n++) texts.of(`${round} ${n}`, () => ({ n }));
    await collected([]);
  }
  expect(held.every((one, n) => texts.of(`held ${n}`, () => ({ n })) === one)).toBe(true);
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
    const { exposure } = platforms.nftables.reader.read(text, device);
    const of = exposure.views.flatMap(({ verdicts, translations }) => [...verdicts.values, ...translations.values]);
    const own = of.filter((one) => one !== translation() && !('is' in one && one.is === 'allowed'));
    expect(own.length).toBeGreaterThan(1);
    const builder = new NodeBuilder(1, 100);
    builder.add(4, 7, leaf('nobody else says this'));
    return [...own.map((one) => new WeakRef<object>(one)), new WeakRef<object>(builder.finish())];
  })();
  expect(await collected(refs)).toEqual(refs.map(() => true));
});
