// Creates the source translation that pfSense adds to a port forward of all destinations on an inside interface:
// clients of that network get the box's address, so that replies return by the box.

import { toNumberRanges } from '../../../../net/device';
import { PfNat } from '../../../../parse/pf/model';
import { PfsenseContext } from '../packets/resolve-addresses';
import { getDuplicateKey } from './duplicate-key';
import { getAddress, toNetworkRange } from '../box/box';
import { isSet, getText } from '../elements/element';
import { ParsedForward } from './parsed-forward';
import { parsePortRange } from '../elements/parse-literals';
import { matchCriteria } from '../../../../parse/pf/match-packets';
import { ANY_ADDRESS, PortBounds, createCertain, createMergedCertain } from '../../../../parse/pf/range-bounds';
import { toSingleRange } from '../../../../net/range';
import { Unloadable } from '../elements/unloadable';

/**
 * Returns the source translation of a forward of everything on an interface without a gateway: clients of its network
 * get the box's address.
 */
export function createHairpinNat(forward: ParsedForward, context: PfsenseContext): readonly PfNat[] {
  const { criteria, no, singleInterface: boxInterface, target, line, names, family, element } = forward;
  const { root } = context.box;
  if (
    criteria.destination !== ANY_ADDRESS ||
    no ||
    !boxInterface ||
    boxInterface.hasGateway ||
    isSet(root, 'system', 'enablenatreflectionhelper')
  )
    return [];
  if ((family === 'ip' ? boxInterface.v4 : boxInterface.v6) === undefined) return [];
  const ports = parseWrittenPorts(forward, context);
  const interfaceAddress = getAddress(boxInterface, family);
  if (!interfaceAddress || target?.is !== 'address') return [];
  const network = createMergedCertain([toNetworkRange(interfaceAddress)]);
  const tcp = { line, on: { is: names }, family, protocols: toNumberRanges(6) } as const;
  const to = { destination: createMergedCertain([toSingleRange(target.address)]), ports };
  const asks = (kind: string): string => getDuplicateKey(element, names.join(' '), family, 'back', kind);
  return [
    {
      ...matchCriteria({
        ...tcp,
        source: createMergedCertain([toSingleRange(interfaceAddress.address)]),
        destination: network,
      }),
      matchKey: asks('no'),
      no: true,
      pass: false,
    },
    {
      ...matchCriteria({ ...tcp, source: network, ...to }),
      matchKey: asks(''),
      no: false,
      pass: false,
      to: { is: 'address', address: interfaceAddress.address, ports: 'free' },
    },
  ];
}

/**
 * Returns the ports that the box writes: only the first port of a range. Without a port it writes the word and no
 * number.
 */
function parseWrittenPorts({ element, ports }: ParsedForward, { aliases }: PfsenseContext): PortBounds {
  const written = getText(element, 'destination', 'port');
  const range = parsePortRange(written, '-');
  if (aliases.getKind(written) === undefined && range) return createCertain([toSingleRange(range.first)]);
  const named = aliases.getKind(written) === 'ports' ? (ports ?? aliases.ports(written)) : undefined;
  if (named) return named;
  throw new Unloadable(
    element,
    'for clients of its own network the box writes a line without a port, which pfctl refuses',
  );
}
