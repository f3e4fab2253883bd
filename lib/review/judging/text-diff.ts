/** How much of a difference is said. */
const MOST_LINES = 200;
/** A line that is longer is a list of elements: it is compared element by element. */
const LONG = 160;
/** Comparisons of an exact difference; texts that need more are compared without regard to what moved. */
const MOST_COMPARED = 4_000_000;

/** Lines that differ, in the order of the texts, removed ones with `-`, added ones with `+`. */
export function textDiff(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const [a, b] = [unitsOf(before), unitsOf(after)];
  let [first, cut] = [0, 0];
  const least = Math.min(a.length, b.length);
  while (first < least && a[first] === b[first]) first += 1;
  while (cut < least - first && a[a.length - 1 - cut] === b[b.length - 1 - cut]) cut += 1;
  const [mineA, mineB] = [a.slice(first, a.length - cut), b.slice(first, b.length - cut)];
  const all =
    (mineA.length + 1) * (mineB.length + 1) <= MOST_COMPARED ? shortest(mineA, mineB) : unordered(mineA, mineB);
  return all.length <= MOST_LINES
    ? all
    : [...all.slice(0, MOST_LINES - 1), `and ${all.length - MOST_LINES + 1} more lines`];
}

const unitsOf = (text: string): readonly string[] => {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.flatMap((line) => (line.length <= LONG ? [line] : line.split(/(?<=[,{]) /)));
};

/** By the longest common subsequence. */
function shortest(a: readonly string[], b: readonly string[]): readonly string[] {
  const width = b.length + 1;
  const lengths = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const out: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j === b.length || (i < a.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!))
      out.push(`-${a[i++]}`);
    else out.push(`+${b[j++]}`);
  }
  return out;
}

/** What one of them has more often than the other. */
function unordered(a: readonly string[], b: readonly string[]): readonly string[] {
  const more = (these: readonly string[], those: readonly string[]): readonly string[] => {
    const left = new Map<string, number>();
    for (const unit of those) left.set(unit, (left.get(unit) ?? 0) + 1);
    return these.filter((unit) => {
      const count = left.get(unit) ?? 0;
      left.set(unit, count - 1);
      return count <= 0;
    });
  };
  return [...more(a, b).map((unit) => `-${unit}`), ...more(b, a).map((unit) => `+${unit}`)];
}
