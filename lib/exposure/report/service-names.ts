import { closedPorts, printNumbers } from '../../reachability/words';
import { joinedNumbers } from '../../net/axes';
import { NumberRange, countOf, holdsNumber } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { NAMED_PORTS, NamedPort } from '../../net/port-names';

/** Services that only their own programs or operators connect to. */
const SENSITIVE = new Set(
  (
    'mysql mssql oracle postgresql redis mongodb memcached elasticsearch etcd docker docker-tls kubernetes ' +
    'rdp vnc telnet smb netbios nfs rpcbind ldap ldaps rsync snmp'
  ).split(' '),
);

/** More than that is no list of services any more; a wider range, as for FTP's data, is no service. */
const MOST_PORTS = 64;

/** Returns the names of the services that usually listen on these ports; none where the ports are a large part of all. */
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
export const sensitiveIn = (protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly NamedPort[] =>
  namedIn(protocols, ports).filter(({ name }) => SENSITIVE.has(name));

function namedIn(protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly NamedPort[] {
  const few = ports.filter((one) => countOf([one]) <= MOST_PORTS);
  // Who reads `all but 22` isn't told what is left in the gaps.
  if (countOf(few) > MOST_PORTS || closedPorts(ports).length > 0) return [];
  return NAMED_PORTS.filter(
    ({ protocol, first, last }) =>
      holdsNumber(protocols, PROTOCOL[protocol]) && few.some((one) => one.first <= first && last <= one.last),
  );
}
