import { shown } from '../../../problems/in-text';
import { Place } from '../../../parse/printed-files';
import { split } from './files';
import { Ruleset } from './ruleset';

/** Nobody has as many, unless they include each other twice. */
const MOST_INCLUDED = 100;

/** Of a list and of all that it includes, whose lines come behind its own: first words. Source: dostart and doportfilters of csf 15.10. */
export function entriesOf(name: string, csf: Ruleset): readonly Place[] {
  const from = (path: string, within: readonly string[]) =>
    csf.files.linesOf(path)?.map((one) => ({ ...one, within: [...within, path] }));
  const lines = from(`/etc/csf/csf.${name}`, []) ?? [];
  let times = 0;
  for (let at = 0; at < lines.length; at++) {
    const { text, line, within } = lines[at]!;
    const included = /^Include[ \t\n\v\f\r]*(.*)$/s.exec(text)?.[1];
    if (included === undefined) continue;
    const more = from(included, within);
    if (!more) csf.doubt({ line }, `${shown(included)} is included, and not in the text`);
    else if (within.includes(included) || ++times > MOST_INCLUDED)
      csf.doubt({ line }, `${shown(included)} is included again and again`);
    else for (const one of more) lines.push(one);
  }
  return wordsOf(lines.filter(({ text }) => !text.includes('Include')));
}

/** What stands first in lines that are no remarks. */
export const wordsOf = (lines: readonly Place[]): readonly Place[] =>
  lines.flatMap(({ line, text }) => {
    const [word = ''] = split(text);
    return word === '' || word.startsWith('#') ? [] : [{ line, text: word }];
  });
