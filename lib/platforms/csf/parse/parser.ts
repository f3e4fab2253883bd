// Parses and evaluates texts of csf. In: running rules or files of csf, and the device. Out: an EvaluatedConfig. This
// folder knows no intent, no policy and no generator, so that it can verify generated config independently.

import { ConfigParser } from '../../../parse/config-parser';
import { hasPrintedFiles } from '../../../parse/select-server-files';
import { createParser } from '../../../evaluator/evaluate-config';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { createLowering } from '../../iptables/parse/file-program-inspector';
import { loadConfiguration } from './configuration';
import { CsfFiles } from './csf-files';
import { messages } from './parse-problems';

/**
 * The parser of csf. It takes the running rules, as printed by `iptables-save`, `ip6tables-save` and `ipset save`, or
 * files of csf, as printed by `tail -v -n +1`: all of a server's, or csf.conf and csf.allow alone. For files it
 * evaluates what csf 15.10 loads from them at its start.
 */
export const parser: ConfigParser = createParser('csf', (text) =>
  lowerSaved(
    hasPrintedFiles(text) ? loadConfiguration(new CsfFiles(text, true), text).saved : parseXtables(text, messages),
  ),
);

export const lowerSaved = createLowering(messages);
