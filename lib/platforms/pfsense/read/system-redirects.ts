import { familyOf, parseAddress } from '../../../net/address';
import { points } from '../../../net/device';
import { PfRedirect } from '../../../reading/pf/model';
import { Box } from './box';
import { childOf, isSet, textAt } from './element';
import { matched, portsOf } from '../../../reading/pf/matched';
import { lineAt } from './system-rules';

/** Redirects that a switch of the system makes, before all port forwards. */
export const systemRedirects = (box: Box): readonly PfRedirect[] => [...tftp(box), ...tunnelled(box)];

/** Interfaces whose TFTP goes to the box's own proxy, past the filter. */
function tftp({ root, byKey }: Box): readonly PfRedirect[] {
  const element = childOf(root, 'system', 'tftpinterface');
  if (!element) return [];
  return textAt(element)
    .split(',')
    .flatMap((key): PfRedirect[] => {
      const each = byKey.get(key);
      if (!each) return [];
      const line = lineAt(element, `TFTP proxy on ${key}`);
      const match = matched({ line, on: { is: each.covers }, family: 'ip', protocols: points(17), ports: portsOf(69) });
      const to = { is: 'address', address: parseAddress('127.0.0.1')!, port: { is: 'one', port: 6969 } } as const;
      return [{ ...match, asks: `tftp|${key}`, no: false, pass: true, to }];
    });
}

/** IPv6 in IPv4 that comes by the uplink, to one host inside. */
function tunnelled({ root, byKey }: Box): readonly PfRedirect[] {
  const element = childOf(root, 'diag', 'ipv6nat');
  const address = parseAddress(textAt(element, 'ipaddr'));
  const each = byKey.get('wan');
  if (!element || !each || !isSet(element, 'enable') || address === undefined || familyOf(address) !== 'ip') return [];
  const match = matched({ line: lineAt(element, 'IPv6 in IPv4 on wan'), on: { is: each.covers }, family: 'ip', protocols: points(41) });
  return [{ ...match, asks: 'ipv6nat', no: false, pass: false, to: { is: 'address', address } }];
}
