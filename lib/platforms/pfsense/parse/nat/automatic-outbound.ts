// Creates the automatic outbound NAT of pfSense, source translations that no entry of config.xml lists: for the
// networks behind the box, on each interface with a gateway.

import { toRange } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { Range, covers } from '../../../../net/range';
import { PfNat } from '../../../../parse/pf/model';
import { PfsenseContext } from '../packets/resolve-addresses';
import { PfsenseBox, getInterfaceNetwork } from '../box/box';
import { findChild, isSet, getText } from '../elements/element';
import { GatewayLookup, listStaticRoutes } from '../box/gateways';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import { createInterfaceTarget } from './manual-outbound';
import { parseNetworks, createNamedLine } from '../own-rules/system-rules';
import { createMergedCertain } from '../../../../parse/pf/range-bounds';
import { listMobilePools, listOpenvpnTunnels } from '../box/tunnels';

const PRIVATE_NETWORKS = parseNetworks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10').must;

/**
 * Returns the networks whose sources the box translates on the way out. IPv4 only. Source:
 * filter_nat_rules_automatic_tonathosts.
 */
function listTranslatedNetworks(box: PfsenseBox, gateways: GatewayLookup): readonly Range[] {
  const ranges: Range[] = [toRange(parsePrefixLiteral('127.0.0.0/8')!)];
  const add = (text: string): void => {
    const prefix = parsePrefixLiteral(text);
    if (prefix && !text.includes(':')) ranges.push(toRange(prefix));
  };
  for (const { to, key } of listStaticRoutes(box, gateways)) {
    const network = parsePrefixLiteral(to);
    if (!network || box.byKey.get(key)?.hasGateway) continue;
    if (PRIVATE_NETWORKS.some((candidate) => covers(candidate, toRange(network)))) ranges.push(toRange(network));
  }
  for (const candidate of box.interfaces) {
    const network = getInterfaceNetwork(candidate, 'ip');
    if (candidate.hasGateway || !network) continue;
    ranges.push(
      network,
      ...(box.vipsOn.get(candidate.key) ?? []).filter(({ family }) => family === 'ip').map(({ network }) => network),
    );
  }
  for (const tunnel of listOpenvpnTunnels(box.root)) getText(tunnel, 'tunnel_network').split(',').forEach(add);
  listMobilePools(box.root).forEach(add);
  return ranges;
}

/** Returns the translations that the box makes by itself: in the modes `automatic` and `hybrid`, and without a mode. */
export function createAutomaticOutbound({ box }: PfsenseContext, gateways: GatewayLookup): readonly PfNat[] {
  const outbound = findChild(box.root, 'nat', 'outbound');
  const mode = findChild(outbound, 'mode');
  if (mode && !['automatic', 'hybrid'].includes(getText(mode))) return [];
  const source = createMergedCertain(listTranslatedNetworks(box, gateways));
  return box.interfaces.flatMap((boxInterface): PfNat[] => {
    if (boxInterface.virtual || !boxInterface.hasGateway || boxInterface.device.startsWith('ovpn')) return [];
    const line = createNamedLine(mode ?? outbound ?? box.root, `automatic outbound NAT on ${boxInterface.key}`);
    const common = { line, on: { is: boxInterface.covers }, family: 'ip', source } as const;
    const matchKey = ['auto', boxInterface.key].join('|');
    const isakmp = { ...common, protocols: toNumberRanges(6, 17), ports: createPortBounds(500) };
    const fixedPorts: PfNat = {
      ...matchCriteria(isakmp),
      matchKey: `${matchKey}|500`,
      no: false,
      pass: false,
      to: createInterfaceTarget(boxInterface, 'ip', 'kept'),
    };
    const isExcluded = isSet(boxInterface.element, 'nonat');
    const freePorts: PfNat = {
      ...matchCriteria(common),
      matchKey,
      no: isExcluded,
      pass: false,
      ...(isExcluded ? {} : { to: createInterfaceTarget(boxInterface, 'ip', 'free') }),
    };
    return [fixedPorts, freePorts];
  });
}
