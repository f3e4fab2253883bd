import { Reader } from '../../../parse/reader';
import { isOfFiles } from '../../../parse/server-files';
import { readerOf } from '../../../evaluator/reading';
import { parseSaved } from '../../../parse/xtables/parse-saved';
import { loweredBy } from '../../iptables/parse/made-of-files';
import { configurationOf } from './configuration';
import { Files } from './files';
import { say } from './problems';

/**
 * Reads what runs, as `iptables-save`, `ip6tables-save` and `ipset save` print it, and files of csf, as `tail -v -n +1` prints them, as what csf
 * 15.10 loads from them at its start: all of a server's, or csf.conf and csf.allow alone.
 */
export const reader: Reader = readerOf('csf', (text) =>
  lowered(isOfFiles(text) ? configurationOf(new Files(text, true), text).saved : parseSaved(text, say)),
);

export const lowered = loweredBy(say);
