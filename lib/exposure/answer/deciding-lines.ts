import { groupBy } from '../../net/group-by';
import { Settled } from '../../parse/reader';
import { firstOf } from '../report/service-list';

/** More than that is no answer to "what decides". */
const MOST = 3;

/** `line 24`, `lines 24, 85`, `policy drop, line 3`, `gw1: line 24`; rules first. */
export function printSettled(settled: readonly Settled[]): string {
  const each = [...groupBy(settled, ({ of = '' }) => of)];
  const all = each.flatMap(([of, its]) => {
    const said = settledIn(its);
    // As many devices as things of one: of each what fits behind its name.
    return of === '' || said.length === 0 ? said : [`${of}: ${firstOf(said, MOST)}`];
  });
  return firstOf(all, MOST);
}

function settledIn(settled: readonly Settled[]): readonly string[] {
  const rules = [
    ...new Set(settled.flatMap(({ words, line }) => (words === undefined && line !== undefined ? [line] : []))),
  ].sort((a, b) => a - b);
  const others = new Map<string, Set<number>>();
  for (const { words, line } of settled) {
    if (words === undefined) continue;
    const lines = others.get(words) ?? new Set();
    others.set(words, line === undefined ? lines : lines.add(line));
  }
  return [
    ...(rules.length === 0 ? [] : [numbered(rules)]),
    ...[...others].map(([words, lines]) =>
      lines.size === 0 ? words : `${words}, ${numbered([...lines].sort((a, b) => a - b))}`,
    ),
  ];
}

const numbered = (lines: readonly number[]): string =>
  `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, MOST).join(', ')}${lines.length > MOST ? ', …' : ''}`;
