// Prints plain data (texts, numbers, lists, objects) as TypeScript source, as a person would write it; also single keys
// and quoted strings.

/** A value that can be printed as TypeScript source. */
export type TypescriptValue =
  | string
  | number
  | boolean
  | TypescriptExpression
  | readonly TypescriptValue[]
  | { readonly [key: string]: TypescriptValue };

/** Code that is printed unchanged. */
export class TypescriptExpression {
  constructor(readonly code: string) {}
}

const MAX_LINE_LENGTH = 140;

/**
 * Prints a value as the formatter of this package's own sources would, at this indent and after `usedColumns`
 * characters of its line.
 */
export function printTypescriptValue(value: TypescriptValue, indent: string, usedColumns: number): string {
  const line = printOnOneLine(value);
  // A comma or a semicolon follows.
  if (line !== undefined && indent.length + usedColumns + countWidth(line) + 1 <= MAX_LINE_LENGTH) return line;
  return printMultiline(value, indent);
}

/** Prints a value on several lines, however much room there is. */
export function printMultiline(value: TypescriptValue, indent: string): string {
  const innerIndent = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((element) => typeof element === 'number'))
      return `[\n${wrapNumbers(value, innerIndent)}\n${indent}]`;
    return `[\n${(value as readonly TypescriptValue[]).map((element) => `${innerIndent}${printTypescriptValue(element, innerIndent, 0)},\n`).join('')}${indent}]`;
  }
  if (typeof value !== 'object' || value instanceof TypescriptExpression) return printOnOneLine(value)!;
  const fields = Object.entries(value).map(([key, element]) => {
    const name = printKey(key);
    return `${innerIndent}${name}: ${printTypescriptValue(element, innerIndent, name.length + 2)},\n`;
  });
  return fields.length === 0 ? '{}' : `{\n${fields.join('')}${indent}}`;
}

/**
 * Returns the value on one line. Undefined for lists of objects and lists of lists, which the formatter never puts on
 * one line.
 */
function printOnOneLine(value: TypescriptValue): string | undefined {
  if (value instanceof TypescriptExpression) return value.code;
  if (typeof value === 'string') return quoteString(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    const list = value as readonly TypescriptValue[];
    if (list.length > 1 && (list.every(isLargeObject) || list.every(isLargeList))) return undefined;
    const parts = list.map(printOnOneLine);
    return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const parts = entries.map(([key, field]) => {
    const line = printOnOneLine(field);
    return line === undefined ? undefined : `${printKey(key)}: ${line}`;
  });
  return parts.includes(undefined) ? undefined : `{ ${parts.join(', ')} }`;
}

const isLargeObject = (value: TypescriptValue): boolean =>
  typeof value === 'object' &&
  !(value instanceof TypescriptExpression) &&
  !Array.isArray(value) &&
  Object.keys(value).length > 1;

const isLargeList = (value: TypescriptValue): boolean => Array.isArray(value) && value.length > 1;

/** Wraps numbers so that as many as fit stand on one line. */
function wrapNumbers(numbers: readonly number[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const number of numbers) {
    const extendedLine = line === '' ? `${indent}${number},` : `${line} ${number},`;
    if (extendedLine.length > MAX_LINE_LENGTH) {
      lines.push(line);
      line = `${indent}${number},`;
    } else line = extendedLine;
  }
  return [...lines, line].join('\n');
}

/** Prints the name of a field before its value. */
export const printKey = (key: string): string => (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : quoteString(key));

/** Quotes a string with single quotes, unless that makes more escapes. Invisible characters become escapes. */
export function quoteString(text: string): string {
  const quote = text.split("'").length > text.split('"').length ? '"' : "'";
  const inside = text.replace(/[\\'"]|[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\\' || character === quote
      ? `\\${character}`
      : character === "'" || character === '"'
        ? character
        : escapeCharacter(character),
  );
  return `${quote}${inside}${quote}`;
}

const escapeCharacter = (character: string): string =>
  character
    .split('')
    .map((codeUnit) => `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const WIDE_CHARACTER =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Counts columns as the formatter does: some characters take two columns, combining marks none. */
const countWidth = (text: string): number =>
  [...text].reduce(
    (total, character) => total + (/\p{M}/u.test(character) ? 0 : WIDE_CHARACTER.test(character) ? 2 : 1),
    0,
  );
