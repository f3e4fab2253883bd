import { parseAddress } from '../../../net/address';
import { PfRedirect } from '../../../reading/pf/model';
import { Box } from './box';
import { childOf, textAt } from './element';
import { matched, portsOf, protocols } from './matched';
import { lineAt } from './system-rules';

/** Interfaces whose TFTP goes to the box's own proxy, past the filter. */
export function tftpRedirects({ root, byKey }: Box): readonly PfRedirect[] {
  const element = childOf(root, 'system', 'tftpinterface');
  if (!element) return [];
  return textAt(element)
    .split(',')
    .flatMap((key): PfRedirect[] => {
      const each = byKey.get(key);
      if (!each) return [];
      const line = lineAt(element, `TFTP proxy on ${key}`);
      const match = matched({ line, on: { is: each.covers }, family: 'ip', protocols: protocols(17), ports: portsOf(69) });
      const to = { is: 'address', address: parseAddress('127.0.0.1')!, port: { is: 'one', port: 6969 } } as const;
      return [{ ...match, asks: `tftp|${key}`, no: false, pass: true, to }];
    });
}
