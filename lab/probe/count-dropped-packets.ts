// Returns how many received packets the kernel has dropped since boot because the machine was too busy: the second
// column of /proc/net/softnet_stat, summed over all processors.
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
