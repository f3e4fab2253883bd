// Describes devices with APF for the driver: settings files, services, and texts for the refusals and boot faults that
// the agent reports.

import { createOtherFirewallFault } from '../../agent-protocol/linux-system';
import { createFileBasedSystem } from '../../agent-protocol/file-based-system';

export const system = createFileBasedSystem({
  organ: 'apf',
  label: 'APF',
  settings: { ca: '/etc/apf-firewall/conf.apf', cu: '/etc/apf/conf.apf' },
  listingPlatform: 'iptables',
  services: ['apf-firewall.service', 'apf.service'],
  mayBring: 'other rules than ours, or none',
  enable: 'systemctl enable apf-firewall, of 2.0.2 systemctl enable apf',
  bootFaults: createOtherFirewallFault('apf', 'RUN="no" in /etc/default/apf-firewall, or APF 2.0.2 uninstalled,'),
  refusals: {
    'apf-version': (value) => ({
      what: `APF there is ${value('version')}, and the release is for another one: "version" of the server is 9.7 for apf-firewall of Debian and Ubuntu in /etc/apf-firewall, without /etc/apf, and 2.0.2 for that of its authors in /etc/apf.`,
      instead: 'that "version" of the server; or another platform, after APF is away.',
    }),
    'apf-upgraded': (value) => ({
      what: `APF there is ${value('version')}, and what is stored of this owner is for the other version.`,
      instead: 'destroy that release first, with onRemove "as before".',
    }),
    'apf-ipv6': (value) => ({
      what: `The server has the IPv6 address ${value('address')}, and APF 9.7 filters nothing of IPv6: all of it would be open.`,
      instead: 'platform nftables, iptables or firewalld, after APF is away; or no IPv6 on the server.',
    }),
    'apf-not-running': () => ({
      what: 'APF has loaded no rules there.',
      instead:
        'apf -s (of 9.7 after RUN="yes" in /etc/default/apf-firewall), after what it opens is looked at (cpanel-edge exposure); where nothing is loaded then, IFACE_IN or IFACE_UNTRUSTED and SET_MONOKERN in conf.apf.',
    }),
    'apf-interface': (value) => ({
      what: `No route of IPv4 goes by ${value('name')}, and without one APF loads nothing: everything would be open.`,
      instead: 'the name that the interface has there, in "interfaces" or "interface" of the server.',
    }),
    'apf-file': (value) => ({
      what: `What a shell makes of ${value('file')} is not known${value('line') === 'unknown' ? '' : ` (line ${value('line')}: more than a value for a name, or one of our keys a second time)`}.`,
      instead: 'NAME="value" alone in its lines, each of our keys once; then apply again.',
    }),
  },
});
