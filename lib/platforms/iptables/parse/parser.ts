import { ConfigParser } from '../../../parse/config-parser';
import { LoweredConfig, createParser } from '../../../evaluator/evaluate-config';
import { lowerXtables } from '../../../parse/xtables/lower/ruleset';
import { messages } from './parse-problems';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { listChangedObjects } from './list-changed-objects';

/** Reads what `iptables-save`, `ip6tables-save` and `ipset save` print, one after the other, and files for `iptables-restore`. */
export const parser: ConfigParser = createParser('iptables', (text) => lowerIptablesSave(parseXtables(text, messages)));

/** Where a hook has its chain is for the kernel to say, not for a text: whose rules come first in it, whoever puts them there. */
export const lowerIptablesSave = (parsedTables: ParsedXtables): LoweredConfig => ({
  ruleset: lowerXtables(parsedTables, messages),
  touches: listChangedObjects(parsedTables),
  addsTo: [],
  onePlace: true,
});
