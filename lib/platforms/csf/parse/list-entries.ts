// Returns the entries of csf's lists, such as csf.allow: the first word of each line, including the lines of files that
// `Include` names.

import { quoteForDisplay } from '../../../problems/line-problems';
import { SourceLocation } from '../../../parse/printed-files';
import { splitWords } from './csf-files';
import { CsfRuleset } from './csf-ruleset';

/** No configuration has as many, unless lists include each other twice. */
const MAX_INCLUDED_LISTS = 100;

/**
 * Returns the first words of a list and of all that it includes; included lines come after its own. Source: dostart and
 * doportfilters of csf 15.10.
 */
export function listEntries(name: string, csf: CsfRuleset): readonly SourceLocation[] {
  const readList = (path: string, within: readonly string[]) =>
    csf.files.findLines(path)?.map((place) => ({ ...place, within: [...within, path] }));
  const lines = readList(`/etc/csf/csf.${name}`, []) ?? [];
  let times = 0;
  for (let at = 0; at < lines.length; at++) {
    const { text, line, within } = lines[at]!;
    const included = /^Include[ \t\n\v\f\r]*(.*)$/s.exec(text)?.[1];
    if (included === undefined) continue;
    const more = readList(included, within);
    if (!more) csf.noteUnknown({ line }, `${quoteForDisplay(included)} is included, and not in the text`);
    else if (within.includes(included) || ++times > MAX_INCLUDED_LISTS)
      csf.noteUnknown({ line }, `${quoteForDisplay(included)} is included again and again`);
    else for (const place of more) lines.push(place);
  }
  return pickFirstWords(lines.filter(({ text }) => !text.includes('Include')));
}

/** Returns the first words of lines that aren't remarks. */
export const pickFirstWords = (lines: readonly SourceLocation[]): readonly SourceLocation[] =>
  lines.flatMap(({ line, text }) => {
    const [word = ''] = splitWords(text);
    return word === '' || word.startsWith('#') ? [] : [{ line, text: word }];
  });
