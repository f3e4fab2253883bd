import { isRecord } from '../../agent-protocol/codec';

/** Paths at which two values differ, `connection.port`, with both values where they are short. */
export function listDifferences(one: unknown, other: unknown, at = ''): readonly string[] {
  if (one === other) return [];
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return [printDifference(at, one, other)];
    return one.flatMap((each, nth) => listDifferences(each, other[nth], at));
  }
  if (!isRecord(one) || !isRecord(other)) return [printDifference(at, one, other)];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) =>
    listDifferences(
      Object.hasOwn(one, key) ? one[key] : undefined,
      Object.hasOwn(other, key) ? other[key] : undefined,
      at === '' ? key : `${at}.${key}`,
    ),
  );
}

const LONGEST = 120;
function printDifference(at: string, one: unknown, other: unknown): string {
  const [a, b] = [one, other].map((value) => printValue(value));
  return a!.length + b!.length > LONGEST ? at : `${at === '' ? '' : `${at} `}(${a}, ${b})`;
}

/** A value of somebody's JSON in words. An object may hold a `toString` of its own, so it isn't converted. */
export const printValue = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? 'another value'
    : typeof value === 'string'
      ? value
      : `${value as number | boolean | null | undefined}`;
