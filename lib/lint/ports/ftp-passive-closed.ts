import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { without } from '../../net/range';
import { PASSIVE_FTP, factsOf } from '../facts';
import { perOwner } from '../per-owner';
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
    when: "Found where 21 is open to a source for which no port of 49152 to 65534, Pure-FTPd's range on cPanel, is; where captured facts have another range, no port of that.",
    remedy: 'Use the service `ftp`, which opens both.',
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    perOwner(targetsOf(subject).filter(hasNoData), ([target], at) => {
      const { first, last } = passiveOf(target!);
      return {
        what: `FTP (tcp 21) is open at ${at}, and none of its passive ports ${first}-${last} is open to the same sources: logins work, transfers hang.`,
        instead: 'The service "ftp", which opens both; or SFTP in place of it.',
      };
    }),
};

const passiveOf = ({ owner }: Target): NumberRange => factsOf(owner).passiveFtp ?? PASSIVE_FTP;

function hasNoData(target: Target): boolean {
  const { first, last } = passiveOf(target);
  return without(openTo(target, PROTOCOL.tcp, 21), openTo(target, PROTOCOL.tcp, first, last)).length > 0;
}
