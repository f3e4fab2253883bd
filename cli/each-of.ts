import { Refusal, printable } from '../lib/problems/problem';
import { At } from './progress';

/** Devices that are asked. */
export const AT_ONCE = 8;

/** So many at once: one that is slow holds up nobody but itself. What comes of each, in their order. */
export async function eachOf<T, R>(
  all: readonly T[],
  atOnce: number,
  ask: (one: T) => Promise<R>,
  at: At,
): Promise<readonly R[]> {
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

/** The exit status of many: what could not be asked wins over what is wrong, and that over what is in doubt. */
export const worstOf = (statuses: readonly number[]): number => [2, 1, 3].find((one) => statuses.includes(one)) ?? 0;

/** Hosts and ports alone don't say which of several devices it was. */
export const saidOf = (device: string, { message }: Refusal, isOneOfMany: boolean): string =>
  `${isOneOfMany ? `${printable(device)}: ` : ''}${message}\n`;

export const notAsked = (
  refused: readonly { readonly device: string; readonly refusal: Refusal }[],
  isOneOfMany: boolean,
): string =>
  refused.length === 0
    ? ''
    : `${refused.map(({ device, refusal }) => saidOf(device, refusal, isOneOfMany)).join('')}Nothing was changed on any device. Mend that, and ask again.\n`;
