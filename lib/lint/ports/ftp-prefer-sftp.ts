import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds FTP (20, 21) open to the internet. Its logins may be without TLS, and it needs thousands of open ports, unlike
 * SFTP.
 */
export const ftpPreferSftp: LintRule = {
  code: 'ports/ftp-prefer-sftp',
  severity: 'warning',
  title: 'FTP is open',
  decidedBy: 'text',
  explanation: {
    why: 'FTP logs in without TLS unless the client asks for it, and it needs thousands of open data ports behind it. SFTP does the same over the one SSH port.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed.',
    remedy: 'Give users SFTP over SSH. Where FTP has to stay, list who uses it, or acknowledge this.',
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [
      [20, 'FTP data'],
      [21, 'FTP'],
    ],
    (services, addressText) => ({
      what: `Any source reaches ${services} at ${addressText}.`,
      instead: 'SFTP over the SSH port; or FTP for listed clients only.',
    }),
  ),
};
