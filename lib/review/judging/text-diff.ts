/** How much of a difference is said. */
const MOST_LINES = 200;
/** A line that is longer is a list of elements: it is compared element by element. */
const LONG = 160;

/** Lines that differ, in the order of the texts, removed ones with `-`, added ones with `+`. Lines that only moved count as both. */
export function textDiff(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const [a, b] = [unitsOf(before), unitsOf(after)];
  const [leftA, leftB] = [counted(a), counted(b)];
  const out: string[] = [];
  let more = 0;
  const say = (line: string): void => {
    if (out.length < MOST_LINES - 1) out.push(line);
    else more += 1;
  };
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [was, will] = [a[i], b[j]];
    if (was !== undefined && was === will) {
      take(leftA, was);
      take(leftB, was);
      i += 1;
      j += 1;
    } else if (was !== undefined && (will === undefined || !leftB.get(was) || leftA.get(will))) {
      say(`-${was}`);
      take(leftA, was);
      i += 1;
    } else {
      say(`+${will}`);
      take(leftB, will!);
      j += 1;
    }
  }
  return more === 0 ? out : [...out, `and ${more} more lines`];
}

const unitsOf = (text: string): readonly string[] => {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.flatMap((line) => (line.length <= LONG ? [line] : line.split(/(?<=[,{]) /)));
};

function counted(units: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return counts;
}

const take = (counts: Map<string, number>, unit: string): void => {
  counts.set(unit, (counts.get(unit) ?? 0) - 1);
};
