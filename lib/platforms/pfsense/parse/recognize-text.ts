// Returns whether a text is pfSense's: a configuration (config.xml), or pf rules as pfctl prints them or a pf.conf has
// them.

import { isTerminalLine } from '../../../parse/pf/text/statements';

/** Length of the inspected head: longer than a long leading remark, shorter than a whole configuration. */
const MAX_INSPECTED_CHARS = 200_000;

const FILTER_WORDS =
  'in|out|log|quick|on|inet6?|proto|from|to|all|route-to|reply-to|dup-to|received-on|fragment|flags|keep state|modulate state|synproxy state|no state|tag|tagged|! tagged|label|allow-opts|nat-to|rdr-to|binat-to|af-to';
const TRANSLATION_WORDS = 'pass|on|in|out|log|inet6?|proto|from|to|all|fragment|no-df|random-id|reassemble|min-ttl';
/** A rule. Blanks and tabs are one blank each. */
const RULE_LINE = new RegExp(
  `^(@\\d+(\\(\\d+\\))? )?((pass|block( (drop|return[a-z0-9-]*( ?\\([^)]*\\))?))?|match)( ((${FILTER_WORDS})\\b|!|\\{)|$)` +
    `|(no )?(scrub|nat|rdr|binat)( ((${TRANSLATION_WORDS})\\b|\\()|$)` +
    '|(nat|rdr|binat)-anchor |anchor ("|(\\S+ )?(in|out|quick|on|inet6?|proto|from|to|all|\\{)( |$))|antispoof )',
);
const STATEMENT_LINE =
  /^(table <[^>\s]+>|set (skip on|limit|optimization|ruleset-optimization|block-policy|fail-policy|timeout|loginterface|state-policy|state-defaults|debug|hostid|keepcounters|require-order|reassemble|syncookies|fingerprints)\b|load anchor |altq on |queue \S+ (on|bandwidth|priority|parent|qlimit|flows|cbq|hfsc|priq|\{)|ether (pass|block|anchor))/;
/** Many languages have lines like a macro, so a macro identifies nothing. In quotes it may span lines. */
const QUOTED_MACRO = /^[ \t]*[A-Za-z_]\w*[ \t]*=[ \t]*("[^"]*"|'[^']*')([ \t]+("[^"]*"|\$\w+))*/gm;
/** A title of `pfctl -s all`, whose lists are not told apart. */
const COMBINED_TITLE = /^[A-Z ]+:$/;
const MACRO_LINE = /^[A-Za-z_]\w* ?=/;
/** Several programs include files so. */
const INCLUDE_LINE = /^include "[^"]*"$/;

/** Returns whether a text is a configuration of pfSense, or rules as pfctl of FreeBSD prints or loads them. */
export function matchesText(text: string): boolean {
  const head = text
    .slice(0, MAX_INSPECTED_CHARS)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^-{4} ?BEGIN config\.xml/.test(head)) return true;
  if (head.startsWith('<')) return /^(<\?xml[^>]*\?>|<!--[^]*?-->|\s)*<pfsense[\s>]/.test(head);
  const statements = head
    .replace(/\\\r?\n/g, ' ')
    .replace(QUOTED_MACRO, '')
    .split('\n')
    .filter((line) => !isTerminalLine(line))
    .map((line) => line.trim().replace(/[ \t]+/g, ' '))
    .filter((line) => line !== '' && !line.startsWith('#') && !MACRO_LINE.test(line) && !INCLUDE_LINE.test(line));
  const [first] = statements;
  if (first === undefined) return false;
  if (isStatement(first)) return true;
  if (COMBINED_TITLE.test(first)) return false;
  // Something else may stand above the rules. The parser says which line it is.
  const rules = statements.filter((line) => RULE_LINE.test(line));
  return rules.length >= 2 && rules.length * 2 >= statements.length;
}

const isStatement = (line: string): boolean => RULE_LINE.test(line) || STATEMENT_LINE.test(line);
