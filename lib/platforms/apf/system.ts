import { LINUX } from '../../delivering/linux';
import { System } from '../../delivering/system';

const DROP_IN = '/etc/systemd/system/apf-firewall.service.d/cpanel-edge.conf';
const MAY_OPEN = 'a start of APF may bring other rules than ours, or none';

export const system: System = {
  ...LINUX,
  unitOf: ({ text, owner }) =>
    text.startsWith(`==> /etc/apf-firewall/conf.apf <==\n# cpanel-edge:${owner}\n`) ? `settings ca-${owner}` : undefined,
  refusals: {
    'apf-version': (value) => ({
      what: `APF there is ${value('version')}: settings are written for apf-firewall 9.7 of Debian and Ubuntu, in /etc/apf-firewall.`,
      instead: 'that package, without /etc/apf; or another platform, after APF is away.',
    }),
    'apf-ipv6': (value) => ({
      what: `The server has the IPv6 address ${value('address')}, and APF 9.7 filters nothing of IPv6: all of it would be open.`,
      instead: 'platform nftables, iptables or firewalld, after APF is away; or no IPv6 on the server.',
    }),
    'apf-not-enabled': () => ({
      what: 'APF is not started with the device: a restart would open it.',
      instead: 'systemctl enable apf-firewall.',
    }),
    'apf-not-running': () => ({
      what: 'APF has loaded no rules there.',
      instead:
        'RUN="yes" in /etc/default/apf-firewall, then apf -s, after what it opens is looked at (cpanel-edge exposure); where nothing is loaded then, IFACE_IN and SET_MONOKERN in conf.apf.',
    }),
    'apf-owner': (value) => ({
      what: `Owner ${value('owner')} has settings in conf.apf there, and there is one conf.apf.`,
      instead: 'one owner for the server.',
    }),
    'apf-interface': (value) => ({
      what: `No route of IPv4 goes by ${value('name')}, and without one APF loads nothing: everything would be open.`,
      instead: 'the name that the interface has there, in "interfaces" or "interface" of the server.',
    }),
    'apf-file': (value) => ({
      what: `What a shell makes of ${value('file')} is not known${value('line') === 'unknown' ? '' : ` (line ${value('line')}: more than a value for a name, or one of our keys a second time)`}.`,
      instead: 'NAME="value" alone in its lines, each of our keys once; then apply again.',
    }),
    'apf-marks': (value) => ({
      what: `The marks around our lines in ${value('file')} ("# cpanel-edge:OWNER begin" and "end") are not two in a row any more.`,
      instead: 'put them right, or take both out with the lines between them; then apply again.',
    }),
  },
  bootFaults: {
    ...LINUX.bootFaults,
    'apf-missing': { says: `${DROP_IN} is gone: ${MAY_OPEN}`, loads: true },
    'apf-changed': { says: `${DROP_IN} is not as we wrote it: ${MAY_OPEN}`, loads: true },
  },
};
