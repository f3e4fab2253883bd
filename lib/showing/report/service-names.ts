import { closedPorts, printNumbers } from '../../exposure/words';
import { SERVICES } from '../../intent/data/services';
import { joinedNumbers } from '../../net/axes';
import { NumberRange, countOf, holdsNumber } from '../../net/device';
import { PROTOCOL } from '../../net/packet';

/** What else listens on servers, and is no service of the port table. Source: IANA, service names and port numbers. */
const OTHERS: readonly (readonly [protocol: 'tcp' | 'udp', port: number, name: string])[] = [
  ['tcp', 20, 'ftp-data'],
  ['tcp', 21, 'ftp'],
  ['tcp', 23, 'telnet'],
  ['udp', 67, 'dhcp'],
  ['udp', 69, 'tftp'],
  ['tcp', 111, 'rpcbind'],
  ['udp', 111, 'rpcbind'],
  ['udp', 123, 'ntp'],
  ['tcp', 139, 'netbios'],
  ['udp', 161, 'snmp'],
  ['tcp', 179, 'bgp'],
  ['tcp', 389, 'ldap'],
  ['tcp', 445, 'smb'],
  ['udp', 500, 'ipsec'],
  ['udp', 514, 'syslog'],
  ['udp', 546, 'dhcpv6'],
  ['tcp', 636, 'ldaps'],
  ['tcp', 853, 'dns-tls'],
  ['tcp', 873, 'rsync'],
  ['tcp', 990, 'ftps'],
  ['udp', 1194, 'openvpn'],
  ['tcp', 1433, 'mssql'],
  ['tcp', 1521, 'oracle'],
  ['tcp', 2049, 'nfs'],
  ['tcp', 2375, 'docker'],
  ['tcp', 2376, 'docker-tls'],
  ['tcp', 2379, 'etcd'],
  ['tcp', 3389, 'rdp'],
  ['udp', 4500, 'ipsec'],
  ['tcp', 5432, 'postgresql'],
  ['tcp', 5900, 'vnc'],
  ['tcp', 6379, 'redis'],
  ['tcp', 6443, 'kubernetes'],
  ['tcp', 8080, 'http-alternate'],
  ['tcp', 8443, 'https-alternate'],
  ['tcp', 9200, 'elasticsearch'],
  ['tcp', 11211, 'memcached'],
  ['udp', 11211, 'memcached'],
  ['tcp', 27017, 'mongodb'],
  ['udp', 51820, 'wireguard'],
];

interface Named extends NumberRange {
  readonly protocol: 'tcp' | 'udp';
  readonly name: string;
}

const NAMED: readonly Named[] = [
  // The licence callback is three services of others.
  ...[...SERVICES]
    .filter(([name]) => name !== 'licence-callback' && name !== 'ftp')
    .flatMap(([name, { ports }]) => ports.map((port) => ({ ...port, name }))),
  ...OTHERS.map(([protocol, port, name]) => ({ protocol, first: port, last: port, name })),
];

/** What only programs of their own, or their operators, have to do with. */
const SENSITIVE = new Set(
  (
    'mysql mssql oracle postgresql redis mongodb memcached elasticsearch etcd docker docker-tls kubernetes ' +
    'rdp vnc telnet smb netbios nfs rpcbind ldap ldaps rsync snmp'
  ).split(' '),
);

/** More than that is no list of services any more; a wider range, as for FTP's data, is no service. */
const MOST_PORTS = 64;

/** What listens on the ports of a row as a rule; nothing where the row is much of all ports. */
export const serviceNames = (protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly string[] => [
  ...new Set(namedIn(protocols, ports).map(({ name }) => name)),
];

/** The same for people, in the order of the ports: `ssh, https`; where not each port has a name, `whm 2087`. */
export function namesBeside(protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly string[] {
  const named = [...namedIn(protocols, ports)].sort((one, other) => one.first - other.first);
  const isEach = countOf(joinedNumbers(named)) === countOf(ports);
  return [...new Set(named.map((one) => (isEach ? one.name : `${one.name} ${printNumbers([one])}`)))];
}

/** Where there is room for few: what only few have to do with isn't what is left out. */
export function firstNames(names: readonly string[]): readonly string[] {
  if (names.length <= 5) return names;
  const isSensitive = (name: string): boolean => SENSITIVE.has(name.split(' ')[0]!);
  return [...names.filter(isSensitive), ...names.filter((name) => !isSensitive(name))].slice(0, 4).concat('…');
}

/** The same of what only few have to do with, each with its port. */
export const sensitiveIn = (protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly Named[] =>
  namedIn(protocols, ports).filter(({ name }) => SENSITIVE.has(name));

function namedIn(protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly Named[] {
  const few = ports.filter((one) => countOf([one]) <= MOST_PORTS);
  // Who reads `all but 22` isn't told what is left in the gaps.
  if (countOf(few) > MOST_PORTS || closedPorts(ports).length > 0) return [];
  return NAMED.filter(
    ({ protocol, first, last }) => holdsNumber(protocols, PROTOCOL[protocol]) && few.some((one) => one.first <= first && last <= one.last),
  );
}

/** The ports of a name that isn't in the port table. */
export const otherService = (name: string): readonly Pick<Named, 'protocol' | 'first' | 'last'>[] =>
  NAMED.filter((one) => one.name === name);

export const OTHER_NAMES: readonly string[] = [...new Set(OTHERS.map(([, , name]) => name))];
