import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { XmlElement } from '../../../xml/xml';
import { Aliases } from '../parse/packets/aliases';
import { childOf, textAt, truthyAt } from '../parse/elements/element';
import { icmpTypes } from '../parse/packets/icmp-types';
import { portsNamed, protocolsNamed } from '../parse/packets/services';

/** Ports and protocols of a rule, as an intent has them. */
interface Service {
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
}

/** `everything`: no port and no type limits it. */
type Services = 'everything' | readonly Service[] | { readonly why: string };

/** Types of ICMP that have a name in the box's form; others can't be written there. */
const NAMED_TYPES: readonly NumberRange[] = [
  point(0),
  { first: 3, last: 6 },
  { first: 8, last: 18 },
  { first: 30, last: 36 },
  { first: 39, last: 40 },
];

/** Throws what reading throws, where the box could not load it. */
export function servicesOf(rule: XmlElement, aliases: Aliases): Services {
  const name = truthyAt(rule, 'protocol').toLowerCase();
  const [from, to] = [textAt(rule, 'source', 'port'), textAt(rule, 'destination', 'port')];
  if (name === '') {
    if (from === '' && to === '') return 'everything';
    return { why: 'it names a port and no protocol, of which the box makes every port of TCP' };
  }
  if (name === 'any') return 'everything';
  if (name === 'icmp') {
    const types = icmpTypes(rule, 'ip');
    return [{ protocol: PROTOCOL.icmp, ports: types?.sure ?? NAMED_TYPES }];
  }
  const protocols = protocolsNamed(rule, name).map(({ first }) => first);
  if (!['tcp', 'udp', 'tcp/udp'].includes(name)) {
    return from === '' && to === ''
      ? protocols.map((protocol) => ({ protocol, ports: 'all' }))
      : { why: `the box writes no ports of ${name}` };
  }
  if (name !== textAt(rule, 'protocol'))
    return { why: 'its protocol is in capitals, and the box may leave its ports out' };
  if (from !== '') return { why: 'it asks for source ports' };
  const ports = portsNamed(childOf(rule, 'destination'), aliases);
  if (ports === 'every') return 'everything';
  if (ports === 'none') return { why: 'its ports are not there' };
  if (ports.perhaps.length > 0) return { why: ports.because };
  if (ports.sure.length === 0) return { why: 'no port is in what it names' };
  if (ports.sure.some(({ first, last }) => first <= 1 && last === 65_535)) return 'everything';
  return protocols.map((protocol) => ({ protocol, ports: ports.sure }));
}
