import { readFileSync } from 'node:fs';

/** The words that a process was started with. None where it is gone, which can happen after every look. */
export function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** When a process was started, in the kernel's ticks: with it a process id means one process only. Empty where there is none. */
export function processStart(pid: number): string {
  try {
    // The name in parentheses may hold spaces; what follows the last one has the start as its 20th field.
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, which is what we want.
  }
}
