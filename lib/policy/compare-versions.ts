/**
 * Compares two versions number by number, as many numbers as `other` has. A missing number is 0; suffixes don't count.
 * Negative if `version` is older.
 */
export function compareVersions(version: string, other: string): number {
  const [left, right] = [version, other].map((text) => (/^[\d.]*/.exec(text)?.[0] ?? '').split('.').map(Number));
  const differences = right!.map((number, index) => (left![index] ?? 0) - number);
  return differences.find((difference) => difference !== 0) ?? 0;
}
