// Reads facts about processes of this machine from /proc, and sends signals to processes and process groups.

import { readFileSync } from 'node:fs';

/** Returns the words that a process was started with; none if it has ended, which can happen at any time. */
export function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/**
 * Returns the start time of a process, in the kernel's ticks. Together with the process id it is unique. Empty if there
 * is no such process.
 */
export function processStart(pid: number): string {
  try {
    // The name in parentheses may contain spaces. After the last one, the state is the first field and the start time
    // the 20th.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? '' : (fields[18] ?? '');
  } catch {
    return '';
  }
}

/** Returns the parent of a process; 0 if it has ended. */
export function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Sends a signal to a process; or, if the number is negative, to a process group. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, as wanted.
  }
}
