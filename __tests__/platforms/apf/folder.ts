// Helpers for the tests of APF's parser: print the files of a server with APF 9.7 or 2.0.2 from settings and lists,
// and return the rows of what such a text lets in.

import { parser } from '../../../lib/platforms/apf/parse/parser';
import { OWN, SERVER, rowsTo, verdictRows } from '../server-rows';

/** A server's files by their paths; files of APF's own folder by their names. */
export type Folder = Readonly<Record<string, string>>;
export type Settings = Readonly<Record<string, string>>;

/** A small server: its settings come first in the text, in this order, so IG_TCP_CPORTS is in line 2. */
const SMALL: Settings = { IG_TCP_CPORTS: '22,443', IG_UDP_CPORTS: '53', IG_ICMP_TYPES: '3,8', ICMP_LIM: '0' };

/** The package's settings that change which packets pass, without the lists that most servers change. */
const STOCK: Settings = {
  DEVEL_MODE: '0',
  INSTALL_PATH: '/etc/apf-firewall',
  IFACE_IN: 'eth0',
  IFACE_OUT: 'eth0',
  IFACE_TRUSTED: '',
  SET_VERBOSE: '1',
  SET_FASTLOAD: '0',
  SET_VNET: '0',
  SET_ADDIFACE: '0',
  SET_MONOKERN: '1',
  SET_REFRESH: '10',
  SET_TRIM: '150',
  VF_LGATE: '',
  RAB: '0',
  TCP_STOP: 'DROP',
  UDP_STOP: 'DROP',
  ALL_STOP: 'DROP',
  PKT_SANITY: '1',
  PKT_SANITY_INV: '0',
  PKT_SANITY_FUDP: '1',
  PKT_SANITY_PZERO: '0',
  PKT_SANITY_STUFFED: '0',
  TCR_PASS: '0',
  TCR_PORTS: '33434:33534',
  RESV_DNS: '1',
  RESV_DNS_DROP: '1',
  BLK_P2P_PORTS: '',
  BLK_PORTS: '135_139',
  BLK_MCATNET: '0',
  BLK_PRVNET: '0',
  BLK_RESNET: '0',
  BLK_IDENT: '0',
  SYSCTL_ROUTE: '1',
  HELPER_SSH: '1',
  HELPER_SSH_PORT: '22',
  HELPER_FTP: '1',
  HELPER_FTP_PORT: '21',
  HELPER_FTP_DATA: '20',
  EGF: '0',
  EG_TCP_CPORTS: '21,25,80',
  EG_UDP_CPORTS: '53',
  EG_ICMP_TYPES: 'all',
  DLIST_SPAMHAUS: '0',
  USE_RGT: '0',
  LOG_DROP: '0',
};

const LAST = 'CNFINT="$INSTALL_PATH/internals/internals.conf"\n. $CNFINT\n';

export const confOf = (settings: Settings): string =>
  Object.entries({ ...SMALL, ...STOCK, ...settings })
    .map(([key, value]) => `${key}="${value}"\n`)
    .join('');

const START = 'etc/default/apf-firewall';
const RESOLVERS = 'etc/resolv.conf';

/** Prints the files as `tail -v -n +1` does, conf.apf first; `without`: names that are left out. */
export function printed(settings: Settings, files: Folder = {}, more = '', ...without: readonly string[]): string {
  const conf = confOf(settings) + LAST + more;
  const rest: Folder = { 'allow_hosts.rules': '', 'deny_hosts.rules': '', [START]: 'RUN="yes"\n', [RESOLVERS]: '' };
  const path = (name: string): string => (name.startsWith('etc/') ? name : `etc/apf-firewall/${name}`);
  return Object.entries({ 'conf.apf': conf, ...rest, ...files })
    .filter(([name]) => !without.includes(name))
    .map(([name, text]) => `==> ${path(name)} <==\n${text}`)
    .join('\n');
}

/** The settings of upstream's 2.0.2. SET_MONOKERN is on, so that it surely loads. */
const UPSTREAM: Settings = {
  DEVEL_MODE: '0',
  INSTALL_PATH: '/etc/apf',
  IFACE_UNTRUSTED: 'eth0',
  IFACE_TRUSTED: '',
  USE_IPV6: '0',
  SET_FASTLOAD: '0',
  SET_VNET: '0',
  SET_MONOKERN: '1',
  SET_EXPIRE: '0',
  SET_REFRESH: '10',
  SET_TRIM: '250',
  VF_ROUTE: '1',
  VF_LGATE: '',
  RAB: '0',
  RAB_PSCAN_LEVEL: '1',
  RAB_HITCOUNT: '1',
  RAB_TIMER: '300',
  TCP_STOP: 'DROP',
  UDP_STOP: 'DROP',
  ALL_STOP: 'DROP',
  PKT_SANITY: '1',
  PKT_SANITY_INV: '0',
  PKT_SANITY_FUDP: '1',
  PKT_SANITY_PZERO: '0',
  TCR_PASS: '0',
  TCR_PORTS: '33434:33534',
  SYNFLOOD: '0',
  RESV_DNS: '1',
  RESV_DNS_DROP: '1',
  BLK_P2P_PORTS: '',
  BLK_PORTS: '135_139',
  BLK_MCATNET: '0',
  BLK_PRVNET: '0',
  BLK_RESNET: '0',
  DLIST_RESERVED: '1',
  BLK_IDENT: '0',
  HELPER_SSH: '1',
  HELPER_SSH_PORT: '22',
  HELPER_FTP: '1',
  HELPER_FTP_PORT: '21',
  HELPER_FTP_DATA: '20',
  IG_ICMPV6_TYPES: '1,2,3,4,128,129',
  EGF: '0',
  EG_TCP_CPORTS: '21,25,80',
  SMTP_BLOCK: '0',
  USE_RGT: '0',
  USE_IPSET: 'auto',
  USE_GRE: '0',
  CT_LIMIT: '0',
  LOG_DROP: '0',
  IPT_LOCK_SUPPORT: 'auto',
  IPT_LOCK_TIMEOUT: '3',
};

/** The same for 2.0.2 in /etc/apf. */
export function printedUpstream(settings: Settings, files: Folder = {}): string {
  const conf = Object.entries({ ...SMALL, ...UPSTREAM, ...settings }).map(([key, value]) => `${key}="${value}"\n`);
  const all = {
    'conf.apf': conf.join('') + LAST,
    VERSION: 'version: 2.0.2\n',
    'allow_hosts.rules': '',
    'deny_hosts.rules': '',
  };
  const path = (name: string): string => (name.startsWith('etc/') ? name : `etc/apf/${name}`);
  return Object.entries({ ...all, [RESOLVERS]: '', ...files })
    .map(([name, text]) => `==> ${path(name)} <==\n${text}`)
    .join('\n');
}

/** The dispositions of IPv4 packets from the internet to the server, line by line. IPv6 is always open. */
export const seen = (text: string, device = SERVER): readonly string[] =>
  verdictRows(rowsTo(parser.read(text, device), device))
    .map((row) => row.replace(`${OWN[0]} `, '').replace(OWN[1], 'IPv6'))
    .sort();
