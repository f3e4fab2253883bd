import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds a cpnat file without lines that no release manages. It turns NAT mode on and makes private addresses count as
 * public ones.
 */
export const cpnatEmpty: LintRule = {
  code: 'cpnat/empty',
  severity: 'error',
  title: 'cpnat is there, and empty',
  decidedBy: 'facts',
  explanation: {
    why: 'The file says by being there that NAT mode is on, and by having no line that each local address is its own public one: private addresses get into zones, mail and licences.',
    when: 'Found where the captured file has no line, and no release writes it or takes it away.',
    remedy:
      'Let build_cpnat write it, say the pairs by `cpnat` of the server, or take the file away where there is no NAT.',
    source: NAT_PAGE,
  },
  find: createFactsFinder(
    ({ cpnat }, { cpnat: cpnatIntent }) =>
      cpnat === 'empty' &&
      cpnatIntent === undefined && {
        what: '/var/cpanel/cpnat is there and has no line: NAT mode is on, and cPanel takes each local address for a public one.',
        instead: "cpnat: {} on this server; or natMode: 'off', where it has its public addresses itself.",
      },
  ),
};
