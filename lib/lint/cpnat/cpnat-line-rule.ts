// Creates lint rules on single lines of `/var/cpanel/cpnat` that cPanel takes for something else than they look like.

import { CpnatMistake, parseCpnatLines, evaluateCpnat } from '../../cpnat/evaluate-cpnat';
import { printList } from '../addresses';
import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/** Creates a rule on a line of `/var/cpanel/cpnat` that cPanel takes for something else than it looks like. */
export const createWrongLineRule = (code: CpnatMistake['code'], title: string, reason: string): LintRule => ({
  code,
  severity: 'error',
  title,
  decidedBy: 'facts',
  explanation: {
    why: reason,
    when: 'Found where the captured file has such a line, and no release takes the file away. Of the file as it is now `verify` says it.',
    remedy:
      'Correct the line, or let build_cpnat write the file; then capture again. A release whose `cpnat` has pairs writes its own lines and leaves the others.',
    source: NAT_PAGE,
  },
  find: createFactsFinder(({ cpnat }, { cpnat: cpnatIntent }) => {
    const mistakes =
      typeof cpnat === 'object' && cpnatIntent?.natMode !== 'off'
        ? evaluateCpnat(parseCpnatLines(cpnat)).mistakes.filter((mistake) => mistake.code === code)
        : [];
    return (
      mistakes.length > 0 && {
        what: `/var/cpanel/cpnat: ${printList(mistakes.map(({ line, what }) => `line ${line}: ${what}`))}.`,
        instead: 'a line for each local address, "10.0.0.10 203.0.113.10", and each address once.',
      }
    );
  }),
});
