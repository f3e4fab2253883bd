// Takes a lock of this machine while a lab is claimed or dead labs are removed. A lab that is half claimed looks dead,
// and another process would remove it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { until } from './command';
import { processStart } from './process';

const LOCK = '/run/cpanel-edge-lab.lock';

/**
 * Runs the work while no other lab on this machine does so. Between two steps of its start, a lab looks like a dead
 * one.
 */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  await until(`nobody else looks after labs (${LOCK})`, 120, async () => taken());
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Releases the lock of a process that can't release it itself. */
export function releaseLockOf(pid: number): void {
  try {
    if (Number(readFileSync(LOCK, 'utf8').split(' ')[0]) === pid) rmSync(LOCK, { force: true });
  } catch {
    // There is no lock.
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
    // The lock was just created and isn't written yet.
    return start === undefined || processStart(Number(pid)) === start;
  } catch {
    return true;
  }
}
