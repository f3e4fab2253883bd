import { createIgnoredBlockFinder } from '../ignored-blocks';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE, PROGRAMS_NOTE } from '../source-documents';

/**
 * Finds packets that the chain of Host Access Control drops but the whole text accepts. WHM shows the port as closed
 * although an earlier rule opens it.
 */
export const hacIgnored: LintRule = {
  code: 'access/hac-ignored',
  severity: 'warning',
  title: 'Host Access Control refuses an address that gets in all the same',
  decidedBy: 'text',
  explanation: {
    why: 'WHM shows a port as closed, and it is open: Host Access Control writes rules into one chain, and what an earlier rule accepts never gets there. Another program that rebuilds the list before it (a restart, a script, a person) may have put an accept first, or have left nothing that leads to the chain.',
    when: 'Found in a text of others where the rules of Host Access Control, taken alone, drop TCP or UDP that the whole text lets in for certain. Nothing is claimed where either is unknown, of what is translated on its way, and of sources that every TCP port is open to: those are trusted whole.',
    remedy:
      'The jump to its chain before the first rule that accepts more than answers, or no such rule before it. Who is to be let in or kept out is then decided in one place: WHM, Security Center, Host Access Control. `cpanel-edge exposure FILE --port 2087` names the line that accepts.',
    source: `${FIREWALL_PAGE}; ${PROGRAMS_NOTE}`,
  },
  find: createIgnoredBlockFinder(
    'by port',
    'The jump to its chain before the rules that accept; `exposure --port` names the line that does.',
  ),
};
