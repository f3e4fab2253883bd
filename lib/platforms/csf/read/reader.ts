import { Reader } from '../../../reading/reader';
import { Lowered, readingOf } from '../../../reading/stages/reading';
import { lowerSaved } from '../../../reading/xtables/lower-saved';
import { Saved } from '../../../reading/xtables/saved';
import { configurationOf } from './configuration';
import { filesOf } from './files';
import { say } from './problems';

/** Reads the files of csf, as `tail -v -n +1` prints them, as what csf 15.10 loads from them at its start. */
export const reader: Reader = {
  read: (text, device) => readingOf('csf', () => lowered(configurationOf(filesOf(text), text).saved), device),
};

/** csf empties all tables of iptables. */
export const lowered = (saved: Saved): Lowered => ({
  ruleset: lowerSaved(saved, say),
  touches: ['every table'],
  addsTo: [],
  onePlace: true,
});
