import { prefixRange } from '../../../../net/address';
import { points } from '../../../../net/device';
import { Range, covers } from '../../../../net/range';
import { PfNat } from '../../../../parse/pf/model';
import { Surroundings } from '../packets/addresses';
import { Box, networkOn } from '../box/box';
import { childOf, isSet, textAt } from '../elements/element';
import { Gateways, staticRoutes } from '../box/gateways';
import { prefixAt } from '../elements/literals';
import { matched, portsOf } from '../../../../parse/pf/matched';
import { interfaceAddress } from './outbound';
import { networks, lineAt } from '../own-rules/system';
import { surely } from '../../../../parse/pf/known';
import { mobilePool, openvpnTunnels } from '../box/tunnels';

const PRIVATE = networks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10').sure;

/** Networks whose sources are changed on the way out. Source: filter_nat_rules_automatic_tonathosts. IPv4 alone. */
function translatedNetworks(box: Box, gateways: Gateways): readonly Range[] {
  const out: Range[] = [prefixRange(prefixAt('127.0.0.0/8')!)];
  const add = (text: string): void => {
    const prefix = prefixAt(text);
    if (prefix && !text.includes(':')) out.push(prefixRange(prefix));
  };
  for (const { to, key } of staticRoutes(box, gateways)) {
    const network = prefixAt(to);
    if (!network || box.byKey.get(key)?.hasGateway) continue;
    if (PRIVATE.some((each) => covers(each, prefixRange(network)))) out.push(prefixRange(network));
  }
  for (const each of box.interfaces) {
    const network = networkOn(each, 'ip');
    if (each.hasGateway || !network) continue;
    out.push(
      network,
      ...(box.vipsOn.get(each.key) ?? []).filter(({ family }) => family === 'ip').map(({ network }) => network),
    );
  }
  for (const tunnel of openvpnTunnels(box.root)) textAt(tunnel, 'tunnel_network').split(',').forEach(add);
  mobilePool(box.root).forEach(add);
  return out;
}

/** What the box translates by itself: in the modes `automatic` and `hybrid`, and where no mode is set. */
export function automaticOutbound({ box }: Surroundings, gateways: Gateways): readonly PfNat[] {
  const outbound = childOf(box.root, 'nat', 'outbound');
  const mode = childOf(outbound, 'mode');
  if (mode && !['automatic', 'hybrid'].includes(textAt(mode))) return [];
  const source = surely(translatedNetworks(box, gateways));
  return box.interfaces.flatMap((each): PfNat[] => {
    if (each.virtual || !each.hasGateway || each.device.startsWith('ovpn')) return [];
    const line = lineAt(mode ?? outbound ?? box.root, `automatic outbound NAT on ${each.key}`);
    const common = { line, on: { is: each.covers }, family: 'ip', source } as const;
    const asks = ['auto', each.key].join('|');
    const isakmp = { ...common, protocols: points(6, 17), ports: portsOf(500) };
    const kept: PfNat = {
      ...matched(isakmp),
      asks: `${asks}|500`,
      no: false,
      pass: false,
      to: interfaceAddress(each, 'ip', 'kept'),
    };
    const none = isSet(each.element, 'nonat');
    const free: PfNat = {
      ...matched(common),
      asks,
      no: none,
      pass: false,
      ...(none ? {} : { to: interfaceAddress(each, 'ip', 'free') }),
    };
    return [kept, free];
  });
}
