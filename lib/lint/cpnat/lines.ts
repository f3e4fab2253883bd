import { CpnatMistake, cpnatLinesOf, cpnatOf } from '../../cpnat/cpnat';
import { some } from '../addresses';
import { perFacts } from '../facts';
import { LintRule } from '../rule';
import { NAT_PAGE } from '../sources';

/** A line of `/var/cpanel/cpnat` that cPanel takes for something else than it looks like. */
export const wrongLines = (code: CpnatMistake['code'], title: string, why: string): LintRule => ({
  code,
  severity: 'error',
  title,
  decidedBy: 'facts',
  explanation: {
    why,
    when: 'Found where the captured file has such a line, and no release takes the file away. Of the file as it is now `verify` says it.',
    remedy:
      'Correct the line, or let build_cpnat write the file; then capture again. A release whose `cpnat` has pairs writes its own lines and leaves the others.',
    source: NAT_PAGE,
  },
  find: perFacts(({ cpnat }, { cpnat: wish }) => {
    const found =
      typeof cpnat === 'object' && wish?.natMode !== 'off'
        ? cpnatOf(cpnatLinesOf(cpnat)).mistakes.filter((one) => one.code === code)
        : [];
    return (
      found.length > 0 && {
        what: `/var/cpanel/cpnat: ${some(found.map(({ line, what }) => `line ${line}: ${what}`))}.`,
        instead: 'a line for each local address, "10.0.0.10 203.0.113.10", and each address once.',
      }
    );
  }),
});
