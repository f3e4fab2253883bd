/** Number by number, as many as the other has; what isn't there is 0, and suffixes don't count. Negative where it is older. */
export function comparedVersions(version: string, other: string): number {
  const [one, two] = [version, other].map((text) => (/^[\d.]*/.exec(text)?.[0] ?? '').split('.').map(Number));
  const differences = two!.map((number, at) => (one![at] ?? 0) - number);
  return differences.find((difference) => difference !== 0) ?? 0;
}
