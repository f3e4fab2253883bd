import { Reader } from '../../../parse/reader';
import { Lowered, readerOf } from '../../../evaluator/reading';
import { lowerSaved } from '../../../parse/xtables/lower/saved';
import { say } from './problems';
import { parseSaved } from '../../../parse/xtables/parse-saved';
import { Saved } from '../../../parse/xtables/saved';
import { touchedBy } from './touched';

/** Reads what `iptables-save`, `ip6tables-save` and `ipset save` print, one after the other, and files for `iptables-restore`. */
export const reader: Reader = readerOf('iptables', (text) => lowered(parseSaved(text, say)));

/** Where a hook has its chain is for the kernel to say, not for a text: whose rules come first in it, whoever puts them there. */
export const lowered = (saved: Saved): Lowered => ({
  ruleset: lowerSaved(saved, say),
  touches: touchedBy(saved),
  addsTo: [],
  onePlace: true,
});
