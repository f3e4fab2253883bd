/** Lines that `nft list ruleset` prints besides those within a table: `table ip x {`, `}`, and `# Warning: …` of iptables-nft. */
const OUTER_LINE =
  /^(|\}|table (ip|ip6|inet|arp|bridge|netdev) \S{1,255} \{( # (handle \d+|progname .*))?|# Warning: .*)$/;
/** A chain at a hook: nft prints its policy in the same line, also where it is the default. */
const HOOK_LINE = /^\t\ttype (filter|nat|route) hook \w+ .*priority [^;]+; policy (accept|drop);$/;

/**
 * Whether a text has the form that `nft list ruleset` prints, line by line. A kernel runs the rules of such a text, so that none of them makes nft
 * refuse it: a rule that is read as impossible is read wrong, by nft or by this reader.
 */
export function isListing(text: string): boolean {
  let tableCount = 0;
  // Not split: a text may be line breaks alone, millions of them.
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
