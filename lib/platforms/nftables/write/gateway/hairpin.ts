import { familyOf, networkOf, prefixRange } from '../../../../net/address';
import { NetworkInterface } from '../../../../net/device';
import { overlap } from '../../../../net/range';
import { Part } from '../../../../writing/parts';
import { Rule } from '../model';

/**
 * Where client and server share a subnet the server would answer the client directly, past the gateway, so there alone the
 * source becomes the gateway's own address. Everywhere else the server sees who it talks to.
 */
export function hairpin(parts: readonly Part[], interfaces: readonly NetworkInterface[], publics: string): readonly Rule[] {
  return interfaces.flatMap(({ name, addresses }) => {
    const reflected = parts.filter(({ mapping: { reflection } }) => reflection.mode === 'pure-nat' && reflection.from.includes(name));
    if (reflected.length === 0) return [];
    const rules = new Map<bigint, Rule>();
    for (const { address, length } of addresses) {
      const network = networkOf(address, length);
      const range = prefixRange(network);
      if (familyOf(address) !== 'ip' || rules.has(network.first)) continue;
      if (!reflected.some(({ inside }) => overlap(prefixRange(inside), range) !== undefined)) continue;
      const rule: Rule = {
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
      };
      rules.set(network.first, rule);
    }
    return [...rules.values()];
  });
}
