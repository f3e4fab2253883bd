import { createIgnoredBlockFinder } from '../ignored-blocks';
import { LintRule } from '../lint-rule';
import { PROGRAMS_NOTE } from '../source-documents';

/**
 * Finds packets that a ban of cPHulk or fail2ban drops in its own chain but the whole text accepts. An accept before
 * the jump to the chain makes the ban useless.
 */
export const banIgnored: LintRule = {
  code: 'access/ban-ignored',
  severity: 'warning',
  title: 'A banned address gets in all the same',
  decidedBy: 'text',
  explanation: {
    why: "cPHulk and fail2ban count failed logins and ban the address at the firewall. A ban that stands behind the rules that accept keeps no address out of the ports they accept, and those are the ones with a login. cPHulk's chain on Enterprise Linux comes after the ports of configure_firewall_for_cpanel; each run of that script takes away what leads to the chain, and the next ban doesn't put it back.",
    when: "Found in a text of others where the rules of cPHulk or fail2ban, taken alone, drop TCP or UDP that the whole text lets in for certain. A ban that ends by itself counts as long as the text has it. Nothing is claimed where the whole is unknown, of what is translated on its way, of bans in rules outside the program's own chains, and of sources that every TCP port is open to: those are trusted whole.",
    remedy:
      'The jump to its chain before the first rule that accepts more than answers. On a server with cPanel: `skip_rules_added_by_configure_firewall_for_cpanel=1` in /var/cpanel/cpanel.config, so that no rule of that script comes before it; then close the other ports by a firewall that has a default of its own.',
    source: PROGRAMS_NOTE,
  },
  find: createIgnoredBlockFinder(
    'by ban',
    'The jump to its chain before the rules that accept; `exposure --from` with a banned address names the lines that do.',
  ),
};
