import { createAllowedPortFinder } from '../egress';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds 2195/tcp in the restricted outbound list of a cPanel server. Only notifications to Apple devices use that port.
 */
export const apnsOnly: LintRule = {
  code: 'outbound/apns-only',
  severity: 'note',
  title: 'Connections to Apple Push may leave',
  decidedBy: 'text',
  explanation: {
    why: '2195 is used for notifications to Apple devices and for nothing else, and only where the mail server is set up for them.',
    when: 'Found for a cPanel server whose outbound connections are restricted, where 2195/tcp is among those that are allowed. Whether it is used is not in any firewall text.',
    remedy: "Leave it out where it isn't used.",
    source: FIREWALL_PAGE,
  },
  find: createAllowedPortFinder(2195, {
    what: 'Connections to Apple Push (tcp 2195) may leave; nothing but its notifications uses that port.',
    instead: 'The outbound list without it, where it is not used.',
  }),
};
