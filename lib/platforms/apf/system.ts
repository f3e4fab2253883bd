import { filesSystem } from '../../delivering/files-system';

export const system = filesSystem({
  ...{ organ: 'apf', called: 'APF', prefix: 'ca', settings: '/etc/apf-firewall/conf.apf' },
  ...{ service: 'apf-firewall.service', enable: 'systemctl enable apf-firewall', mayBring: 'other rules than ours, or none' },
  refusals: {
    'apf-version': (value) => ({
      what: `APF there is ${value('version')}: settings are written for apf-firewall 9.7 of Debian and Ubuntu, in /etc/apf-firewall.`,
      instead: 'that package, without /etc/apf; or another platform, after APF is away.',
    }),
    'apf-ipv6': (value) => ({
      what: `The server has the IPv6 address ${value('address')}, and APF 9.7 filters nothing of IPv6: all of it would be open.`,
      instead: 'platform nftables, iptables or firewalld, after APF is away; or no IPv6 on the server.',
    }),
    'apf-not-running': () => ({
      what: 'APF has loaded no rules there.',
      instead:
        'RUN="yes" in /etc/default/apf-firewall, then apf -s, after what it opens is looked at (cpanel-edge exposure); where nothing is loaded then, IFACE_IN and SET_MONOKERN in conf.apf.',
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
