import { NetworkInterface } from '../../../../net/device';
import { sharedSubnets } from '../../../../generate/netfilter/gateway';
import { Part } from '../../../../generate/parts';
import { Rule } from '../model';

export const hairpin = (
  parts: readonly Part[],
  interfaces: readonly NetworkInterface[],
  publics: string,
): readonly Rule[] =>
  sharedSubnets(parts, interfaces).map(({ interface: name, address, range }) => ({
    matches: [
      { is: 'interface', way: 'in', names: [name] },
      { is: 'interface', way: 'out', names: [name] },
      { is: 'address', family: 'ip', field: 'saddr', among: { is: 'value', value: range } },
      { is: 'address', family: 'ip', field: 'daddr', among: { is: 'value', value: range } },
      { is: 'translated' },
      { is: 'address', family: 'ip', field: 'original daddr', among: { is: 'set', name: publics } },
    ],
    verdict: { is: 'set source', to: address },
    comment: 'client and server in one subnet',
  }));
