// Finds the named services whose ports are all in a list of open ports, and returns their names and the ports that
// remain.
import { NumberRange, countNumbers } from '../net/device';
import { subtractNumbers } from '../net/axis-nodes';
import { SERVICES } from './data/services';
import { PORT_PROTOCOL_NUMBERS } from './ports';

/** Ports of one protocol, ascending and disjoint. */
interface ProtocolPorts {
  readonly protocol: number;
  readonly ports: readonly NumberRange[];
}

/** A range that is larger than a service's own by this many ports doesn't stand for the service. */
const MAX_EXTRA_PORTS = 100;

/** Returns the services whose ports are all present, and the ports that remain without them. */
export function matchServices<Of extends ProtocolPorts>(
  groups: readonly Of[],
  excludedNames: readonly string[],
): { readonly names: readonly string[]; readonly rest: readonly Of[] } {
  let remainingGroups = groups;
  const names = [...SERVICES].flatMap(([name, { ports }]): string[] => {
    const selectPorts = ({ protocol }: Of) => ports.filter((port) => PORT_PROTOCOL_NUMBERS[port.protocol] === protocol);
    const isOpen =
      (port: (typeof ports)[number]) =>
      (range: NumberRange): boolean =>
        range.first <= port.first &&
        port.last <= range.last &&
        countNumbers([range]) < countNumbers([port]) + MAX_EXTRA_PORTS;
    const isPresent = ports.every((port) =>
      remainingGroups.some((group) => selectPorts(group).includes(port) && group.ports.some(isOpen(port))),
    );
    if (!isPresent || excludedNames.includes(name)) return [];
    remainingGroups = remainingGroups.map((group) => ({
      ...group,
      ports: subtractNumbers(group.ports, selectPorts(group)),
    }));
    return [name];
  });
  return { names, rest: remainingGroups };
}
