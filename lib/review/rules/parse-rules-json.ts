// Parses the JSON of a file of review rules, with the line of each problem.

import { Problem } from '../../problems/problem';
import * as say from './rules-problems';

/**
 * Returns the JSON value, or every problem that keeps the text from being JSON. A person wrote the text, so each
 * problem has its line.
 */
export function parseRulesJson(
  text: string,
  name: string,
): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const hasByteOrderMark = text.startsWith('\ufeff');
  const jsonText = hasByteOrderMark ? text.slice(1) : text;
  const problems: Problem[] = hasByteOrderMark ? [say.createByteOrderMark(name)] : [];
  const printPlace = (offset: number): string => printPosition(name, jsonText, offset);
  const scannedJson = scanJson(jsonText);
  problems.push(
    ...scannedJson.duplicateKeys.map(({ key, at: offset }) => say.createDuplicateKey(printPlace(offset), key)),
  );
  let value: unknown;
  try {
    value = JSON.parse(jsonText);
  } catch {
    // The scan finds the place. The message of JSON.parse differs from one version of Node.js to the next, and quotes
    // the text.
    const offset = scannedJson.brokenAt ?? jsonText.length;
    problems.push(
      jsonText.trim() === ''
        ? say.createEmptyFile(name)
        : jsonText.slice(offset).trim() === ''
          ? say.createEndsEarly(printPlace(jsonText.length))
          : say.createNotJson(printPlace(offset), jsonText.slice(offset, offset + 20)),
    );
  }
  return { value, problems };
}

function printPosition(name: string, text: string, offset: number): string {
  const linesBefore = text.slice(0, offset).split('\n');
  return `${name}, line ${linesBefore.length}, column ${linesBefore.at(-1)!.length + 1}`;
}

const JSON_TOKEN =
  // eslint-disable-next-line no-control-regex -- what JSON doesn't let stand in a text
  /[ \t\r\n]*(?:("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;

interface ScannedJson {
  /** Offset at which the text stops being JSON. Undefined: the scan found no such place. */
  readonly brokenAt: number | undefined;
  /** Keys that one object has twice. JSON.parse silently takes the last one. */
  readonly duplicateKeys: readonly { readonly key: string; readonly at: number }[];
}

type ExpectedToken = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Scans the text without recursion, because it may hold a million brackets. */
export function scanJson(text: string): ScannedJson {
  const duplicateKeys: { key: string; at: number }[] = [];
  /** The keys of each open object; undefined for an open list. */
  const openContainers: (Set<string> | undefined)[] = [];
  let expectedToken: ExpectedToken = 'value';
  JSON_TOKEN.lastIndex = 0;
  for (let start = 0; ; start = JSON_TOKEN.lastIndex) {
    JSON_TOKEN.lastIndex = start;
    const tokenMatch = JSON_TOKEN.exec(text);
    if (!tokenMatch) {
      const offset = skipSpace(text, start);
      return { brokenAt: expectedToken === 'nothing' && offset === text.length ? undefined : offset, duplicateKeys };
    }
    const [, string, literal, sign] = tokenMatch;
    const offset = JSON_TOKEN.lastIndex - (string ?? literal ?? sign)!.length;
    const [isValue, isOpening] = [
      expectedToken === 'value' || expectedToken === 'value or end',
      sign === '{' || sign === '[',
    ];
    const expectedAfterValue: ExpectedToken = openContainers.length === 0 ? 'nothing' : 'comma or end';
    if (string !== undefined && (expectedToken === 'key' || expectedToken === 'key or end')) {
      const [keys, key] = [openContainers.at(-1)!, JSON.parse(string) as string];
      if (keys.has(key)) duplicateKeys.push({ key, at: offset });
      keys.add(key);
      expectedToken = 'colon';
    } else if (isValue && (string !== undefined || literal !== undefined)) expectedToken = expectedAfterValue;
    else if (isValue && isOpening) {
      openContainers.push(sign === '{' ? new Set() : undefined);
      expectedToken = sign === '{' ? 'key or end' : 'value or end';
    } else if (sign === ':' && expectedToken === 'colon') expectedToken = 'value';
    else if (sign === ',' && expectedToken === 'comma or end') expectedToken = openContainers.at(-1) ? 'key' : 'value';
    else if (isClosing(sign, expectedToken, openContainers.at(-1))) {
      openContainers.pop();
      expectedToken = openContainers.length === 0 ? 'nothing' : 'comma or end';
    } else return { brokenAt: offset, duplicateKeys };
  }
}

function skipSpace(text: string, start: number): number {
  let offset = start;
  while (' \t\r\n'.includes(text[offset] ?? 'x')) offset++;
  return offset;
}

function isClosing(sign: string | undefined, expectedToken: ExpectedToken, keys: Set<string> | undefined): boolean {
  if (sign === '}') return keys !== undefined && (expectedToken === 'comma or end' || expectedToken === 'key or end');
  return sign === ']' && keys === undefined && (expectedToken === 'comma or end' || expectedToken === 'value or end');
}
