import { readFileSync } from 'node:fs';

/** Packets that this machine had no time for since it booted, on all its networks together: the second column, of each processor. */
export const droppedPackets = (): number =>
  readFileSync('/proc/net/softnet_stat', 'utf8')
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + parseInt(line.split(' ')[1] ?? '0', 16), 0);
