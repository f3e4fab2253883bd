import { Family } from '../../../net/address';
import { shown } from '../../../problems/in-text';
import { Files, Place } from './files';
import { Ruleset } from './ruleset';

/** Of a list and of all that it includes, whose lines come behind its own: first words. Source: dostart and doportfilters of csf 15.10. */
export function entriesOf(path: string, files: Files, csf: Ruleset): readonly Place[] {
  const lines = [...(files.linesOf(path) ?? [])];
  const seen = new Set([path]);
  for (let at = 0; at < lines.length; at++) {
    const { text, line } = lines[at]!;
    const included = /^Include\s*(.*)$/.exec(text)?.[1];
    if (included === undefined) continue;
    const more = files.linesOf(included);
    if (!more) csf.doubt({ line }, `${shown(included)} is included, and not in the text`);
    else if (seen.has(included)) csf.doubt({ line }, `${shown(included)} is included again`);
    else lines.push(...more);
    seen.add(included);
  }
  return wordsOf(lines.filter(({ text }) => !text.includes('Include')));
}

/** What stands first in lines that are no remarks. */
export const wordsOf = (lines: readonly Place[]): readonly Place[] =>
  lines.flatMap(({ line, text }) => {
    const word = /^\S+/.exec(text.trim())?.[0] ?? '';
    return word === '' || word.startsWith('#') ? [] : [{ line, text: word }];
  });

/** Networks as one set; `fleeting`: each may be gone. */
export function setOf(csf: Ruleset, name: string, line: number, family: Family, members: readonly string[], fleeting = false): string {
  const elements = members.map((text) => ({ text, fleeting, nomatch: false, wildcard: false }));
  csf.sets.set(name, { name, line, method: 'hash', parts: ['net'], family, elements });
  return name;
}
