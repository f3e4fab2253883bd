import { openToTheInternet } from '../open-services';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';

export const smtpsTls12: LintRule = {
  code: 'ports/smtps-tls12',
  severity: 'note',
  title: 'SMTPS is open: Exim should speak TLS 1.2',
  decidedBy: 'text',
  explanation: {
    why: 'Mail clients refuse servers that speak older versions of TLS only, and older versions have known attacks.',
    when: 'Found where anybody can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. Which versions Exim speaks is not in any firewall text, so this is a note.',
    remedy: "Look at the TLS options of Exim's configuration manager once.",
    source: FIREWALL_PAGE,
  },
  find: openToTheInternet([[465, 'SMTPS']], (services, at) => ({
    what: `${services} is open at ${at}: Exim has to offer TLS 1.2 or newer there.`,
    instead: 'Nothing in the firewall: the TLS options of Exim on the server.',
  })),
};
