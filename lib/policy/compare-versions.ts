/** Number by number, as many as the other has; what isn't there is 0, and suffixes don't count. Negative where it is older. */
export function compareVersions(version: string, other: string): number {
  const [left, right] = [version, other].map((text) => (/^[\d.]*/.exec(text)?.[0] ?? '').split('.').map(Number));
  const differences = right!.map((number, index) => (left![index] ?? 0) - number);
  return differences.find((difference) => difference !== 0) ?? 0;
}
