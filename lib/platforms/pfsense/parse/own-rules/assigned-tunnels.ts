// Models VPN tunnels that are assigned as interfaces of pfSense, where config.xml leaves their filtering open: possible
// members of the WireGuard group, and rules of unknown effect for IPsec tunnels.

import { PfFilterRule } from '../../../../parse/pf/model';
import { PfsenseContext } from '../packets/resolve-addresses';
import { PfsenseBox, PfsenseInterface } from '../box/box';
import { findChild, getText } from '../elements/element';
import { createNamedLine, createBoxRule } from './system-rules';
import { isIpsecOn } from '../box/tunnels';

const WIREGUARD_GROUP = 'WireGuard';
const WIREGUARD_TUNNEL = /^tun_wg\d+$/;
const IPSEC_TUNNEL = /^ipsec\d+$/;

/**
 * Returns the assigned tunnels that may be in the group of WireGuard although no group in the configuration names them.
 * The package adds them while it runs, either all of them or only those that aren't assigned.
 */
export function findPossiblyGrouped(box: PfsenseBox, keys: readonly string[]): readonly PfsenseInterface[] {
  const group = keys.includes(WIREGUARD_GROUP) ? box.groups.get(WIREGUARD_GROUP) : undefined;
  return group
    ? box.interfaces.filter(
        (boxInterface) => WIREGUARD_TUNNEL.test(boxInterface.device) && !group.includes(boxInterface),
      )
    : [];
}

/**
 * Returns the rules for assigned tunnels of IPsec: the box filters their packets on enc0, unless it is set to filter on
 * the tunnel itself.
 */
export function createIpsecTunnelRules({ box }: Pick<PfsenseContext, 'box'>): readonly PfFilterRule[] {
  const ipsec = findChild(box.root, 'ipsec');
  if (!ipsec || !isIpsecOn(ipsec) || getText(ipsec, 'filtermode') === 'if_ipsec') return [];
  const tunnels = box.interfaces.filter(({ device }) => IPSEC_TUNNEL.test(device));
  if (tunnels.length === 0) return [];
  const on = { is: tunnels.flatMap(({ covers }) => covers) };
  const reasons = ['tunnels of IPsec are filtered on enc0, and what their own rules do then is not known'];
  const line = createNamedLine(ipsec, 'assigned tunnels of IPsec');
  return [
    createBoxRule(line, { on, unknownReasons: reasons }, { quick: true }),
    createBoxRule(line, { on, unknownReasons: reasons }, { action: 'block', quick: true }),
  ];
}
