import { Problem } from '../../problems/problem';
import * as say from './problems';

/** A value of JSON, or all that keeps the text from being one. A person wrote it, so each problem has its line. */
export function readJson(
  text: string,
  name: string,
): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const marked = text.startsWith('\ufeff');
  const bare = marked ? text.slice(1) : text;
  const problems: Problem[] = marked ? [say.byteOrderMark(name)] : [];
  const place = (at: number): string => placeOf(name, bare, at);
  const scanned = scan(bare);
  problems.push(...scanned.twice.map(({ key, at }) => say.keyTwice(place(at), key)));
  let value: unknown;
  try {
    value = JSON.parse(bare);
  } catch {
    // What is wrong is said by the scan: the words of JSON.parse differ from one version of Node.js to the next, and quote the text.
    const at = scanned.broken ?? bare.length;
    problems.push(
      bare.trim() === ''
        ? say.empty(name)
        : bare.slice(at).trim() === ''
          ? say.endsEarly(place(bare.length))
          : say.notJson(place(at), bare.slice(at, at + 20)),
    );
  }
  return { value, problems };
}

function placeOf(name: string, text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `${name}, line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

const TOKEN =
  // eslint-disable-next-line no-control-regex -- what JSON doesn't let stand in a text
  /[ \t\r\n]*(?:("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;

interface Scanned {
  /** Where the text stops being JSON; undefined: nowhere. */
  readonly broken: number | undefined;
  /** Keys that one object has twice: JSON.parse silently takes the last. */
  readonly twice: readonly { readonly key: string; readonly at: number }[];
}

type Next = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Walks the text without recursion: it may be a million brackets. */
export function scan(text: string): Scanned {
  const twice: { key: string; at: number }[] = [];
  /** The keys of each open object; undefined for an open list. */
  const open: (Set<string> | undefined)[] = [];
  let next: Next = 'value';
  TOKEN.lastIndex = 0;
  for (let from = 0; ; from = TOKEN.lastIndex) {
    TOKEN.lastIndex = from;
    const found = TOKEN.exec(text);
    if (!found) {
      const at = pastSpace(text, from);
      return { broken: next === 'nothing' && at === text.length ? undefined : at, twice };
    }
    const [, string, literal, sign] = found;
    const at = TOKEN.lastIndex - (string ?? literal ?? sign)!.length;
    const [isValue, opens] = [next === 'value' || next === 'value or end', sign === '{' || sign === '['];
    const after: Next = open.length === 0 ? 'nothing' : 'comma or end';
    if (string !== undefined && (next === 'key' || next === 'key or end')) {
      const [keys, key] = [open.at(-1)!, JSON.parse(string) as string];
      if (keys.has(key)) twice.push({ key, at });
      keys.add(key);
      next = 'colon';
    } else if (isValue && (string !== undefined || literal !== undefined)) next = after;
    else if (isValue && opens) {
      open.push(sign === '{' ? new Set() : undefined);
      next = sign === '{' ? 'key or end' : 'value or end';
    } else if (sign === ':' && next === 'colon') next = 'value';
    else if (sign === ',' && next === 'comma or end') next = open.at(-1) ? 'key' : 'value';
    else if (closes(sign, next, open.at(-1))) {
      open.pop();
      next = open.length === 0 ? 'nothing' : 'comma or end';
    } else return { broken: at, twice };
  }
}

function pastSpace(text: string, from: number): number {
  let at = from;
  while (' \t\r\n'.includes(text[at] ?? 'x')) at++;
  return at;
}

function closes(sign: string | undefined, next: Next, keys: Set<string> | undefined): boolean {
  if (sign === '}') return keys !== undefined && (next === 'comma or end' || next === 'key or end');
  return sign === ']' && keys === undefined && (next === 'comma or end' || next === 'value or end');
}
