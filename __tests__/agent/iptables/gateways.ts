// Two gateway releases for iptables, as generated texts, and the form in which a device prints them with iptables-save.

import { Mapped, gatewayText } from '../../platforms/iptables/gateway-text';
import { THEIRS } from './host';

export const at = (last: number, ports: string): Mapped => ({
  public: `203.0.113.${last}`,
  inside: `10.0.0.${last}`,
  ports,
});
export const [ONE, OTHER] = [gatewayText([at(10, '80'), at(11, '80')]), gatewayText([at(10, '443')])];
export const VIP = { kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' } as const;
/**
 * The lines of a text as a device prints them: chains in the order of their names, and rules in that of their chains.
 */
export function printed(text: string, theirs = THEIRS): string {
  const tables = text.split(/^(?=\*)/m).slice(2);
  return tables
    .flatMap((table) => {
      const lines = table.split('\n').filter((line) => /^(:cg-|-A)/.test(line));
      const names = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []).sort();
      const of = (chain: string): readonly string[] => lines.filter((line) => line.startsWith(`-A ${chain} `));
      const [mangle, host] = [table.startsWith('*mangle'), theirs === '' ? [] : [theirs]];
      const builtIn = (mangle ? ['FORWARD'] : ['PREROUTING', 'POSTROUTING']).flatMap(of);
      return [
        mangle ? '*mangle' : '*nat',
        ...names.map((name) => `:${name} - [0:0]`),
        ...(mangle ? host : []),
        ...builtIn,
        ...names.flatMap(of),
      ];
    })
    .join('\n');
}
export const NOTHING = `*mangle\n${THEIRS}\n*nat`;
