// Returns the protocols and ports of one pfSense filter rule as services of an intent, or the reason why an intent
// can't express them; for the import of a configuration.

import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { toSingleRange } from '../../../net/range';
import { XmlElement } from '../../../xml/parse-xml';
import { AliasTable } from '../parse/packets/alias-table';
import { findChild, getText, getTruthyText } from '../parse/elements/element';
import { parseIcmpTypes } from '../parse/packets/icmp-types';
import { parsePorts, parseProtocols } from '../parse/packets/protocols-and-ports';

/** A protocol and its ports in a rule, in the form of an intent. */
interface ImportedService {
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
}

/** `everything`: no port and no type limits the rule. */
type ImportedServices = 'everything' | readonly ImportedService[] | { readonly reason: string };

/** ICMP types that have a name in the box's form; it can't express others. */
const NAMED_TYPES: readonly NumberRange[] = [
  toSingleRange(0),
  { first: 3, last: 6 },
  { first: 8, last: 18 },
  { first: 30, last: 36 },
  { first: 39, last: 40 },
];

/**
 * Returns the services of a rule, or why no intent can express them.
 *
 * @throws Unloadable, like the parser, if the box can't load the rule.
 */
export function parseServices(rule: XmlElement, aliases: AliasTable): ImportedServices {
  const name = getTruthyText(rule, 'protocol').toLowerCase();
  const [from, to] = [getText(rule, 'source', 'port'), getText(rule, 'destination', 'port')];
  if (name === '') {
    if (from === '' && to === '') return 'everything';
    return { reason: 'it names a port and no protocol, of which the box makes every port of TCP' };
  }
  if (name === 'any') return 'everything';
  if (name === 'icmp') {
    const types = parseIcmpTypes(rule, 'ip');
    return [{ protocol: PROTOCOL.icmp, ports: types?.must ?? NAMED_TYPES }];
  }
  const protocols = parseProtocols(rule, name).map(({ first }) => first);
  if (!['tcp', 'udp', 'tcp/udp'].includes(name)) {
    return from === '' && to === ''
      ? protocols.map((protocol) => ({ protocol, ports: 'all' }))
      : { reason: `the box writes no ports of ${name}` };
  }
  if (name !== getText(rule, 'protocol'))
    return { reason: 'its protocol is in capitals, and the box may leave its ports out' };
  if (from !== '') return { reason: 'it asks for source ports' };
  const ports = parsePorts(findChild(rule, 'destination'), aliases);
  if (ports === 'every') return 'everything';
  if (ports === 'none') return { reason: 'its ports are not there' };
  if (ports.uncertain.length > 0) return { reason: ports.reason };
  if (ports.must.length === 0) return { reason: 'no port is in what it names' };
  if (ports.must.some(({ first, last }) => first <= 1 && last === 65_535)) return 'everything';
  return protocols.map((protocol) => ({ protocol, ports: ports.must }));
}
