import { getFacts } from '../server-facts';
import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/** Finds 80 or 443 open to the internet on a server whose Web Server role is off. The panel's login answers there. */
export const httpRoleDisabled: LintRule = {
  code: 'ports/http-role-disabled',
  severity: 'warning',
  title: 'The web ports of a server without the role Web Server are the panel',
  decidedBy: 'facts',
  explanation: {
    why: "With the role Web Server off, cPanel's own server answers on 80 and 443: what is opened as a web site is the panel's login.",
    when: "Found where 80 or 443 is open to any source, and captured facts have `webserver` among the roles that are off in WHM's server profile.",
    remedy: 'Close them, or list who may log in.',
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [
      [80, 'http'],
      [443, 'https'],
    ],
    (services, addressText) => ({
      what: `${services} is open to any source at ${addressText}, and with the role Web Server off it is the panel that answers.`,
      instead: 'Listed sources; or the role turned on in WHM, and facts captured again.',
    }),
    ({ owner }) => getFacts(owner).rolesOff?.includes('webserver') === true,
  ),
};
