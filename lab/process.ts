import { readFileSync } from 'node:fs';

/** The words that a process was started with. None where it is gone, which can happen after every look. */
export function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** When a process was started, in the kernel's ticks: with it a process id means one process only. Empty where there is none, or it has ended. */
export function processStart(pid: number): string {
  try {
    // The name in parentheses may hold spaces; what follows the last one has the state as its first field and the start as its 20th.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? '' : (fields[18] ?? '');
  } catch {
    return '';
  }
}

/** The process that a process belongs to; 0 where it is gone. */
export function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Sends a signal to a process, or to a process group where the number is negative. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, which is what we want.
  }
}
