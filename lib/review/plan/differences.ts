// Lists the paths at which two JSON values differ, such as `connection.port`.

import { isRecord } from '../../agent-protocol/work-codec';

/** Returns the paths at which two values differ, `connection.port`, with both values where they are short. */
export function listDifferences(first: unknown, second: unknown, path = ''): readonly string[] {
  if (first === second) return [];
  if (Array.isArray(first) && Array.isArray(second)) {
    if (first.length !== second.length) return [printDifference(path, first, second)];
    return first.flatMap((element, index) => listDifferences(element, second[index], path));
  }
  if (!isRecord(first) || !isRecord(second)) return [printDifference(path, first, second)];
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return keys.flatMap((key) =>
    listDifferences(
      Object.hasOwn(first, key) ? first[key] : undefined,
      Object.hasOwn(second, key) ? second[key] : undefined,
      path === '' ? key : `${path}.${key}`,
    ),
  );
}

const MAX_PRINTED_CHARACTERS = 120;
function printDifference(path: string, first: unknown, second: unknown): string {
  const [leftText, rightText] = [first, second].map((value) => printValue(value));
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
