import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/** Finds WHM (2086, 2087) open to the internet. WHM logs in as root, and only administrators need it. */
export const whmOpen: LintRule = {
  code: 'access/whm-open',
  severity: 'warning',
  title: 'WHM is open to the internet',
  decidedBy: 'text',
  explanation: {
    why: 'WHM logs in as root. Customers use cPanel (2083) and webmail (2096); only administrators need WHM. The licence servers may call back on 2083 or 2096 as well.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed.',
    remedy: 'Open 2087 to administrators only, and let 2083 or 2096 take the licence callback.',
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [
      [2086, 'WHM without TLS'],
      [2087, 'WHM'],
    ],
    (services, addressText) => ({
      what: `Any source in the internet may try the root login of ${services} at ${addressText}.`,
      instead:
        "{ service: 'whm', from: [...] } with the administrators; cpanel (2083) or webmail (2096) is enough for the licence callback.",
    }),
  ),
};
