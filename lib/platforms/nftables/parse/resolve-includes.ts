// Replaces the `include` lines of an nft script by the included files, as far as these are given, and records the line
// at which each file begins.

import { IncludedFile, TextSegment } from '../../../parse/config-format';

const INCLUDE_LINE = /^\s*include\s+"([^"\n]+)"\s*;?\s*(?:#.*)?$/;
/** The depth to which nft follows includes. Source: MAX_INCLUDE_DEPTH in its parser.h. */
const MAX_INCLUDE_DEPTH = 16;

/**
 * Returns a text with its include lines replaced by the texts of `otherTexts`, which are keyed by their names. A line
 * stays if it isn't clear which file it means. A pattern matches only files of its own folder, in the order of their
 * names.
 */
export function resolveIncludes(
  text: string,
  otherTexts: ReadonlyMap<string, string>,
  depth = 0,
): {
  readonly text: string;
  readonly includedFiles: readonly IncludedFile[];
  readonly segments: readonly TextSegment[];
} {
  const includedFiles: IncludedFile[] = [];
  const segments: TextSegment[] = [{ line: 1, fileLine: 1 }];
  const lines: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const path = INCLUDE_LINE.exec(line)?.[1];
    const names =
      path === undefined || depth >= MAX_INCLUDE_DEPTH ? [] : findIncludedNames(path, [...otherTexts.keys()]);
    if (names.length === 0) lines.push(line);
    for (const name of names) {
      const {
        text: includedText,
        includedFiles: nestedFiles,
        segments: nestedSegments,
      } = resolveIncludes(otherTexts.get(name)!.replace(/\n$/, ''), otherTexts, depth + 1);
      includedFiles.push(
        { name, line: lines.length + 1 },
        ...nestedFiles.map((f) => ({ ...f, line: lines.length + f.line })),
      );
      segments.push(...nestedSegments.map((segment) => ({ name, ...segment, line: lines.length + segment.line })));
      lines.push(...includedText.split('\n'));
    }
    if (names.length > 0) segments.push({ line: lines.length + 1, fileLine: index + 2 });
  }
  return { text: lines.join('\n'), includedFiles, segments };
}

function findIncludedNames(path: string, names: readonly string[]): readonly string[] {
  const [file = '', folder = '.'] = path.split('/').reverse();
  const isPattern = /[*?[]/.test(file);
  if (!isPattern) {
    const sameName = names.filter((name) => name.split('/').at(-1) === file);
    const samePath = sameName.filter((name) => `/${name}`.endsWith(`/${path.replace(/^[./]+/, '')}`));
    return sameName.length === 1 ? sameName : samePath.length === 1 ? samePath : [];
  }
  if (/[[{]/.test(file)) return [];
  const pattern = new RegExp(
    `^${file
      .replace(/[^\w*?]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );
  const getBaseName = (name: string): string => name.split('/').at(-1)!;
  return names
    .filter((name) => (name.split('/').at(-2) ?? '.') === folder && pattern.test(getBaseName(name)))
    .sort((a, b) => (getBaseName(a) < getBaseName(b) ? -1 : 1));
}
