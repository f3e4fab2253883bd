import { printRange } from '../../net/address';
import { printList } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { canReachItself } from '../hairpin';
import { createHostFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds cPanel hosts that can't reach their own public address, neither by their own rules nor by the gateway's. cPanel
 * needs it for AutoSSL checks, mail to its own domains and service subdomains.
 */
export const cpnatHairpinMissing: LintRule = {
  code: 'cpnat/hairpin-missing',
  severity: 'error',
  title: 'A server cannot reach itself by its public address',
  decidedBy: 'text',
  explanation: {
    why: 'cPanel & WHM connects to its own public addresses: for AutoSSL checks, for mail to its own domains, for service subdomains and for its own test of the NAT. Behind a 1:1 NAT that needs a translation on the server or on the gateway.',
    when: "Found for a cPanel host with a public address that neither its own rules nor the gateway's reflection translate back to it. On the gateway the source has to become another one as well, or the server throws away the packet that seems to come from itself.",
    remedy:
      'Leave the reflection at its default (`pure-nat`; on the server too, where its platform can), or add the interface of the server to `from`. pfSense has one switch for the sources of all reflected connections, so there it takes `globalHelper: true` as well.',
    source: NAT_PAGE,
  },
  find: createHostFinder(
    (gateway, subject) => getCpanelHosts(subject, gateway).filter((host) => !canReachItself(gateway, host)),
    (hosts) => ({
      what: `${printList(hosts.map(({ external, internal }) => `${printRange(internal)} can't reach its own public address ${printRange(external)}`))}: cPanel & WHM needs that.`,
      instead:
        "reflection: { mode: 'pure-nat' } (the default), on the server or from the server's interface; with globalHelper: true on pfSense, where the box's one switch may be turned on.",
    }),
  ),
};
