import { Reader } from '../../../reading/reader';
import { Lowered, readingOf } from '../../../reading/stages/reading';
import { lower } from './lower';
import { parseSaved } from './parse';
import { Saved } from './saved';

/** Reads what `iptables-save`, `ip6tables-save` and `ipset save` print, one after the other, and files for `iptables-restore`. */
export const reader: Reader = { read: (text, device) => readingOf('iptables', () => lowered(parseSaved(text)), device) };

export function lowered(saved: Saved): Lowered {
  const touches = [...new Set(saved.tables.map(({ family, name }) => `table ${family} ${name}`))].sort();
  return { ruleset: lower(saved), touches, addsTo: [] };
}
