// Creates the problems of the iptables parser, from those of all parsers of iptables rules; the advice is to give the
// whole output of `iptables-save`.

import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/xtables-problems';

/** The advice on where to get the whole text from. */
const SOURCE_HINT = 'the whole text as `iptables-save`, `ip6tables-save` and `ipset save` print it.';

export const messages: XtablesProblems = createXtablesProblems('iptables', SOURCE_HINT);
