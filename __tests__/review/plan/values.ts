// Unfolds a plan to all values that it holds, encoded ones too, so that tests can change each one.

import { deflateSync, inflateSync } from 'node:zlib';

// A plan as a tree of values: packed values are unpacked, so that a change affects a value and not its encoding.

type Json = unknown;
export type Path = readonly (string | number)[];

const WORK = /^CPANEL_EDGE_WORK_0$/;
const isBase64Json = (key: string | number, value: string): boolean =>
  (key === 'policy' || key === 'value' || key === 'default') && value.startsWith('eyJ');

/** Returns the plan with its packed work and policies as objects, under `{ unfolded, as }`. */
export function unfold(value: Json, key: string | number = ''): Json {
  if (typeof value === 'string') {
    if (WORK.test(String(key))) {
      const work = JSON.parse(inflateSync(Buffer.from(value.replace(/^\d+:/, ''), 'base64')).toString('utf8')) as {
        release: { policy: string };
      };
      return {
        as: 'work',
        unfolded: {
          ...work,
          release: { ...work.release, policy: { as: 'text', unfolded: JSON.parse(work.release.policy) as Json } },
        },
      };
    }
    return isBase64Json(key, value)
      ? { as: 'base64', unfolded: JSON.parse(Buffer.from(value, 'base64').toString('utf8')) as Json }
      : value;
  }
  if (Array.isArray(value)) return value.map((each, nth) => unfold(each, nth));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unfold(each, name)]));
}

/** Reverses `unfold`. */
export function fold(value: Json): Json {
  if (Array.isArray(value)) return value.map(fold);
  if (typeof value !== 'object' || value === null) return value;
  const { as, unfolded } = value as { as?: string; unfolded?: Json };
  if (unfolded === undefined)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fold(each)]));
  const text = JSON.stringify(fold(unfolded));
  if (as === 'text') return text;
  return as === 'base64'
    ? Buffer.from(text).toString('base64')
    : `1:${deflateSync(Buffer.from(text)).toString('base64')}`;
}

/** Returns every value that is no object or list, with its path. */
export function listPaths(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'as' && Object.hasOwn(value, 'unfolded')
      ? []
      : listPaths(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

export const valueAt = (value: Json, path: Path): Json =>
  path.reduce((at, key) => (at as Record<string | number, Json>)[key], value);

/** Returns the same plan with another value at one path. */
export function withValue(value: Json, path: Path, other: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as Json[])] : { ...(value as object) }) as Record<
    string | number,
    Json
  >;
  copy[key] = withValue(copy[key], rest, other);
  return copy as Json;
}

/** Returns other values of the same kind that a user could write. */
export function otherValues(value: Json): readonly Json[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value === 0 ? 7 : 0];
  if (typeof value !== 'string') return ['x'];
  const digit = /\d(?=\D*$)/.exec(value);
  return [
    `${value}x`,
    value === '' ? 'y' : value.slice(0, -1),
    ...(digit ? [`${value.slice(0, digit.index)}${(Number(digit[0]) + 1) % 10}${value.slice(digit.index + 1)}`] : []),
  ];
}

/** Returns a path such as `resource_changes.*.change.before`, in which only indices are wildcards. */
export const printPath = (path: Path): string =>
  path
    .filter((key) => key !== 'unfolded')
    .map((key) => (typeof key === 'number' ? '*' : key))
    .join('.');
