import { refuse } from '../problems';
import { Element } from '../ruleset';
import { addressRange, numberRange } from '../../../../parse/netfilter/values';
import { FLAGS } from '../../../../parse/netfilter/words';
import { NUMBERED } from '../data-types';
import { numbersAs } from '../number-prefix';

interface Span {
  readonly first: bigint | number;
  readonly last: bigint | number;
}

type Types = readonly (string | undefined)[] | undefined;

/** Comparisons of elements of which each is made of several values: more of them than any ruleset needs. */
const MOST_WORK = 20_000_000;

/** Undefined for what is no number: such values are equal or not, and nothing between. */
function spanOf(type: string | undefined, text: string): Span | undefined {
  if (type === 'ipv4_addr' || type === 'ipv6_addr') return addressRange(text);
  if (type === 'ct_state') return numberRange(text, FLAGS.state!);
  const numbers = type === undefined ? undefined : NUMBERED[type];
  return numbers && numbersAs(text, numbers.words, numbers.width);
}

const leadsTo = ({ data, verdict }: Element): string => (verdict ? JSON.stringify(verdict) : (data ?? []).join(' . '));

/**
 * Two elements that the kernel won't have beside each other. The same key again is one element, if it leads to the same; intervals
 * that overlap are refused. Where an element has several values, nothing is known of those that aren't numbers but whether they are equal.
 */
export function overlapping(
  elements: readonly Element[],
  types: Types,
  interval: boolean,
): { first: Element; second: Element } | undefined {
  const keys = new Map<string | bigint | number, Element>();
  const spans: { readonly element: Element; readonly key: readonly (Span | string)[] }[] = [];
  for (const element of elements) {
    const key = element.key.map((text, i) => spanOf(types?.[i], text) ?? text);
    const name = nameOf(key);
    const known = keys.get(name);
    if (known && leadsTo(known) !== leadsTo(element)) return { first: known, second: element };
    if (known || name === '"*"') continue;
    keys.set(name, element);
    if (interval) spans.push({ element, key });
  }
  if (spans.length < 2) return undefined;
  const axis = sharpest(spans.map(({ key }) => key));
  if (axis === undefined) return undefined;
  const sorted = spans.map(({ element, key }, index) => ({ element, key, at: key[axis] as Span, index }));
  sorted.sort((a, b) => (a.at.first < b.at.first ? -1 : a.at.first > b.at.first ? 1 : 0));
  return swept(sorted);
}

/** The same for keys that are the same. Most are one number, of which no text need be made; one that is exact as a double is hashed faster. */
function nameOf(key: readonly (Span | string)[]): string | bigint | number {
  const [one] = key;
  if (key.length === 1 && typeof one === 'object' && one.first === one.last)
    return one.first <= Number.MAX_SAFE_INTEGER ? Number(one.first) : one.first;
  return key.map((part) => (typeof part === 'string' ? `"${part}"` : `${part.first}-${part.last}`)).join();
}

/** The axis along which most elements begin somewhere else. */
function sharpest(keys: readonly (readonly (Span | string)[])[]): number | undefined {
  let best: { readonly axis: number; readonly starts: number } | undefined;
  for (let axis = 0; axis < keys[0]!.length; axis++) {
    if (keys.some((key) => typeof key[axis] !== 'object')) continue;
    const starts = new Set(keys.map((key) => (key[axis] as Span).first)).size;
    if (!best || starts > best.starts) best = { axis, starts };
  }
  return best?.axis;
}

interface Placed {
  readonly element: Element;
  readonly key: readonly (Span | string)[];
  readonly at: Span;
  /** Which of them it is in the text. */
  readonly index: number;
}

function swept(sorted: readonly Placed[]): { first: Element; second: Element } | undefined {
  let open: Placed[] = [];
  let work = 0;
  for (const one of sorted) {
    open = open.filter(({ at }) => at.last >= one.at.first);
    work += open.length;
    if (work > MOST_WORK)
      refuse(
        'too-much-to-evaluate',
        one.element.line,
        'the elements of a set overlap in too many ways.',
        'fewer elements.',
      );
    const other = open.find((before) => (before.index < one.index ? clash(before, one) : clash(one, before)));
    if (other) return { first: other.element, second: one.element };
    open.push(one);
  }
  return undefined;
}

/**
 * Of elements with several values the kernel looks whether the corners of the second lie in the first; where they don't, it takes both,
 * and only where both lead to the same does it not matter which it finds. Source: nft_pipapo_insert.
 */
function clash(first: Placed, second: Placed): boolean {
  if (!first.key.every((mine, i) => meets(mine, second.key[i]!))) return false;
  if (first.key.length === 1) return true;
  const corner = (end: 'first' | 'last'): boolean =>
    first.key.every((mine, i) => {
      const theirs = second.key[i]!;
      return (
        typeof mine === 'string' ||
        typeof theirs === 'string' ||
        (mine.first <= theirs[end] && theirs[end] <= mine.last)
      );
    });
  return corner('first') || corner('last') || leadsTo(first.element) !== leadsTo(second.element);
}

const meets = (a: Span | string, b: Span | string): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : a.first <= b.last && b.first <= a.last;
