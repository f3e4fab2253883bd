/**
 * Lines of `nft list ruleset` outside of a table's content: `table ip x {`, `}`, and `# Warning: …` of iptables-nft.
 */
const OUTER_LINE =
  /^(|\}|table (ip|ip6|inet|arp|bridge|netdev) \S{1,255} \{( # (handle \d+|progname .*))?|# Warning: .*)$/;
/** The hook line of a base chain. nft prints the policy in it even if that is the default. */
const HOOK_LINE = /^\t\ttype (filter|nat|route) hook \w+ .*priority [^;]+; policy (accept|drop);$/;

/**
 * Returns whether every line of a text has the form that `nft list ruleset` prints. A kernel runs the rules of such a
 * text, so nft refuses none of them. A rule that seems impossible was misread, by nft or by this parser.
 */
export function isListing(text: string): boolean {
  let tableCount = 0;
  // The text is not split: it may be millions of line breaks.
  for (let offset = 0; offset < text.length;) {
    const end = text.indexOf('\n', offset);
    const line = text.slice(offset, end < 0 ? text.length : end);
    if (line.startsWith('\t\ttype ')) {
      if (!HOOK_LINE.test(line) && / hook /.test(line)) return false;
    } else if (!line.startsWith('\t') && !OUTER_LINE.test(line)) return false;
    if (line.startsWith('table ')) tableCount += 1;
    offset = end < 0 ? text.length : end + 1;
  }
  return tableCount > 0;
}
