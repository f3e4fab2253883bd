import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds a MYIP setting that names another host than myip.cpanel.net. The owner of that page decides which public
 * addresses cPanel uses.
 */
export const myipCustom: LintRule = {
  code: 'cpnat/myip-custom',
  severity: 'note',
  title: 'A page other than that of cPanel is asked for public addresses',
  decidedBy: 'facts',
  explanation: {
    why: 'build_cpnat writes what the page of `MYIP` answers: the owner of that page decides which addresses get into zones, mail and licences.',
    when: 'Found where the captured `/etc/cpsources.conf` names another host than myip.cpanel.net.',
    remedy: 'Look whether it is still meant; `myip` of `cpnat` sets it.',
    source: NAT_PAGE,
  },
  find: createFactsFinder(
    ({ myip }) =>
      myip !== undefined &&
      myip !== 'myip.cpanel.net' && {
        what: `build_cpnat asks ${myip === '?' ? 'a page that is not cPanel’s' : myip} for the public addresses.`,
        instead: 'myip.cpanel.net, or a page that is yours.',
      },
  ),
};
