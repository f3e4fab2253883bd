// Helpers for the tests of csf's parser: print the files of a server with csf from settings and lists, and return the
// rows of what such a text lets in.

import { parser } from '../../../lib/platforms/csf/parse/parser';
import { SERVER, rowsTo } from '../server-rows';

/** A server's files by their paths; files of csf's own folder by their names. */
export type Folder = Readonly<Record<string, string>>;
export type Settings = Readonly<Record<string, string>>;

/** The settings of a csf template that change which packets pass. */
const STOCK: Settings = {
  TESTING: '0',
  LF_SPI: '1',
  IPV6: '0',
  IPV6_SPI: '1',
  IPV6_ICMP_STRICT: '0',
  ETH_DEVICE: '',
  ETH6_DEVICE: '',
  ETH_DEVICE_SKIP: '',
  FASTSTART: '1',
  LF_IPSET: '0',
  PACKET_FILTER: '1',
  USE_FTPHELPER: '0',
  DNS_STRICT: '0',
  DNS_STRICT_NS: '0',
  LF_BLOCKINONLY: '0',
  DROP: 'DROP',
  DROP_OUT: 'REJECT',
  DROP_LOGGING: '1',
  DROP_IP_LOGGING: '0',
  DROP_OUT_LOGGING: '1',
  PS_INTERVAL: '0',
  DROP_NOLOG: '23,67,68,111,113,135:139,445,500,513,520',
  ICMP_IN: '1',
  ICMP_IN_RATE: '1/s',
  ICMP_OUT: '1',
  ICMP_OUT_RATE: '0',
  SMTP_BLOCK: '0',
  SMTP_ALLOWLOCAL: '1',
  SMTP_REDIRECT: '0',
  SMTP_PORTS: '25,465,587',
  SYNFLOOD: '0',
  UDPFLOOD: '0',
  SYNFLOOD_RATE: '100/s',
  SYNFLOOD_BURST: '150',
  CONNLIMIT: '',
  PORTFLOOD: '',
  PORTKNOCKING: '',
  CC_DENY: '',
  CC_ALLOW: '',
  CC_ALLOW_FILTER: '',
  CC_ALLOW_PORTS: '',
  CC_ALLOW_PORTS_TCP: '',
  CC_DENY_PORTS: '',
  CC_DENY_PORTS_TCP: '',
  CC6_LOOKUPS: '0',
  MESSENGER: '0',
  MESSENGER_PERM: '1',
  MESSENGER_TEMP: '1',
  MESSENGER_HTML: '8888',
  MESSENGER_HTML_IN: '80',
  MESSENGER_TEXT: '8889',
  MESSENGER_TEXT_IN: '21',
  MESSENGER_RATE: '100/s',
  MESSENGER_BURST: '150',
  DOCKER: '0',
  DOCKER_DEVICE: 'docker0',
  DOCKER_NETWORK4: '172.17.0.0/16',
  DOCKER_NETWORK6: '',
  CLUSTER_PORT: '7777',
  ICMP_TIMESTAMPDROP: '0',
  IPTABLES: '/sbin/iptables',
  IPTABLES_RESTORE: '/sbin/iptables-restore',
  IP6TABLES: '/sbin/ip6tables',
  IP6TABLES_RESTORE: '/sbin/ip6tables-restore',
};

/** A small server: its settings come first in the text, in this order. */
const SMALL: Settings = {
  TCP_IN: '22,443',
  UDP_IN: '53',
  TCP6_IN: '443',
  UDP6_IN: '',
  TCP_OUT: '80,443',
  UDP_OUT: '53',
};

export const confOf = (settings: Settings): string =>
  Object.entries({ ...SMALL, ...STOCK, ...settings })
    .map(([key, value]) => `${key} = "${value}"\n`)
    .join('');

/** Prints the files as `tail -v -n +1` does, csf.conf first. */
export function printed(settings: Settings, files: Folder = {}, more = ''): string {
  const all: Folder = {
    'csf.conf': confOf(settings) + more,
    'csf.allow': '',
    'csf.deny': '',
    'etc/resolv.conf': '',
    ...files,
  };
  const path = (name: string): string => (name.includes('/') ? name : `etc/csf/${name}`);
  return Object.entries(all)
    .map(([name, text]) => `==> ${path(name)} <==\n${text}`)
    .join('\n');
}

export const seen = (text: string, device = SERVER): readonly string[] => rowsTo(parser.read(text, device), device);
