import { PfFilterRule } from '../../../../parse/pf/model';
import { Surroundings } from '../packets/addresses';
import { Box, BoxInterface } from '../box/box';
import { childOf, textAt } from '../elements/element';
import { lineAt, own } from './system';
import { ipsecRuns } from '../box/tunnels';

const WIREGUARD = 'WireGuard';
const WIREGUARD_TUNNEL = /^tun_wg\d+$/;
const IPSEC_TUNNEL = /^ipsec\d+$/;

/**
 * Assigned tunnels that may be in the group of WireGuard though the configuration names them in none: the package puts them in while it
 * runs, all or only those that aren't assigned.
 */
export function perhapsGrouped(box: Box, keys: readonly string[]): readonly BoxInterface[] {
  const group = keys.includes(WIREGUARD) ? box.groups.get(WIREGUARD) : undefined;
  return group ? box.interfaces.filter((each) => WIREGUARD_TUNNEL.test(each.device) && !group.includes(each)) : [];
}

/** What comes by an assigned tunnel of IPsec is filtered on enc0, unless the box is told to do so on the tunnel itself. */
export function ipsecTunnelRules({ box }: Pick<Surroundings, 'box'>): readonly PfFilterRule[] {
  const ipsec = childOf(box.root, 'ipsec');
  if (!ipsec || !ipsecRuns(ipsec) || textAt(ipsec, 'filtermode') === 'if_ipsec') return [];
  const tunnels = box.interfaces.filter(({ device }) => IPSEC_TUNNEL.test(device));
  if (tunnels.length === 0) return [];
  const on = { is: tunnels.flatMap(({ covers }) => covers) };
  const doubts = ['tunnels of IPsec are filtered on enc0, and what their own rules do then is not known'];
  const line = lineAt(ipsec, 'assigned tunnels of IPsec');
  return [own(line, { on, doubts }, { quick: true }), own(line, { on, doubts }, { action: 'block', quick: true })];
}
