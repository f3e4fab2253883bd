// Parser of iptables: a text comes in, a ruleset goes out. This folder may not import generators, policies or other
// platforms.

import { ConfigParser } from '../../../parse/config-parser';
import { LoweredConfig, createParser } from '../../../evaluator/evaluate-config';
import { lowerXtables } from '../../../parse/xtables/lower/ruleset';
import { messages } from './parse-problems';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { listChangedObjects } from './list-changed-objects';

/**
 * Parses the output of `iptables-save`, `ip6tables-save` and `ipset save` in sequence, and files for
 * `iptables-restore`.
 */
export const parser: ConfigParser = createParser('iptables', (text) => lowerIptablesSave(parseXtables(text, messages)));

/**
 * Lowers the tables. `onePlace`: the kernel fixes where a hook evaluates its chain, so a text can't; it only says whose
 * rules come first in the chain.
 */
export const lowerIptablesSave = (parsedTables: ParsedXtables): LoweredConfig => ({
  ruleset: lowerXtables(parsedTables, messages),
  changedObjects: listChangedObjects(parsedTables),
  extendedObjects: [],
  onePlace: true,
});
