import { printPrefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { between, portsText, printedFile } from '../../../writing/netfilter/files';
import { Line, Written } from './model';

/** Without these what is written is void, nothing is loaded, or somebody else comes in. */
const BEFORE = {
  ...{ SET_FASTLOAD: '0', SET_VNET: '0', SET_MONOKERN: '1', SET_REFRESH: '0' },
  ...{ TCP_STOP: 'DROP', UDP_STOP: 'DROP', TCR_PASS: '0', ICMP_LIM: '0', RESV_DNS: '1' },
  ...{ BLK_PRVNET: '0', BLK_RESNET: '0', SYSCTL_ROUTE: '1' },
} as const;

/**
 * APF lets in whoever is a resolver, or says so by its port, to all ports from 1023 on, and no key turns that off: it is taken away again where
 * people write what is to be done last. Answers are of a session.
 */
const WITHOUT_RESOLVERS = ['udp', 'tcp'].map(
  (protocol) => `for i in $LDNS 0/0; do $IPT -D INPUT -p ${protocol} -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done`,
);

/** Files as `tail -v -n +1` prints them: of conf.apf and of what starts it the owner's keys, of the others the owner's lines. */
export function render(owner: string, { interface: name, tcp, udp, types, lines }: Written): string {
  const mark = `# cpanel-edge:${owner}`;
  const keys = {
    ...{ DEVEL_MODE: '0', INSTALL_PATH: '/etc/apf-firewall', IFACE_IN: name, IFACE_TRUSTED: '', ...BEFORE },
    ...{ IG_TCP_CPORTS: tcp.map(ranged).join(','), IG_UDP_CPORTS: udp.map(ranged).join(',') },
    ...{ IG_ICMP_TYPES: types === 'all' ? types : types.join(','), EGF: '0', USE_RGT: '0' },
  };
  return [
    printedFile('/etc/apf-firewall/conf.apf', [mark, ...Object.entries(keys).map(([key, value]) => `${key}="${value}"`)]),
    printedFile('/etc/apf-firewall/allow_hosts.rules', between(mark, lines.map(lineText))),
    printedFile('/etc/apf-firewall/postroute.rules', between(mark, WITHOUT_RESOLVERS)),
    printedFile('/etc/default/apf-firewall', [mark, 'RUN="yes"']),
  ].join('\n');
}

const ranged = (ports: NumberRange): string => portsText(ports, '_');

const lineText = ({ protocol, ports, peer }: Line): string => `${protocol}:in:d=${ranged(ports)}:s=${printPrefix(peer)}`;
