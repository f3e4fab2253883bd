import { Included } from '../../../parse/foreign';

const INCLUDE = /^\s*include\s+"([^"\n]+)"\s*;?\s*(?:#.*)?$/;
/** nft follows no deeper. Source: MAX_INCLUDE_DEPTH in its parser.h. */
const DEEPEST = 16;

/**
 * A text with those of `others`, by their names, that it includes, in the place of the lines that say so. Where nobody could say which file is meant,
 * the line stays. A pattern means files of its own folder alone, in the order of their names.
 */
export function including(
  text: string,
  others: ReadonlyMap<string, string>,
  depth = 0,
): { readonly text: string; readonly of: readonly Included[] } {
  const of: Included[] = [];
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const path = INCLUDE.exec(line)?.[1];
    const names = path === undefined || depth >= DEEPEST ? [] : namesMeant(path, [...others.keys()]);
    if (names.length === 0) lines.push(line);
    for (const name of names) {
      const { text: whole, of: below } = including(others.get(name)!.replace(/\n$/, ''), others, depth + 1);
      of.push({ name, line: lines.length + 1 }, ...below.map((one) => ({ ...one, line: lines.length + one.line })));
      lines.push(...whole.split('\n'));
    }
  }
  return { text: lines.join('\n'), of };
}

function namesMeant(path: string, names: readonly string[]): readonly string[] {
  const [file = '', folder = '.'] = path.split('/').reverse();
  const isPattern = /[*?[]/.test(file);
  if (!isPattern) {
    const meant = names.filter((name) => name.split('/').at(-1) === file);
    const byPath = meant.filter((name) => `/${name}`.endsWith(`/${path.replace(/^[./]+/, '')}`));
    return meant.length === 1 ? meant : byPath.length === 1 ? byPath : [];
  }
  if (/[[{]/.test(file)) return [];
  const pattern = new RegExp(
    `^${file
      .replace(/[^\w*?]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );
  const last = (name: string): string => name.split('/').at(-1)!;
  return names
    .filter((name) => (name.split('/').at(-2) ?? '.') === folder && pattern.test(last(name)))
    .sort((a, b) => (last(a) < last(b) ? -1 : 1));
}
