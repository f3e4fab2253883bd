import { getFacts } from '../server-facts';
import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds SMTPS (465) open to the internet, unless captured facts exclude TLS older than 1.2. Mail clients refuse older
 * versions.
 */
export const smtpsTls12: LintRule = {
  code: 'ports/smtps-tls12',
  severity: 'note',
  title: 'SMTPS is open: Exim should speak TLS 1.2',
  decidedBy: 'text',
  explanation: {
    why: 'Mail clients refuse servers that speak older versions of TLS only, and older versions have known attacks.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. Which versions Exim speaks, captured facts say: where they are 1.2 and newer, it is not found.',
    remedy: "Look at the TLS options of Exim's configuration manager once.",
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [[465, 'SMTPS']],
    (services, addressText, targets) => ({
      what: `${services} is open at ${addressText}: Exim ${targets.every(({ owner }) => getFacts(owner).eximOldTls) ? 'offers TLS older than 1.2' : 'has to offer TLS 1.2 or newer'} there.`,
      instead: 'Nothing in the firewall: the TLS options of Exim on the server.',
    }),
    ({ owner }) => getFacts(owner).eximOldTls !== false,
  ),
};
