// Program that removes the labs of a stopped test run: ends everything that a process has started. The process waits
// for it: see remove-on-signal.ts. Usage: remove-all.ts PID.

import { readdirSync } from 'node:fs';
import { alone, releaseLockOf } from './removal-lock';
import { pause } from './command';
import { kill, parentOf, processStart } from './process';
import { removeDead } from './claim-lab';

/** Time to end in order: mmdebstrap removes its mounts. */
const SECONDS = 5;

/** Returns all descendants of a process, but not this process and its own. */
function descendantsOf(pid: number): readonly number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))] as const),
  );
  const isBelow = (each: number): boolean => {
    for (let at = parents.get(each); at; at = parents.get(at)) if (at === pid) return true;
    return false;
  };
  const isOwn = (each: number): boolean => each === process.pid || parents.get(each) === process.pid;
  return [...parents.keys()].filter((each) => isBelow(each) && !isOwn(each) && processStart(each) !== '');
}

async function end(pid: number): Promise<void> {
  for (const each of descendantsOf(pid)) kill(each, 'SIGTERM');
  for (const late = Date.now() + SECONDS * 1000; descendantsOf(pid).length > 0 && Date.now() < late;) await pause(50);
  for (const late = Date.now() + SECONDS * 1000; descendantsOf(pid).length > 0 && Date.now() < late; await pause(50)) {
    for (const each of descendantsOf(pid)) kill(each, 'SIGKILL');
  }
}

async function main(pid: number): Promise<void> {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  // A process that was stopped here while it held the lock can't release it.
  releaseLockOf(pid);
  const start = processStart(pid);
  const isOf = (owner: { readonly pid: number; readonly start: string }): boolean =>
    owner.pid === pid && owner.start === start;
  // Machines are first: they end at once. A signal to their supervisor would shut them down in order.
  await alone(() => removeDead(isOf));
  await end(pid);
  // A program may have created something for a lab meanwhile.
  await alone(() => removeDead(isOf));
}

void main(Number(process.argv[2]));
