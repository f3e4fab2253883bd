// Renders the generated config of csf: the keys of csf.conf, and the owner's lines of csf.allow, csf.deny and
// csfpost.sh, as one text with a header for each file.

import { printPrefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { wrapInMarks, printPortRange, printFile } from '../../../generate/netfilter/config-files';
import { CsfSourcePortRule, CsfLine, CsfEntries } from './csf-entry-types';

/**
 * Without these settings the generated config has no effect, or opens more. FASTSTART opens everything if any line is
 * wrong, also an unmanaged one.
 */
const FIXED_SETTINGS = {
  TESTING: '0',
  IPTABLES: '/sbin/iptables',
  IP6TABLES: '/sbin/ip6tables',
  FASTSTART: '0',
  IPV6: '1',
  LF_SPI: '1',
  IPV6_SPI: '1',
  DROP: 'DROP',
  DROP_OUT: 'DROP',
  ETH_DEVICE: '',
  ETH6_DEVICE: '',
  ETH_DEVICE_SKIP: '',
  DNS_STRICT: '1',
  DNS_STRICT_NS: '1',
  USE_FTPHELPER: '0',
  ICMP_IN_RATE: '0',
  ICMP_OUT: '1',
  ICMP_OUT_RATE: '0',
  IPV6_ICMP_STRICT: '0',
} as const;

/** Settings that are lists of ports. */
const PORT_KEYS = ['TCP_IN', 'TCP_OUT', 'UDP_IN', 'UDP_OUT', 'TCP6_IN', 'TCP6_OUT', 'UDP6_IN', 'UDP6_OUT'] as const;

/** Other settings that let packets in or out. */
const CLOSED_SETTINGS = {
  MESSENGER: '0',
  PORTKNOCKING: '',
  CC_ALLOW: '',
  CC_ALLOW_PORTS: '',
  DYNDNS: '0',
  GLOBAL_ALLOW: '',
  GLOBAL_DYNDNS: '',
  CLUSTER_RECVFROM: '',
  CLUSTER_SENDTO: '',
} as const;

/**
 * Renders the files like `tail -v -n +1`: the owner's keys of csf.conf, the owner's lines of csf.allow, and of the
 * other files if there are any.
 */
export function render(owner: string, { ports, ping, lines, denied, hooked }: CsfEntries): string {
  const mark = `# cpanel-edge:${owner}`;
  const keys = {
    ...FIXED_SETTINGS,
    ICMP_IN: ping ? '1' : '0',
    ...Object.fromEntries(PORT_KEYS.map((key) => [key, formatPorts(ports(key), ':')])),
    ...CLOSED_SETTINGS,
  };
  const section = (name: string, texts: readonly string[]): string =>
    printFile(`/etc/csf/${name}`, wrapInMarks(mark, texts));
  return [
    printFile('/etc/csf/csf.conf', [mark, ...Object.entries(keys).map(([key, value]) => `${key} = "${value}"`)]),
    section('csf.allow', lines.map(renderLine)),
    ...(denied.length === 0 ? [] : [section('csf.deny', denied.map(renderDeniedLine))]),
    ...(hooked.length === 0 ? [] : [section('csfpost.sh', hooked.map(renderSourcePortRule))]),
  ].join('\n');
}

const formatPorts = (ports: readonly NumberRange[], separator: ':' | '_'): string =>
  ports.map((range) => printPortRange(range, separator)).join(',');

const renderLine = ({ protocol, direction, ports, peer }: CsfLine): string =>
  `${protocol}|${direction}|d=${formatPorts(ports, '_')}|${direction === 'in' ? 's' : 'd'}=${printPrefix(peer)}`;

/**
 * Renders the rule like csf renders a line of csf.allow, at the end of the same chain. In front of it, csf itself would
 * no longer be evaluated first.
 */
const renderSourcePortRule = ({ family, protocol, sourcePorts, ports, peer }: CsfSourcePortRule): string =>
  `/sbin/${family}tables -w -A ALLOWOUT ! -o lo -p ${protocol} -d ${printPrefix(peer)} -m multiport --sports ${formatPorts(sourcePorts, ':')} -m multiport --dports ${formatPorts(ports, ':')} -j ACCEPT`;

/**
 * Renders a line with the remark that keeps it: csf removes other lines of csf.deny to make room for bans. Source:
 * dodeny of csf 15.10.
 */
const renderDeniedLine = (line: CsfLine): string => `${renderLine(line)} # do not delete`;
