/** A value as a person would write it in TypeScript. */
export type Written = string | number | boolean | Expression | readonly Written[] | { readonly [key: string]: Written };

/** Code that stands as it is. */
export class Expression {
  constructor(readonly code: string) {}
}

const WIDTH = 140;

/** As the formatter of this package's own sources would have it, at this indent and after so many characters of its line. */
export function printed(value: Written, indent: string, before: number): string {
  const line = onOneLine(value);
  // A comma or a semicolon follows.
  if (line !== undefined && indent.length + before + widthOf(line) + 1 <= WIDTH) return line;
  return broken(value, indent);
}

/** On lines of its own, whatever room there is. */
export function broken(value: Written, indent: string): string {
  const more = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === 'number')) return `[\n${filled(value, more)}\n${indent}]`;
    return `[\n${(value as readonly Written[]).map((one) => `${more}${printed(one, more, 0)},\n`).join('')}${indent}]`;
  }
  if (typeof value !== 'object' || value instanceof Expression) return onOneLine(value)!;
  const fields = Object.entries(value).map(([key, one]) => {
    const name = keyOf(key);
    return `${more}${name}: ${printed(one, more, name.length + 2)},\n`;
  });
  return fields.length === 0 ? '{}' : `{\n${fields.join('')}${indent}}`;
}

/** Undefined for lists of objects and of lists, which the formatter never puts on one line. */
function onOneLine(value: Written): string | undefined {
  if (value instanceof Expression) return value.code;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    const list = value as readonly Written[];
    if (list.length > 1 && (list.every(isLargeObject) || list.every(isLargeList))) return undefined;
    const parts = list.map(onOneLine);
    return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const parts = entries.map(([key, one]) => {
    const line = onOneLine(one);
    return line === undefined ? undefined : `${keyOf(key)}: ${line}`;
  });
  return parts.includes(undefined) ? undefined : `{ ${parts.join(', ')} }`;
}

const isLargeObject = (value: Written): boolean =>
  typeof value === 'object' && !(value instanceof Expression) && !Array.isArray(value) && Object.keys(value).length > 1;

const isLargeList = (value: Written): boolean => Array.isArray(value) && value.length > 1;

/** Numbers stand beside each other as far as a line reaches. */
function filled(numbers: readonly number[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const number of numbers) {
    const next = line === '' ? `${indent}${number},` : `${line} ${number},`;
    if (next.length > WIDTH) {
      lines.push(line);
      line = `${indent}${number},`;
    } else line = next;
  }
  return [...lines, line].join('\n');
}

/** A field's name, as it stands before its value. */
export const keyOf = (key: string): string => (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : quoted(key));

/** Single quotes, unless that makes more escapes. What isn't seen is an escape. */
export function quoted(text: string): string {
  const quote = text.split("'").length > text.split('"').length ? '"' : "'";
  const inside = text.replace(/[\\'"]|[\p{C}\p{Zl}\p{Zp}]/gu, (one) =>
    one === '\\' || one === quote ? `\\${one}` : one === "'" || one === '"' ? one : escape(one),
  );
  return `${quote}${inside}${quote}`;
}

const escape = (one: string): string =>
  one
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** As the formatter counts: some characters take two columns, marks over others none. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (/\p{M}/u.test(one) ? 0 : WIDE.test(one) ? 2 : 1), 0);
