// Creates the source translation rules for clients and servers in one subnet behind the gateway (hairpin NAT), so that
// replies return by the gateway.

import { NetworkInterface } from '../../../../net/device';
import { findSharedSubnets } from '../../../../generate/netfilter/gateway-networks';
import { MappingPart } from '../../../../generate/mapping-parts';
import { NftRule } from '../nft-table';

export const createHairpinRules = (
  parts: readonly MappingPart[],
  interfaces: readonly NetworkInterface[],
  publicSet: string,
): readonly NftRule[] =>
  findSharedSubnets(parts, interfaces).map(({ interface: name, address, range }) => ({
    matches: [
      { is: 'interface', direction: 'in', names: [name] },
      { is: 'interface', direction: 'out', names: [name] },
      { is: 'address', family: 'ip', field: 'saddr', values: { is: 'value', value: range } },
      { is: 'address', family: 'ip', field: 'daddr', values: { is: 'value', value: range } },
      { is: 'translated' },
      { is: 'address', family: 'ip', field: 'original daddr', values: { is: 'set', name: publicSet } },
    ],
    verdict: { is: 'set source', to: address },
    comment: 'client and server in one subnet',
  }));
