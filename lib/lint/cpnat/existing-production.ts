import { createFactsFinder } from '../server-facts';
import { getHosts } from '../translated-hosts';
import { listGateways } from '../owners';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds mapped servers that have accounts but no cpnat file. Zones, mail and licences of the accounts keep the
 * addresses from before the NAT.
 */
export const existingProduction: LintRule = {
  code: 'cpnat/existing-production',
  severity: 'warning',
  title: 'A server that has accounts is put behind a 1:1 NAT',
  decidedBy: 'facts',
  explanation: {
    why: 'cPanel wants NAT mode on new installations only: zones, mail and licences of accounts have the addresses of before, and nothing changes them by itself.',
    when: 'Found where captured facts say that there are accounts and no `/var/cpanel/cpnat`, and a mapping translates to the server.',
    remedy:
      "Before accounts are made, if that is still possible; else plan what cPanel's page asks for, and WHM's IP Migration Wizard for each account, and acknowledge this.",
    source: NAT_PAGE,
  },
  find: createFactsFinder(({ hasAccounts, cpnat }, _, subject, owner) => {
    if (hasAccounts !== true || cpnat !== 'absent') return false;
    const isMapped = listGateways(subject).some((gateway) =>
      getHosts(subject, gateway).some(({ server }) => server === owner),
    );
    return (
      isMapped && {
        what: 'It has accounts, NAT mode is off, and a mapping translates to it: their zones and mail have addresses of before.',
        instead:
          'A new installation behind the NAT, to which accounts are transferred; or what the page on 1:1 NAT says, acknowledged.',
      }
    );
  }),
};
