import { NumberRange, countOf } from '../net/device';
import { numbersWithout } from '../net/axes';
import { SERVICES } from './data/services';
import { PROTOCOLS } from './ports';

/** Ports of one protocol, ascending and disjoint. */
interface PortsOfProtocol {
  readonly protocol: number;
  readonly ports: readonly NumberRange[];
}

/** A range with more ports beside those of a service means no service. */
const MOST_BESIDES = 100;

/** The services all of whose ports are there, and what is left without them. */
export function servicesAmong<Of extends PortsOfProtocol>(
  all: readonly Of[],
  but: readonly string[],
): { readonly names: readonly string[]; readonly rest: readonly Of[] } {
  let rest = all;
  const names = [...SERVICES].flatMap(([name, { ports }]): string[] => {
    const ofProtocol = ({ protocol }: Of) => ports.filter((port) => PROTOCOLS[port.protocol] === protocol);
    const isOpen =
      (port: (typeof ports)[number]) =>
      (range: NumberRange): boolean =>
        range.first <= port.first && port.last <= range.last && countOf([range]) < countOf([port]) + MOST_BESIDES;
    const isThere = ports.every((port) =>
      rest.some((one) => ofProtocol(one).includes(port) && one.ports.some(isOpen(port))),
    );
    if (!isThere || but.includes(name)) return [];
    rest = rest.map((one) => ({ ...one, ports: numbersWithout(one.ports, ofProtocol(one)) }));
    return [name];
  });
  return { names, rest };
}
