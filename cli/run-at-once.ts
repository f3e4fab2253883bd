// Asks several devices at the same time, and combines results, refusals and exit statuses.

import { Refusal, escapeForDisplay } from '../lib/problems/problem';
import { ReportProgress } from './progress';

/** The most devices that are asked at the same time. */
export const MAX_AT_ONCE = 8;

/**
 * Returns the results of all items, in the items' order. It asks `maxConcurrent` of them at a time; a slow one delays
 * no other.
 */
export async function runAtOnce<T, R>(
  items: readonly T[],
  maxConcurrent: number,
  ask: (item: T) => Promise<R>,
  reportProgress: ReportProgress,
): Promise<readonly R[]> {
  const results: R[] = [];
  let [nextIndex, doneCount] = [0, 0];
  const runNext = async (): Promise<void> => {
    while (nextIndex < items.length) {
      const index = nextIndex++;
      results[index] = await ask(items[index]!);
      reportProgress(++doneCount, items.length);
    }
  };
  reportProgress(0, items.length);
  await Promise.all(Array.from({ length: maxConcurrent }, runNext));
  return results;
}

/** Returns the exit status of several devices: 2 (could not be asked) wins over 1 (wrong), and 1 over 3 (in doubt). */
export const pickWorstStatus = (statuses: readonly number[]): number =>
  [2, 1, 3].find((status) => statuses.includes(status)) ?? 0;

/**
 * Returns the text of a refusal, of several devices with the device's name: hosts and ports don't tell which one it
 * was.
 */
export const formatRefusal = (device: string, { message }: Refusal, isOneOfMany: boolean): string =>
  `${isOneOfMany ? `${escapeForDisplay(device)}: ` : ''}${message}\n`;

export const formatNotAsked = (
  refusedDevices: readonly { readonly device: string; readonly refusal: Refusal }[],
  isOneOfMany: boolean,
): string =>
  refusedDevices.length === 0
    ? ''
    : `${refusedDevices.map(({ device, refusal }) => formatRefusal(device, refusal, isOneOfMany)).join('')}Nothing was changed on any device. Mend that, and ask again.\n`;
