// Lists the paths at which two JSON values differ, such as `connection.port`.

import { isRecord } from '../../agent-protocol/work-codec';

/** Returns the paths at which two values differ, `connection.port`, with both values where they are short. */
export function listDifferences(left: unknown, right: unknown, path = ''): readonly string[] {
  if (left === right) return [];
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return [printDifference(path, left, right)];
    return left.flatMap((element, index) => listDifferences(element, right[index], path));
  }
  if (!isRecord(left) || !isRecord(right)) return [printDifference(path, left, right)];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) =>
    listDifferences(
      Object.hasOwn(left, key) ? left[key] : undefined,
      Object.hasOwn(right, key) ? right[key] : undefined,
      path === '' ? key : `${path}.${key}`,
    ),
  );
}

const MAX_PRINTED_CHARACTERS = 120;
function printDifference(path: string, left: unknown, right: unknown): string {
  const [leftText, rightText] = [left, right].map((value) => printValue(value));
  return leftText!.length + rightText!.length > MAX_PRINTED_CHARACTERS
    ? path
    : `${path === '' ? '' : `${path} `}(${leftText}, ${rightText})`;
}

/** Returns a value of parsed JSON in words. An object isn't converted, because it may hold a `toString` of its own. */
export const printValue = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? 'another value'
    : typeof value === 'string'
      ? value
      : `${value as number | boolean | null | undefined}`;
