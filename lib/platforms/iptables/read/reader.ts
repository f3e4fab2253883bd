import { Reader } from '../../../reading/reader';
import { Lowered, readerOf } from '../../../reading/stages/reading';
import { lowerSaved } from '../../../reading/xtables/lower/saved';
import { say } from './problems';
import { parseSaved } from '../../../reading/xtables/parse-saved';
import { Saved } from '../../../reading/xtables/saved';
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
