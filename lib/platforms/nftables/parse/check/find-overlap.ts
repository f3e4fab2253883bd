// Finds two elements of an nftables set or map that the kernel doesn't accept together: overlapping intervals, or one
// key with different data.

import { refuse } from '../parse-problems';
import { ParsedNftElement } from '../syntax-tree';
import { parseAddressRange, parseNumberRange } from '../../../../parse/netfilter/parse-values';
import { FLAGS } from '../../../../parse/netfilter/named-numbers';
import { NUMBER_TYPES } from '../data-types';
import { parseNumbers } from '../number-prefix';

interface ElementSpan {
  readonly first: bigint | number;
  readonly last: bigint | number;
}

type SpanTypes = readonly (string | undefined)[] | undefined;

/** The most comparisons of elements with several values: more than any ruleset needs. */
const MAX_COMPARISONS = 20_000_000;

/** Returns the numbers of a value. Returns undefined for other values: they are equal or not, and can't overlap. */
function parseSpan(type: string | undefined, text: string): ElementSpan | undefined {
  if (type === 'ipv4_addr' || type === 'ipv6_addr') return parseAddressRange(text);
  if (type === 'ct_state') return parseNumberRange(text, FLAGS.state!);
  const numbers = type === undefined ? undefined : NUMBER_TYPES[type];
  return numbers && parseNumbers(text, numbers.words, numbers.width);
}

const toTargetKey = ({ data, verdict }: ParsedNftElement): string =>
  verdict ? JSON.stringify(verdict) : (data ?? []).join(' . ');

/**
 * Returns two elements that the kernel doesn't accept together. The same key again is one element if it leads to the
 * same data. Intervals that overlap are refused. If elements have several values, those that aren't numbers are only
 * compared for equality.
 */
export function findOverlap(
  elements: readonly ParsedNftElement[],
  types: SpanTypes,
  isInterval: boolean,
): { first: ParsedNftElement; second: ParsedNftElement } | undefined {
  const keys = new Map<string | bigint | number, ParsedNftElement>();
  const spans: { readonly element: ParsedNftElement; readonly key: readonly (ElementSpan | string)[] }[] = [];
  for (const element of elements) {
    const key = element.key.map((text, i) => parseSpan(types?.[i], text) ?? text);
    const name = toKeyName(key);
    const earlier = keys.get(name);
    if (earlier && toTargetKey(earlier) !== toTargetKey(element)) return { first: earlier, second: element };
    if (earlier || name === '"*"') continue;
    keys.set(name, element);
    if (isInterval) spans.push({ element, key });
  }
  if (spans.length < 2) return undefined;
  const axis = pickAxis(spans.map(({ key }) => key));
  if (axis === undefined) return undefined;
  const sorted = spans.map(({ element, key }, index) => ({ element, key, at: key[axis] as ElementSpan, index }));
  sorted.sort((a, b) => (a.at.first < b.at.first ? -1 : a.at.first > b.at.first ? 1 : 0));
  return sweepElements(sorted);
}

/**
 * Returns a key that is equal for equal elements. Most keys are one number, which needs no text. A number that is exact
 * as a double is hashed faster.
 */
function toKeyName(key: readonly (ElementSpan | string)[]): string | bigint | number {
  const [single] = key;
  if (key.length === 1 && typeof single === 'object' && single.first === single.last)
    return single.first <= Number.MAX_SAFE_INTEGER ? Number(single.first) : single.first;
  return key.map((part) => (typeof part === 'string' ? `"${part}"` : `${part.first}-${part.last}`)).join();
}

/** Returns the axis with the most different starts. */
function pickAxis(keys: readonly (readonly (ElementSpan | string)[])[]): number | undefined {
  let best: { readonly axis: number; readonly starts: number } | undefined;
  for (let axis = 0; axis < keys[0]!.length; axis++) {
    if (keys.some((key) => typeof key[axis] !== 'object')) continue;
    const starts = new Set(keys.map((key) => (key[axis] as ElementSpan).first)).size;
    if (!best || starts > best.starts) best = { axis, starts };
  }
  return best?.axis;
}

interface SweptElement {
  readonly element: ParsedNftElement;
  readonly key: readonly (ElementSpan | string)[];
  readonly at: ElementSpan;
  /** The element's position in the text. */
  readonly index: number;
}

function sweepElements(
  sorted: readonly SweptElement[],
): { first: ParsedNftElement; second: ParsedNftElement } | undefined {
  let openElements: SweptElement[] = [];
  let comparisons = 0;
  for (const current of sorted) {
    openElements = openElements.filter(({ at: span }) => span.last >= current.at.first);
    comparisons += openElements.length;
    if (comparisons > MAX_COMPARISONS)
      refuse(
        'too-much-to-evaluate',
        current.element.line,
        'the elements of a set overlap in too many ways.',
        'fewer elements.',
      );
    const conflicting = openElements.find((earlier) =>
      earlier.index < current.index ? isConflict(earlier, current) : isConflict(current, earlier),
    );
    if (conflicting) return { first: conflicting.element, second: current.element };
    openElements.push(current);
  }
  return undefined;
}

/**
 * Returns whether two elements conflict. For elements with several values the kernel checks whether a corner of the
 * second lies in the first. If none does, it takes both: then it matters which of them it finds, unless both lead to
 * the same data. Source: nft_pipapo_insert.
 */
function isConflict(first: SweptElement, second: SweptElement): boolean {
  if (!first.key.every((firstPart, i) => overlaps(firstPart, second.key[i]!))) return false;
  if (first.key.length === 1) return true;
  const coversCorner = (end: 'first' | 'last'): boolean =>
    first.key.every((firstPart, i) => {
      const secondPart = second.key[i]!;
      return (
        typeof firstPart === 'string' ||
        typeof secondPart === 'string' ||
        (firstPart.first <= secondPart[end] && secondPart[end] <= firstPart.last)
      );
    });
  return coversCorner('first') || coversCorner('last') || toTargetKey(first.element) !== toTargetKey(second.element);
}

const overlaps = (a: ElementSpan | string, b: ElementSpan | string): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : a.first <= b.last && b.first <= a.last;
