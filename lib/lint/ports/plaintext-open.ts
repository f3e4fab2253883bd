import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds POP3, IMAP, Web Disk or CalDAV without TLS open to the internet. Passwords are readable on the way, and each
 * has a port with TLS.
 */
export const plaintextOpen: LintRule = {
  code: 'ports/plaintext-open',
  severity: 'warning',
  title: 'A plaintext port is open though it has a TLS twin',
  decidedBy: 'text',
  explanation: {
    why: 'Passwords cross the internet readable on these ports, and every client of the last ten years speaks their TLS twins: 110 and 995, 143 and 993, 2077 and 2078, 2079 and 2080.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. Ports 25 and 80 have twins too, but mail from other servers and certificate checks need them, so they are not found; the login ports of the panels have a rule of their own.',
    remedy:
      "Open the twin only: `pop3s`, `imaps`, `webdisk`, `caldav`. A client that can't do without gets a `from` of its own.",
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [
      [110, 'POP3', 'pop3s (995)'],
      [143, 'IMAP', 'imaps (993)'],
      [2077, 'Web Disk', 'webdisk (2078)'],
      [2079, 'CalDAV and CardDAV', 'caldav (2080)'],
    ],
    (services, addressText, _, openServices) => ({
      what: `Any source reaches ${services} at ${addressText}, where passwords travel in plain text.`,
      instead: `${openServices.length === 1 ? 'The TLS twin' : 'The TLS twins'} alone: ${openServices.map(([, , twin]) => twin).join(', ')}.`,
    }),
  ),
};
