// Tests that a wrong value in any field of a construct is refused at that field, with what is wrong and what to write.

import { z } from 'zod';
import * as schemas from '../../lib/intent/intent-schemas';
import { Problem } from '../../lib/problems/problem';
import { anything, refusalOf } from './refused-stacks';
import { WHOLE, Whole, treeOf } from './whole-tree';
import { drawCases } from '../randomly';

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  const own = path.length > 1 ? [path] : [];
  if (typeof value !== 'object' || value === null) return own;
  const entries = Array.isArray(value) ? value.map((one, at) => [at, one] as const) : Object.entries(value);
  return [...own, ...entries.flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((one, key) => (one as Record<string | number, unknown>)[key], value);

function changed(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = changed(copy[key], rest, by);
  return copy;
}

const HOSTILE_TEXTS = ['', '${x.y}', 'a\nb', 'x'.repeat(20_000)];
const HOSTILE_NUMBERS = [Number.NaN, 1e12, 1.5, -1];

/** Values of other types, and meaningless ones of the right type. */
function wrongFor(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [null, 7, {}, ['x'], true, () => 1, ...HOSTILE_TEXTS];
  if (typeof value === 'number') return [null, '22', {}, [], true, ...HOSTILE_NUMBERS];
  if (typeof value === 'boolean') return [null, 'true', 1, {}, []];
  return Array.isArray(value) ? [null, 7, true, 'x y', {}, [], [null], [['x']]] : [null, 7, true, 'x y', [], { zz: 1 }];
}

/**
 * Values of another type that are accepted: ports as numbers or texts, also in lists, and an empty list for an empty
 * result.
 */
const MEANT: readonly (readonly [path: RegExp, value: unknown])[] = [
  [/ports(\.\d)?$/, '22'],
  [/ports$/, 7],
  [/facts\.(rolesOff|firewalls|plans)$/, []],
  [/facts\.cpnat\.0$/, ''],
  // A protocol may be given by its number.
  [/services\.4\.protocol$/, 7],
];

const isMeant = (path: Path, value: unknown): boolean =>
  MEANT.some(([where, meant]) => where.test(path.join('.')) && JSON.stringify(meant) === JSON.stringify(value));

/** Returns whether a problem names the field or the entry that contains it. */
function isAt({ where }: Problem, path: Path): boolean {
  const last = path.at(-1)!;
  if (typeof last === 'number') return where.includes(`[${last}]`);
  return where.includes(last) || (last === 'service' && where.endsWith(']'));
}

const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 30);

describe('a wrong value in any field', () => {
  const parts = Object.keys(WHOLE) as (keyof Whole)[];

  it.each(parts.filter((part) => part !== 'carp'))('%s: is accepted as it is', (part) => {
    expect(refusalOf(treeOf(WHOLE, part))).toEqual([]);
  });

  it.each(parts)('%s: is refused at that field, with the mistake and what to write', (part) => {
    const silent = drawCases(pathsOf(WHOLE[part], [part]), 12).flatMap((path) =>
      wrongFor(valueAt(WHOLE, path)).flatMap((value) => {
        if (isMeant(path, value)) return [];
        const problems = refusalOf(treeOf(changed(WHOLE, path, value) as Whole, part));
        const isSaid = problems.some(
          (one) => one.code.includes('/') && one.what !== '' && one.instead !== '' && isAt(one, path),
        );
        return isSaid
          ? []
          : [
              `${path.join('.')} = ${show(value)}: ${problems.map(({ code, where }) => `${code} at ${where}`).join('; ')}`,
            ];
      }),
    );
    expect(silent).toEqual([]);
  });

  it.each([null, 7, {}, ['x'], ''])('capturedConfig: %j is refused there', (capturedConfig) => {
    const problems = refusalOf(
      treeOf({ ...WHOLE, gateway: { ...WHOLE.gateway, capturedConfig: anything(capturedConfig) } }, 'gateway'),
    );
    expect(problems).toEqual([expect.objectContaining({ where: expect.stringMatching(/ capturedConfig$/) as string })]);
  });

  it('covers every key that a place accepts', () => {
    const there = new Set(parts.flatMap((part) => pathsOf(WHOLE[part], [part])).map((path) => path.at(-1)));
    const intentKeys = Object.values<unknown>(schemas).flatMap((schema) =>
      schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
    );
    // Values that other tests vary: constructs of this package, and a whole file.
    const keysElsewhere = ['virtualIp', 'profile', 'mapping', 'server', 'capturedConfig'];
    expect(intentKeys.filter((key) => !there.has(key) && !keysElsewhere.includes(key))).toEqual([]);
  });
});
