import { Reader } from '../../../reading/reader';
import { Lowered, readingOf } from '../../../reading/stages/reading';
import { Files, filesOf } from './files';
import { lower } from './lower';
import { settingsOf } from './settings';

/** Reads the files of firewalld, all in one text, as `tail -v -n +1` prints them. */
export const reader: Reader = { read: (text, device) => readingOf('firewalld', () => lowered(filesOf(text)), device) };

export const lowered = (files: Files): Lowered => ({
  ruleset: lower(files, settingsOf(files.conf)),
  touches: ['table inet firewalld'],
  addsTo: [],
});
