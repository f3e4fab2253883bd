/**
 * Compares two versions, such as `1.0.6` and `1.1`, number by number, by as many numbers as `other` has. A missing
 * number counts as 0, and suffixes are ignored. The result is negative if `version` is older, 0 if equal.
 */
export function compareVersions(version: string, other: string): number {
  const [left, right] = [version, other].map((text) => (/^[\d.]*/.exec(text)?.[0] ?? '').split('.').map(Number));
  const differences = right!.map((number, index) => (left![index] ?? 0) - number);
  return differences.find((difference) => difference !== 0) ?? 0;
}
