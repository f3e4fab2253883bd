// Creates odd JSON values and broken JSON text for the fuzz targets.

import { Random } from './random';

/**
 * Values that plain data should not have: wrong types, numbers at the edge, keys that reach a prototype, halves of
 * characters.
 */
export const ODD_JSON: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  'NaN',
  '__proto__',
  'constructor',
  '0',
  '22',
  'anywhere',
  'all',
  '\ud800',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  'x\ny',
  '${x}',
  '10.0.0.0/33',
  '0.0.0.0/0',
  '::/0',
  '1-65535',
  'x'.repeat(5000),
  [],
  [[]],
  {},
  { __proto__: null, toString: 1 },
  JSON.parse('{"__proto__": {"format": 1}}'),
  JSON.parse('{"constructor": {"prototype": {"x": 1}}}'),
  Array(2000).fill(0),
];

/** Plain data with one change. */
export function oddly(value: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(value);
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const collect = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const below = holder[key];
      if (typeof below === 'object' && below !== null) collect(below as Record<string, unknown>);
    }
  };
  collect({ root: copy });
  if (places.length === 0) return copy;
  for (let left = 1 + random.below(random.once(4) ? 5 : 1); left > 0; left--) {
    const { holder, key } = random.oneOf(places);
    const other = random.oneOf(places);
    switch (random.below(7)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
        break;
      case 1:
        holder[key] = structuredClone(other.holder[other.key]);
        break;
      case 2:
        Object.defineProperty(holder, random.oneOf(['__proto__', 'constructor', 'toString', 'extra', other.key]), {
          value: random.oneOf(ODD_JSON),
          enumerable: true,
          configurable: true,
          writable: true,
        });
        break;
      case 3:
        holder[key] = [holder[key]];
        break;
      case 4:
        holder[key] = typeof holder[key] === 'string' ? oddText(holder[key], random) : random.oneOf(ODD_JSON);
        break;
      case 5:
        if (Array.isArray(holder)) holder.push(...(structuredClone(holder) as unknown[]));
        else
          holder[key] =
            typeof holder[key] === 'number' ? holder[key] + random.oneOf([-1, 1, 0.5, 1e9]) : random.oneOf(ODD_JSON);
        break;
      default:
        holder[key] = random.oneOf(ODD_JSON);
    }
  }
  return copy;
}

export function oddText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const put = random.oneOf([
    '',
    ' ',
    '0',
    '/',
    '-',
    '.',
    ':',
    'A',
    '\u0000',
    '\ud800',
    '"',
    '\\',
    '\n',
    '\u202e',
    '${',
    String(random.below(70_000)),
  ]);
  return text.slice(0, at) + put + text.slice(at + random.below(3));
}

/** JSON that is nested so deep that a recursive parser overflows its stack. */
export const deep = (depth: number, random: Random): string =>
  random.once(2) ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"jump":'.repeat(depth)}1${'}'.repeat(depth)}`;
