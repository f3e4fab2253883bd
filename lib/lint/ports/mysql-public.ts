import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds MySQL (3306) open to the internet. Passwords are guessed there within minutes, and the server's own sites need
 * no allow rule.
 */
export const mysqlPublic: LintRule = {
  code: 'ports/mysql-public',
  severity: 'error',
  title: 'MySQL is open to the internet',
  decidedBy: 'text',
  explanation: {
    why: "A database that answers any source is attacked by password lists within minutes of its first appearance, and the server's own sites reach it without any opening.",
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. A program that alone opens it, as configure_firewall_for_cpanel and the service that it writes do, is named by `exposure`.',
    remedy:
      "List the remote clients: `{ service: 'mysql', from: ['198.51.100.7'] }`. Sites on the server itself need nothing.",
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder([[3306, 'MySQL']], (services, addressText) => ({
    what: `Any source in the internet reaches ${services} at ${addressText}.`,
    instead:
      "{ service: 'mysql', from: [...] } with the remote clients, or nothing: sites on the server itself need no opening.",
  })),
};
