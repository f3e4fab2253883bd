import { Refusal, escapeForDisplay } from '../lib/problems/problem';
import { ReportProgress } from './progress';

/** Devices that are asked. */
export const MAX_AT_ONCE = 8;

/** So many at once: one that is slow holds up nobody but itself. What comes of each, in their order. */
export async function runAtOnce<T, R>(
  items: readonly T[],
  atOnce: number,
  ask: (item: T) => Promise<R>,
  reportProgress: ReportProgress,
): Promise<readonly R[]> {
  const results: R[] = [];
  let [next, done] = [0, 0];
  const runNext = async (): Promise<void> => {
    while (next < items.length) {
      const place = next++;
      results[place] = await ask(items[place]!);
      reportProgress(++done, items.length);
    }
  };
  reportProgress(0, items.length);
  await Promise.all(Array.from({ length: atOnce }, runNext));
  return results;
}

/** The exit status of many: what could not be asked wins over what is wrong, and that over what is in doubt. */
export const pickWorstStatus = (statuses: readonly number[]): number =>
  [2, 1, 3].find((status) => statuses.includes(status)) ?? 0;

/** Hosts and ports alone don't say which of several devices it was. */
export const formatRefusal = (device: string, { message }: Refusal, isOneOfMany: boolean): string =>
  `${isOneOfMany ? `${escapeForDisplay(device)}: ` : ''}${message}\n`;

export const formatNotAsked = (
  refused: readonly { readonly device: string; readonly refusal: Refusal }[],
  isOneOfMany: boolean,
): string =>
  refused.length === 0
    ? ''
    : `${refused.map(({ device, refusal }) => formatRefusal(device, refusal, isOneOfMany)).join('')}Nothing was changed on any device. Mend that, and ask again.\n`;
