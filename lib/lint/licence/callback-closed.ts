import { createCallbackFinder } from '../licence-callback';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds managed servers on which none of the five ports of the licence callback is open. The licence servers can't tell
 * them of a change.
 */
export const callbackClosed: LintRule = {
  code: 'licence/callback-closed',
  severity: 'warning',
  title: 'The licence servers cannot call back',
  decidedBy: 'text',
  explanation: {
    why: "When a licence changes, the licence servers tell the server by connecting to one of 2082, 2083, 2086, 2087 or 2096, whichever answers. Without one of them a change arrives only with the next check of the server's own. 2095 is not one of them.",
    when: 'Found for managed servers that the internet reaches, where none of the five ports is open to any source or to a list, after translation and end to end. Where one is open to listed sources alone, licence/callback-unknown says so.',
    remedy:
      'Open 2083 or 2096 to any source: that is where customers log in. `licence-callback` and `licensing-minimal` open 2087, too, where WHM logs in as root; access/whm-open says so then.',
    source: FIREWALL_PAGE,
  },
  find: createCallbackFinder('closed', (addressText) => ({
    what: `None of tcp 2082, 2083, 2086, 2087 and 2096 is open at ${addressText}: the licence servers can't tell the server that its licence has changed.`,
    instead: 'One of cpanel (2083) and webmail (2096), open to any source.',
  })),
};
