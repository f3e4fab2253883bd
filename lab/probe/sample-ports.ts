// Selects a sample of the TCP ports for a quick comparison of observed and computed reachability.
import { EVERY_PORT } from './ports';
import { SERVER_TCP, STRANGER_TCP } from '../probed-ports';

const STRIDE = 64;

/**
 * Returns every 64th port from a drawn one on, the ports on which the server listens, and every edge of `expected`
 * (`22,80,1000-2000`; `none`): the last port inside and the first outside. They are asked in seconds; all 65,535 take a
 * minute of a processor.
 */
export function samplePorts(expected: string): readonly number[] {
  const first = Math.floor(Math.random() * STRIDE);
  const edges = expected.split(',').flatMap((range) => range.split('-').map(Number));
  const named = new Set([...SERVER_TCP, ...STRANGER_TCP, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1])]);
  return EVERY_PORT.filter((port) => port % STRIDE === first || named.has(port));
}
