// Waits in a test until something holds; false if it never does.

import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds, however busy the machine is; returns false if it never does. */
export async function eventually(holds: () => boolean, seconds = 120): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) if (holds()) return true;
  return holds();
}
