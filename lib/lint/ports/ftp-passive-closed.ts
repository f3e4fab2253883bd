import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { subtractRanges } from '../../net/range';
import { DEFAULT_PASSIVE_FTP, getFacts } from '../server-facts';
import { listOwnerFindings } from '../owner-findings';
import { LintTarget, getOpenSources, getTargets } from '../lint-targets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/** Finds sources that reach FTP (21) but no port of the server's passive range. Logins work, and transfers hang. */
export const ftpPassiveClosed: LintRule = {
  code: 'ports/ftp-passive-closed',
  severity: 'warning',
  title: 'FTP is open without its passive ports',
  decidedBy: 'text',
  explanation: {
    why: 'A client logs in on 21, and then every listing and transfer needs a second connection to a port that the server picks from its passive range. With TLS no helper can read which, so the range has to be open.',
    when: "Found where 21 is open to a source for which no port of 49152 to 65534, Pure-FTPd's range on cPanel, is; where captured facts have another range, no port of that.",
    remedy: 'Use the service `ftp`, which opens both.',
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    listOwnerFindings(getTargets(subject).filter(hasClosedDataPorts), ([target], addressText) => {
      const { first, last } = getPassiveRange(target!);
      return {
        what: `FTP (tcp 21) is open at ${addressText}, and none of its passive ports ${first}-${last} is open to the same sources: logins work, transfers hang.`,
        instead: 'The service "ftp", which opens both; or SFTP in place of it.',
      };
    }),
};

const getPassiveRange = ({ owner }: LintTarget): NumberRange => getFacts(owner).passiveFtp ?? DEFAULT_PASSIVE_FTP;

function hasClosedDataPorts(target: LintTarget): boolean {
  const { first, last } = getPassiveRange(target);
  return (
    subtractRanges(getOpenSources(target, PROTOCOL.tcp, 21), getOpenSources(target, PROTOCOL.tcp, first, last)).length >
    0
  );
}
