// Returns the names of the services that usually listen on ports (ssh, mysql), and finds the sensitive ones among the
// ports of an exposure entry.
import { findClosedPorts, printNumbers } from '../../reachability/print-packets';
import { mergeNumbers } from '../../net/axis-nodes';
import { NumberRange, countNumbers, containsNumber } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { NAMED_PORTS, NamedPort } from '../../net/port-names';

/** Services that only their own programs or operators connect to. */
const SENSITIVE_SERVICES = new Set(
  (
    'mysql mssql oracle postgresql redis mongodb memcached elasticsearch etcd docker docker-tls kubernetes ' +
    'rdp vnc telnet smb netbios nfs rpcbind ldap ldaps rsync snmp'
  ).split(' '),
);

/** The most ports for which services are named. A wider range, as for FTP's data, is no service. */
const MAX_NAMED_PORTS = 64;

/** Returns the names of the services that usually listen on these ports; none if the ports are a large part of all. */
export const getServiceNames = (
  protocols: readonly NumberRange[],
  ports: readonly NumberRange[],
): readonly string[] => [...new Set(findNamedPorts(protocols, ports).map(({ name }) => name))];

/** Returns the names for people, in the order of the ports: `ssh, https`; if not each port has a name, `whm 2087`. */
export function nameServices(protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly string[] {
  const namedPorts = [...findNamedPorts(protocols, ports)].sort(
    (namedPort, nextPort) => namedPort.first - nextPort.first,
  );
  const isEachNamed = countNumbers(mergeNumbers(namedPorts)) === countNumbers(ports);
  return [
    ...new Set(
      namedPorts.map((namedPort) => (isEachNamed ? namedPort.name : `${namedPort.name} ${printNumbers([namedPort])}`)),
    ),
  ];
}

/** Returns a few of the names. Sensitive services come first, so that they aren't left out. */
export function pickNames(names: readonly string[]): readonly string[] {
  if (names.length <= 5) return names;
  const isSensitive = (name: string): boolean => SENSITIVE_SERVICES.has(name.split(' ')[0]!);
  return [...names.filter(isSensitive), ...names.filter((name) => !isSensitive(name))].slice(0, 4).concat('…');
}

/** Returns the sensitive services on these ports, each with its port. */
export const findSensitiveServices = (
  protocols: readonly NumberRange[],
  ports: readonly NumberRange[],
): readonly NamedPort[] => findNamedPorts(protocols, ports).filter(({ name }) => SENSITIVE_SERVICES.has(name));

function findNamedPorts(protocols: readonly NumberRange[], ports: readonly NumberRange[]): readonly NamedPort[] {
  const narrowRanges = ports.filter((range) => countNumbers([range]) <= MAX_NAMED_PORTS);
  // A list such as `all but 22` doesn't name the services in the gaps.
  if (countNumbers(narrowRanges) > MAX_NAMED_PORTS || findClosedPorts(ports).length > 0) return [];
  return NAMED_PORTS.filter(
    ({ protocol, first, last }) =>
      containsNumber(protocols, PROTOCOL[protocol]) &&
      narrowRanges.some((range) => range.first <= first && last <= range.last),
  );
}
