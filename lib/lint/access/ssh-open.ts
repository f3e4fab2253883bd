import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';
import { findOpenManagementPorts } from './management-open';

/**
 * Finds port 22 open to the internet other than as the management port. SSH gives the whole machine, and passwords are
 * guessed on every address that answers.
 */
export const sshOpen: LintRule = {
  code: 'access/ssh-open',
  severity: 'warning',
  objectedWhenNew: true,
  title: 'SSH is open to the internet',
  decidedBy: 'text',
  explanation: {
    why: 'A login by SSH has the whole machine, and any source may try. Lists of passwords are tried on every address that answers.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed, nor where 22 is the port of `management`: that is access/management-open. A review objects to it where the change opens it; what stood before is a warning.',
    remedy: "Open it as `management` alone, from the operators' networks.",
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [[22, 'SSH']],
    (services, addressText) => ({
      what: `Any source in the internet may try to log in by ${services} at ${addressText}.`,
      instead: "management: { from: [...], port: 22 } with the operators' networks.",
    }),
    (target) => !findOpenManagementPorts(target).includes(22),
  ),
};
