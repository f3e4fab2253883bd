// Returns whether a text is pfSense's, by its beginning: a configuration (config.xml), or pf rules as pfctl prints or
// loads them.

/** Length of the inspected head: longer than a long leading remark, shorter than a whole configuration. */
const MAX_INSPECTED_CHARS = 200_000;

const RULE_LINE =
  /^(@\d+(\(\d+\))? )?((pass|block( (drop|return[a-z0-9-]*(\s?\([^)]*\))?))?|match)( (in|out|log|quick|on|inet6?|proto|from|to|all|route-to|reply-to|tagged)\b|\s*$)|(no )?(scrub|nat|rdr|binat)( (pass|on|in|out|inet6?|proto|from|to|all|fragment)\b)|((nat|rdr|binat)-)?anchor "|antispoof )/;
const STATEMENT_LINE =
  /^(table <[^>\s]+>|set (skip on|limit|optimization|ruleset-optimization|block-policy|timeout|loginterface|state-policy|debug|hostid|keepcounters|require-order|fingerprints)\b|load anchor )/;
/** Many languages have lines like a macro, so a macro identifies nothing. In quotes it may span lines. */
const QUOTED_MACRO = /^[ \t]*[A-Za-z_]\w*[ \t]*=[ \t]*("[^"]*"|'[^']*')/gm;
const MACRO_LINE = /^[A-Za-z_]\w*\s*=/;

/** Returns whether a text is a configuration of pfSense, or rules as pfctl of FreeBSD prints or loads them. */
export function matchesText(text: string): boolean {
  const head = text
    .slice(0, MAX_INSPECTED_CHARS)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^-{4} ?BEGIN config\.xml/.test(head)) return true;
  if (head.startsWith('<')) return /^(<\?xml[^>]*\?>|<!--[^]*?-->|\s)*<pfsense[\s>]/.test(head);
  const lines = head
    .replace(QUOTED_MACRO, '')
    .split('\n')
    .map((line) => line.trim());
  const first = lines.find((line) => line !== '' && !line.startsWith('#') && !MACRO_LINE.test(line));
  return first !== undefined && (RULE_LINE.test(first) || STATEMENT_LINE.test(first));
}
