import { PROTOCOL } from '../../net/packet';
import { without } from '../../net/range';
import { perOwner } from '../places';
import { Target, openTo, targetsOf } from '../targets';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';

export const ftpPassiveClosed: LintRule = {
  code: 'ports/ftp-passive-closed',
  severity: 'warning',
  title: 'FTP is open without its passive ports',
  decidedBy: 'text',
  explanation: {
    why: 'A client logs in on 21, and then every listing and transfer needs a second connection to a port that the server picks from its passive range. With TLS no helper can read which, so the range has to be open.',
    when: "Found where 21 is open to a source for which no port of 49152 to 65534, Pure-FTPd's range on cPanel, is. Whether the server has another range is in pure-ftpd.conf, not here.",
    remedy: 'Use the service `ftp`, which opens both.',
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    perOwner(targetsOf(subject).filter(hasNoData), (_, at) => ({
      what: `FTP (tcp 21) is open at ${at}, and none of its passive ports 49152-65534 is open to the same sources: logins work, transfers hang.`,
      instead: 'The service "ftp", which opens both; or SFTP in place of it.',
    })),
};

const hasNoData = (target: Target): boolean =>
  without(openTo(target, PROTOCOL.tcp, 21), openTo(target, PROTOCOL.tcp, 49_152, 65_534)).length > 0;
