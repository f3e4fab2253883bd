// Parses the protocols and ports of pfSense rules: names, numbers, ranges and port aliases, as pfSense passes them to
// pfctl.

import { NumberRange, toNumberRanges } from '../../../../net/device';
import { XmlElement } from '../../../../xml/parse-xml';
import { AliasTable } from './alias-table';
import { getTruthyText } from '../elements/element';
import { parsePortRange } from '../elements/parse-literals';
import { PortBounds, createCertain } from '../../../../parse/pf/range-bounds';
import { Unloadable } from '../elements/unloadable';

/** Protocol numbers by the names that pfctl knows and configurations use. Source: IANA, /etc/protocols of FreeBSD. */
const PROTOCOL_NUMBERS: Readonly<Record<string, readonly number[]>> = {
  icmp: [1],
  igmp: [2],
  ipencap: [4],
  tcp: [6],
  egp: [8],
  igp: [9],
  udp: [17],
  'tcp/udp': [6, 17],
  dccp: [33],
  ipv6: [41],
  rsvp: [46],
  gre: [47],
  esp: [50],
  ah: [51],
  'ipv6-icmp': [58],
  ospf: [89],
  ipip: [94],
  etherip: [97],
  pim: [103],
  ipcomp: [108],
  vrrp: [112],
  carp: [112],
  l2tp: [115],
  sctp: [132],
  udplite: [136],
  pfsync: [240],
};

/**
 * Returns the numbers of a protocol's name or number, in any case.
 *
 * @throws Unloadable for a protocol that pfctl refuses.
 */
export function parseProtocols(element: XmlElement, name: string): readonly NumberRange[] {
  const lower = name.toLowerCase();
  if (Object.hasOwn(PROTOCOL_NUMBERS, lower)) return toNumberRanges(...PROTOCOL_NUMBERS[lower]!);
  if (/^\d{1,3}$/.test(name) && Number(name) <= 255) return toNumberRanges(Number(name));
  throw new Unloadable(element, `pfctl knows no protocol ${name.slice(0, 80)}`);
}

const PROTOCOLS_WITH_PORTS = new Set(['tcp', 'udp', 'tcp/udp']);

/**
 * Returns whether the box writes the ports of a rule of this protocol; `perhaps` if releases differ and the dividing
 * release isn't known.
 */
export const hasPortElement = (protocol: string): 'yes' | 'no' | 'perhaps' =>
  PROTOCOLS_WITH_PORTS.has(protocol.toLowerCase()) ? 'yes' : protocol.toLowerCase() === 'sctp' ? 'perhaps' : 'no';

/**
 * Returns the ports that a `source` or `destination` names: `every` without any or for 1-65535, `none` for an unknown
 * name. A range consists of numbers; if its last port is before its first, it is empty.
 */
export function parsePorts(element: XmlElement | undefined, aliases: AliasTable): PortBounds | 'every' | 'none' {
  const written = getTruthyText(element, 'port');
  return element === undefined || written === '' ? 'every' : parseWrittenPorts(element, written, aliases);
}

export function parseWrittenPorts(
  element: XmlElement,
  written: string,
  aliases: AliasTable,
): PortBounds | 'every' | 'none' {
  const kind = aliases.getKind(written);
  if (kind === 'addresses') throw new Unloadable(element, `alias ${written} has addresses where ports are needed`);
  if (kind === 'ports') {
    if (/^\d+$/.test(written))
      throw new Unloadable(element, `alias ${written} is left out for its name, and a rule names it`);
    const ports = aliases.ports(written);
    return ports.must.length + ports.uncertain.length === 0 ? 'none' : ports;
  }
  const range = parsePortRange(written, '-') ?? parsePortRange(written, ':');
  if (!range) return 'none';
  if (range.first === 1 && range.last === 65_535) return 'every';
  return createCertain(range.first <= range.last ? [range] : []);
}
