// Finds cPanel, WHM or webmail without TLS (2082, 2086, 2095) that is open to the internet.

import { getFacts } from '../server-facts';
import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

export const insecureLoginPort: LintRule = {
  code: 'ports/insecure-login-port',
  severity: 'warning',
  title: 'A login port of the panel without TLS is open',
  decidedBy: 'text',
  explanation: {
    why: 'These ports show the login form without TLS. Only a setting of the server, which no firewall text shows, sends people on to the TLS port before they type.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed, and where captured facts say that the setting is on.',
    remedy:
      'Open 2083, 2087 (for administrators) and 2096 instead; if the plain ports must stay, turn on the tweak setting that redirects them to TLS, and acknowledge this.',
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [
      [2082, 'cPanel', 'cpanel (2083)'],
      [2086, 'WHM', 'whm (2087, for administrators)'],
      [2095, 'webmail', 'webmail (2096)'],
    ],
    (services, addressText, _, openServices) => ({
      what: `Any source reaches the login of ${services} at ${addressText} without TLS.`,
      instead: `${openServices.map(([, , twin]) => twin).join(', ')} in ${openServices.length === 1 ? 'its' : 'their'} place; a plain port only with the redirect-to-TLS setting, acknowledged.`,
    }),
    ({ owner }) => getFacts(owner).redirectsToTls !== true,
  ),
};
