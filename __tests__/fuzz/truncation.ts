// Fuzz target: texts that are cut off, which must be refused unless they end between statements.

import { compareReachability } from '../../lib/reachability/compare-reachability';
import { printTitle } from '../../lib/reachability/print-reachability';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { Fuzz } from './random';
import { wrongEnd } from './judge-ending';
import { Sample, samples } from './texts';

/** The places where a text may end unnoticed: after a whole top-level statement, or within a comment there. */
export function endsBetweenStatements(text: string): boolean {
  let depth = 0;
  let isWhole = true;
  for (const line of text.split(/(?<=\n)/)) {
    for (const piece of line.replace(/#.*/, '').match(/"[^"\n]*"?|[{}]|[^{}"]+/g) ?? []) {
      if (piece === '{') depth += 1;
      else if (piece === '}') depth -= 1;
      if (piece.trim() !== '')
        isWhole = depth === 0 && (line.trim() === '}' || (line.endsWith('\n') && !piece.endsWith('\\\n')));
    }
  }
  return depth === 0 && isWhole;
}

/** The fault in the evaluation of a text that is cut off. */
function cutAt({ name, text, device }: Sample, at: number): string | undefined {
  const left = text.slice(0, at);
  try {
    // The beginning is evaluated first: nearly all of it is refused, and then the whole needn't be evaluated.
    const after = parser.read(left, device).reachability;
    const before = parser.read(text, device).reachability;
    const silent = compareReachability(before, after).filter(
      ({ closed, changed }) => !closed.isEmpty || !changed.isEmpty,
    );
    if (!endsBetweenStatements(left))
      return `${name}, cut at ${at}, is read as if it were whole: …${JSON.stringify(left.slice(-60))}`;
    // Only whole tables can be lost there: without a translating table, its packets are denied or go elsewhere.
    if (silent.length === 0 || text.slice(at).includes('type nat')) return undefined;
    return `${name}, cut at ${at}, closes silently what passes ${silent.map(({ startLocation }) => printTitle(startLocation, device)).join(', ')}`;
  } catch (error) {
    return wrongEnd(error);
  }
}

/** Every sample at as many places as `size` says. */
export function truncation(size: number): Fuzz {
  const all = samples();
  return (random, seed) => {
    const sample = all[seed % all.length]!;
    const places = [...random.several(size, () => random.below(sample.text.length)), ...lineEnds(sample.text)];
    const wrong = places.flatMap((at) => cutAt(sample, at) ?? []);
    return {
      input: sample.name,
      wrong: wrong.length > 0 ? `${wrong.length} cuts: ${wrong.slice(0, 3).join('; ')}` : undefined,
    };
  };
}

const lineEnds = (text: string): readonly number[] =>
  [...text.matchAll(/\n/g)].flatMap(({ index }) => [index, index + 1]);
