import { Device } from '../../../net/device';
import { Reader } from '../../../parse/reader';
import { isOfFiles } from '../../../parse/server-files';
import { Lowered, readingOf } from '../../../evaluator/reading';
import { withoutRules } from '../../../parse/xtables/made';
import { parseSaved } from '../../../parse/xtables/parse-saved';
import { Saved } from '../../../parse/xtables/saved';
import { loweredBy } from '../../iptables/parse/made-of-files';
import { configurationOf } from './configuration';
import { Files, filesOf } from './files';
import { say } from './problems';

/**
 * Reads what runs, as `iptables-save` and `ip6tables-save` print it, and files of APF, as `tail -v -n +1` prints them, as what their version
 * loads from them at its first start: all of a server's, or those alone that open something.
 */
export const reader: Reader = {
  read: (text, device) =>
    readingOf('apf', () => (isOfFiles(text) ? loweredOn(filesOf(text, true), device) : lowered(running(text))), device),
};

/** Where nobody gave it a rule, the kernel has no table of IPv6, and nothing is printed of it. */
function running(text: string): Saved {
  const saved = parseSaved(text, say);
  if (saved.tables.some(({ family }) => family === 'ip6')) return saved;
  return {
    ...saved,
    tables: [...saved.tables, ...withoutRules({ line: 1 }).tables.filter(({ family }) => family === 'ip6')],
  };
}

/** Of a device that nobody told only guesses are known: its files alone decide then. */
export const loweredOn = (files: Files, device: Device): Lowered =>
  lowered(configurationOf(files, device.supposed ? undefined : device.interfaces).saved);

export const lowered = loweredBy(say);
