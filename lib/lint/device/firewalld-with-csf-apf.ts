import { printList } from '../addresses';
import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds firewalld beside CSF or APF, if they run or start with the server. Each removes the rules of the other when it
 * starts.
 */
export const firewalldWithCsfApf: LintRule = {
  code: 'device/firewalld-with-csf-apf',
  severity: 'error',
  title: 'firewalld is there beside CSF or APF',
  decidedBy: 'facts',
  explanation: {
    why: 'Each of them takes the rules of the other away when it starts: what is open depends on which started last.',
    when: 'Found where captured facts have firewalld and csf or apf among the firewalls that start with the server, or run.',
    remedy: 'Disable one of them. cPanel wants firewalld removed where CSF or APF is used.',
    source: FIREWALL_PAGE,
  },
  find: createFactsFinder(({ firewalls = [] }) => {
    const otherFirewalls = firewalls.filter((unitName) => /^(csf|apf(-firewall)?)\.service$/.test(unitName));
    return (
      firewalls.includes('firewalld.service') &&
      otherFirewalls.length > 0 && {
        what: `firewalld.service and ${printList(otherFirewalls)} are both there: each takes the rules of the other away.`,
        instead: 'systemctl disable --now firewalld; or the other one away.',
      }
    );
  }),
};
