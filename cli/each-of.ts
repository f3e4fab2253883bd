import { At } from './progress';

/** So many at once: one that is slow holds up nobody but itself. What comes of each, in their order. */
export async function eachOf<T, R>(all: readonly T[], atOnce: number, ask: (one: T) => Promise<R>, at: At): Promise<readonly R[]> {
  const found: R[] = [];
  let [next, done] = [0, 0];
  const oneByOne = async (): Promise<void> => {
    while (next < all.length) {
      const place = next++;
      found[place] = await ask(all[place]!);
      at(++done, all.length);
    }
  };
  at(0, all.length);
  await Promise.all(Array.from({ length: atOnce }, oneByOne));
  return found;
}
