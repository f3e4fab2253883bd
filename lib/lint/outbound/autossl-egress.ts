import { PROTOCOL } from '../../net/packet';
import { printList } from '../addresses';
import { createCpanelServerFinder, computeReach } from '../egress';
import { getFacts } from '../server-facts';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/** Finds cPanel servers that may connect nowhere on 443/tcp or on port 53. AutoSSL then can't renew certificates. */
export const autosslEgress: LintRule = {
  code: 'outbound/autossl-egress',
  severity: 'warning',
  title: 'AutoSSL cannot get certificates',
  decidedBy: 'text',
  explanation: {
    why: 'AutoSSL asks for certificates on 443, at store.cpanel.net or at the certificate authority that was chosen, and looks up names at the root name servers on 53 first. Without either, certificates expire some weeks after the rules were loaded.',
    when: 'Found where a cPanel server may connect nowhere on 443/tcp, or neither by TCP nor by UDP on 53. A list of destinations is not judged. Not found where captured facts say that AutoSSL is off.',
    remedy: 'Allow the outbound services `https` and `dns`.',
    source: FIREWALL_PAGE,
  },
  find: createCpanelServerFinder((owner) => {
    const { autossl } = getFacts(owner);
    if (autossl === 'off') return false;
    const certificateHost = autossl === 'LetsEncrypt' ? 'acme-v02.api.letsencrypt.org' : 'store.cpanel.net';
    const isDnsBlocked = [PROTOCOL.tcp, PROTOCOL.udp].every(
      (protocol) => computeReach(owner, { protocol, port: 53 }) === 'nowhere',
    );
    const missingNames = [
      ...(computeReach(owner, { protocol: PROTOCOL.tcp, port: 443 }) === 'nowhere'
        ? [`${certificateHost} (tcp 443)`]
        : []),
      ...(isDnsBlocked ? ['name servers (53)'] : []),
    ];
    return (
      missingNames.length > 0 && {
        what: `The server may not connect to ${printList(missingNames)}: AutoSSL can't renew certificates.`,
        instead: 'The outbound services "https" and "dns".',
      }
    );
  }),
};
