import { points } from '../../../../net/device';
import { PfNat } from '../../../../parse/pf/model';
import { Surroundings } from '../packets/addresses';
import { askedBy } from './asked-by';
import { addressOn, networkRange } from '../box/box';
import { isSet, textAt } from '../elements/element';
import { Forward } from './forward';
import { portsAt } from '../elements/literals';
import { matched } from '../../../../parse/pf/matched';
import { ANY, KnownPorts, certain, surely } from '../../../../parse/pf/known';
import { point } from '../../../../net/range';
import { Unloadable } from '../elements/unloadable';

/** A forward of everything on an interface without a gateway: clients of its network get the box's address. */
export function backToOwnNetwork(forward: Forward, given: Surroundings): readonly PfNat[] {
  const { compared, no, each, target, line, names, family, element } = forward;
  const { root } = given.box;
  if (
    compared.destination !== ANY ||
    no ||
    !each ||
    each.hasGateway ||
    isSet(root, 'system', 'enablenatreflectionhelper')
  )
    return [];
  if ((family === 'ip' ? each.v4 : each.v6) === undefined) return [];
  const ports = portsWritten(forward, given);
  const mine = addressOn(each, family);
  if (!mine || target?.is !== 'address') return [];
  const network = surely([networkRange(mine)]);
  const tcp = { line, on: { is: names }, family, protocols: points(6) } as const;
  const to = { destination: surely([point(target.address)]), ports };
  const asks = (kind: string): string => askedBy(element, names.join(' '), family, 'back', kind);
  return [
    {
      ...matched({ ...tcp, source: surely([point(mine.address)]), destination: network }),
      asks: asks('no'),
      no: true,
      pass: false,
    },
    {
      ...matched({ ...tcp, source: network, ...to }),
      asks: asks(''),
      no: false,
      pass: false,
      to: { is: 'address', address: mine.address, ports: 'free' },
    },
  ];
}

/** Of a range its first port alone. Without one the box writes the word and no number. */
function portsWritten({ element, ports }: Forward, { aliases }: Surroundings): KnownPorts {
  const written = textAt(element, 'destination', 'port');
  const range = portsAt(written, '-');
  if (aliases.kindOf(written) === undefined && range) return certain([point(range.first)]);
  const named = aliases.kindOf(written) === 'ports' ? (ports ?? aliases.ports(written)) : undefined;
  if (named) return named;
  throw new Unloadable(
    element,
    'for clients of its own network the box writes a line without a port, which pfctl refuses',
  );
}
