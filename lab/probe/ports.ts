// Lists all TCP ports, and prints and parses lists of ports with ranges.

/** All ports, 1 to 65535. */
export const EVERY_PORT: readonly number[] = Array.from({ length: 65_535 }, (_, at) => at + 1);

/** Returns port numbers as a list with ranges, as people write them. */
export function printPorts(ports: Iterable<number>): string {
  const sorted = [...new Set(ports)].sort((a, b) => a - b);
  const runs: { first: number; last: number }[] = [];
  for (const port of sorted) {
    const previous = runs.at(-1);
    if (previous && port === previous.last + 1) previous.last = port;
    else runs.push({ first: port, last: port });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',') || 'none';
}

/** Parses such a list, which nmap prints: `1-21,23`. */
export function parsePorts(text: string): readonly number[] {
  return text
    .split(',')
    .filter(Boolean)
    .flatMap((part) => {
      const [first = NaN, last = first] = part.split('-').map(Number);
      if (!(first >= 0 && last <= 65535 && first <= last)) throw new Error(`"${part}" is no range of ports.`);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
}
