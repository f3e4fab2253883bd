import { ConfigParser } from '../../../parse/config-parser';
import { hasPrintedFiles } from '../../../parse/server-files';
import { createParser } from '../../../evaluator/evaluate-config';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { createLowering } from '../../iptables/parse/file-program-live';
import { loadConfiguration } from './configuration';
import { CsfFiles } from './csf-files';
import { messages } from './parse-problems';

/**
 * Reads what runs, as `iptables-save`, `ip6tables-save` and `ipset save` print it, and files of csf, as `tail -v -n +1` prints them, as what csf
 * 15.10 loads from them at its start: all of a server's, or csf.conf and csf.allow alone.
 */
export const parser: ConfigParser = createParser('csf', (text) =>
  lowerSaved(
    hasPrintedFiles(text) ? loadConfiguration(new CsfFiles(text, true), text).saved : parseXtables(text, messages),
  ),
);

export const lowerSaved = createLowering(messages);
