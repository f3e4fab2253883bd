// Compares two generated configs line by line, as `diff` does, for the part of a review that shows what changes in a
// device's text.

/** The number of diff lines that are printed. */
const MAX_DIFF_LINES = 200;
/** A longer line is a list of elements, and is compared element by element. */
const LONG_LINE_CHARACTERS = 160;
/** The limit of comparisons for an exact diff. Larger texts are compared without regard to order. */
const MAX_COMPARISONS = 4_000_000;

/** Returns the lines that differ, in the order of the texts: removed ones with `-`, added ones with `+`. */
export function compareTexts(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const [unitsBefore, unitsAfter] = [splitUnits(before), splitUnits(after)];
  let [prefixLength, suffixLength] = [0, 0];
  const minLength = Math.min(unitsBefore.length, unitsAfter.length);
  while (prefixLength < minLength && unitsBefore[prefixLength] === unitsAfter[prefixLength]) prefixLength += 1;
  while (
    suffixLength < minLength - prefixLength &&
    unitsBefore[unitsBefore.length - 1 - suffixLength] === unitsAfter[unitsAfter.length - 1 - suffixLength]
  )
    suffixLength += 1;
  const [changedBefore, changedAfter] = [
    unitsBefore.slice(prefixLength, unitsBefore.length - suffixLength),
    unitsAfter.slice(prefixLength, unitsAfter.length - suffixLength),
  ];
  const diffLines =
    (changedBefore.length + 1) * (changedAfter.length + 1) <= MAX_COMPARISONS
      ? compareInOrder(changedBefore, changedAfter)
      : compareUnordered(changedBefore, changedAfter);
  return diffLines.length <= MAX_DIFF_LINES
    ? diffLines
    : [...diffLines.slice(0, MAX_DIFF_LINES - 1), `and ${diffLines.length - MAX_DIFF_LINES + 1} more lines`];
}

const splitUnits = (text: string): readonly string[] => {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.flatMap((line) => (line.length <= LONG_LINE_CHARACTERS ? [line] : line.split(/(?<=[,{]) /)));
};

/** Compares by the longest common subsequence. */
function compareInOrder(unitsBefore: readonly string[], unitsAfter: readonly string[]): readonly string[] {
  const width = unitsAfter.length + 1;
  const lengths = new Int32Array((unitsBefore.length + 1) * width);
  for (let beforeIndex = unitsBefore.length - 1; beforeIndex >= 0; beforeIndex--)
    for (let afterIndex = unitsAfter.length - 1; afterIndex >= 0; afterIndex--)
      lengths[beforeIndex * width + afterIndex] =
        unitsBefore[beforeIndex] === unitsAfter[afterIndex]
          ? lengths[(beforeIndex + 1) * width + afterIndex + 1]! + 1
          : Math.max(lengths[(beforeIndex + 1) * width + afterIndex]!, lengths[beforeIndex * width + afterIndex + 1]!);
  const diffLines: string[] = [];
  for (let beforeIndex = 0, afterIndex = 0; beforeIndex < unitsBefore.length || afterIndex < unitsAfter.length;) {
    if (
      beforeIndex < unitsBefore.length &&
      afterIndex < unitsAfter.length &&
      unitsBefore[beforeIndex] === unitsAfter[afterIndex]
    )
      [beforeIndex, afterIndex] = [beforeIndex + 1, afterIndex + 1];
    else if (
      afterIndex === unitsAfter.length ||
      (beforeIndex < unitsBefore.length &&
        lengths[(beforeIndex + 1) * width + afterIndex]! >= lengths[beforeIndex * width + afterIndex + 1]!)
    )
      diffLines.push(`-${unitsBefore[beforeIndex++]}`);
    else diffLines.push(`+${unitsAfter[afterIndex++]}`);
  }
  return diffLines;
}

/** Returns the lines that one text has more often than the other. */
function compareUnordered(unitsBefore: readonly string[], unitsAfter: readonly string[]): readonly string[] {
  const listExtra = (units: readonly string[], otherUnits: readonly string[]): readonly string[] => {
    const remainingCounts = new Map<string, number>();
    for (const unit of otherUnits) remainingCounts.set(unit, (remainingCounts.get(unit) ?? 0) + 1);
    return units.filter((unit) => {
      const count = remainingCounts.get(unit) ?? 0;
      remainingCounts.set(unit, count - 1);
      return count <= 0;
    });
  };
  return [
    ...listExtra(unitsBefore, unitsAfter).map((unit) => `-${unit}`),
    ...listExtra(unitsAfter, unitsBefore).map((unit) => `+${unit}`),
  ];
}
