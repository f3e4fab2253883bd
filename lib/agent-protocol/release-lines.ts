// Splits the readable lines of a release into keys and values, as Terraform plans show them.

import { Release } from './release';

/**
 * Returns the readable lines as a plan shows them: `web opens tcp 443: from anywhere` has the key `web opens tcp 443`.
 */
export const parseReleaseLines = ({ lines }: Pick<Release, 'lines'>): Readonly<Record<string, string>> =>
  Object.fromEntries(lines.map(splitLine));

function splitLine(line: string): [string, string] {
  const end = line.indexOf(': ');
  return end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end + 2)];
}
