import { printList } from '../addresses';
import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { PROGRAMS_NOTE } from '../source-documents';

/**
 * Finds cron files that run configure_firewall_for_cpanel. Each run deletes bans and opens the ports of all services
 * again.
 */
export const configureFirewallWipes: LintRule = {
  code: 'device/configure-firewall-wipes',
  severity: 'warning',
  title: "cron runs cPanel's script for firewalls",
  decidedBy: 'facts',
  explanation: {
    why: 'configure_firewall_for_cpanel empties the table `inet filter` with bans in it, opens the ports of all services again, and writes all rules over the file that is loaded at boot.',
    when: 'Found where captured facts name a file of cron that runs it.',
    remedy: 'Take it out of cron. Rules of this package stand in tables and chains of their own, which it leaves.',
    source: PROGRAMS_NOTE,
  },
  find: createFactsFinder(
    ({ plans = [] }) =>
      plans.length > 0 && {
        what: `${printList(plans)} runs configure_firewall_for_cpanel: with each run bans are gone, and what others closed is open.`,
        instead: 'That line taken out.',
      },
  ),
};
