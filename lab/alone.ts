import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { until } from './command';
import { processStart } from './process';

const LOCK = '/run/cpanel-edge-lab.lock';

/** One lab on this machine at a time does this: between two of its steps a lab that comes up looks like one that died. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  await until(`nobody else looks after labs (${LOCK})`, 120, async () => taken());
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Opens the lock of a process that will not do so itself. */
export function releaseLockOf(pid: number): void {
  try {
    if (Number(readFileSync(LOCK, 'utf8').split(' ')[0]) === pid) rmSync(LOCK, { force: true });
  } catch {
    // There is none.
  }
}

function taken(): boolean {
  try {
    writeFileSync(LOCK, `${process.pid} ${processStart(process.pid)}`, { flag: 'wx' });
    return true;
  } catch {
    if (!held()) rmSync(LOCK, { force: true });
    return false;
  }
}

function held(): boolean {
  try {
    const [pid, start] = readFileSync(LOCK, 'utf8').split(' ');
    // Just made, and not written yet.
    return start === undefined || processStart(Number(pid)) === start;
  } catch {
    return true;
  }
}
