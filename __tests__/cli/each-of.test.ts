// Tests how commands ask many devices at once: a limited number at a time, results in the order of the devices, and a
// slow device delays no other.

import { setTimeout } from 'node:timers/promises';
import { runAtOnce } from '../../cli/run-at-once';

const nobody = (): void => undefined;

it('asks a limited number at once, and returns the results in their order', async () => {
  let [now, most] = [0, 0];
  const results = await runAtOnce(
    [50, 1, 30, 2, 10, 3],
    3,
    async (milliseconds) => {
      most = Math.max(most, ++now);
      await setTimeout(milliseconds);
      now -= 1;
      return milliseconds * 2;
    },
    nobody,
  );
  expect([results, most]).toEqual([[100, 2, 60, 4, 20, 6], 3]);
});

it('a slow device delays no other', async () => {
  const ended: string[] = [];
  let last = nobody;
  const slow = new Promise<void>((resolve) => (last = resolve));
  await runAtOnce(
    ['slow', 'a', 'b', 'c'],
    2,
    async (name) => {
      if (name === 'slow') await slow;
      if (name === 'c') last();
      ended.push(name);
    },
    nobody,
  );
  expect(ended).toEqual(['a', 'b', 'c', 'slow']);
});

it('reports progress, and asks nothing without devices', async () => {
  const told: string[] = [];
  const at = (count: number, of: number): void => void told.push(`${count} of ${of}`);
  expect(await runAtOnce([7, 8], 8, (one) => Promise.resolve(one), at)).toEqual([7, 8]);
  expect(await runAtOnce([], 8, (one) => Promise.resolve(one), at)).toEqual([]);
  expect(told).toEqual(['0 of 2', '1 of 2', '2 of 2', '0 of 0']);
});
