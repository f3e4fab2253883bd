import { createCallbackFinder } from '../licence-callback';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds managed servers whose callback ports are open to listed sources only. The addresses of the licence servers
 * aren't published, so the list can't be checked.
 */
export const callbackUnknown: LintRule = {
  code: 'licence/callback-unknown',
  severity: 'note',
  title: 'Whether the licence servers can call back is not known',
  decidedBy: 'text',
  explanation: {
    why: "The licence servers call back on one of 2082, 2083, 2086, 2087 or 2096. From which addresses is not published, so a list of sources can't be compared with it.",
    when: 'Found for managed servers where some of the five ports are open, each of them to listed sources alone.',
    remedy: 'Ask the vendor for the addresses and list them, or open 2083 or 2096 to any source.',
    source: FIREWALL_PAGE,
  },
  find: createCallbackFinder('listed', (addressText) => ({
    what: `The ports of the licence callback are open to listed sources alone at ${addressText}; whether the licence servers are among them is not known.`,
    instead: 'cpanel (2083) or webmail (2096) open to any source; or the addresses that the vendor names in the list.',
  })),
};
