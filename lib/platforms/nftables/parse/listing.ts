/** Lines that `nft list ruleset` prints besides those within a table: `table ip x {`, `}`, and `# Warning: …` of iptables-nft. */
const OUTSIDE =
  /^(|\}|table (ip|ip6|inet|arp|bridge|netdev) \S{1,255} \{( # (handle \d+|progname .*))?|# Warning: .*)$/;
/** A chain at a hook: nft prints its policy in the same line, also where it is the default. */
const HOOK = /^\t\ttype (filter|nat|route) hook \w+ .*priority [^;]+; policy (accept|drop);$/;

/**
 * Whether a text has the form that `nft list ruleset` prints, line by line. A kernel runs the rules of such a text, so that none of them makes nft
 * refuse it: a rule that is read as impossible is read wrong, by nft or by this reader.
 */
export function isListing(text: string): boolean {
  let tables = 0;
  // Not split: a text may be line breaks alone, millions of them.
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    if (line.startsWith('\t\ttype ')) {
      if (!HOOK.test(line) && / hook /.test(line)) return false;
    } else if (!line.startsWith('\t') && !OUTSIDE.test(line)) return false;
    if (line.startsWith('table ')) tables += 1;
    at = end < 0 ? text.length : end + 1;
  }
  return tables > 0;
}
