import { readFileSync } from 'node:fs';

/**
 * Returns the number of packets that this machine has dropped since it booted, for lack of time, on all its networks:
 * the second column, for each processor.
 */
export const droppedPackets = (): number =>
  readFileSync('/proc/net/softnet_stat', 'utf8')
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + parseInt(line.split(' ')[1] ?? '0', 16), 0);
