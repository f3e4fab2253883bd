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
 * Assigned tunnels that may be in the group of WireGuard though the configuration names them in none: the package puts them in while it
 * runs, all or only those that aren't assigned.
 */
export function findPossiblyGrouped(box: PfsenseBox, keys: readonly string[]): readonly PfsenseInterface[] {
  const group = keys.includes(WIREGUARD_GROUP) ? box.groups.get(WIREGUARD_GROUP) : undefined;
  return group
    ? box.interfaces.filter(
        (boxInterface) => WIREGUARD_TUNNEL.test(boxInterface.device) && !group.includes(boxInterface),
      )
    : [];
}

/** What comes by an assigned tunnel of IPsec is filtered on enc0, unless the box is told to do so on the tunnel itself. */
export function createIpsecTunnelRules({ box }: Pick<PfsenseContext, 'box'>): readonly PfFilterRule[] {
  const ipsec = findChild(box.root, 'ipsec');
  if (!ipsec || !isIpsecOn(ipsec) || getText(ipsec, 'filtermode') === 'if_ipsec') return [];
  const tunnels = box.interfaces.filter(({ device }) => IPSEC_TUNNEL.test(device));
  if (tunnels.length === 0) return [];
  const on = { is: tunnels.flatMap(({ covers }) => covers) };
  const reasons = ['tunnels of IPsec are filtered on enc0, and what their own rules do then is not known'];
  const line = createNamedLine(ipsec, 'assigned tunnels of IPsec');
  return [
    createBoxRule(line, { on, doubts: reasons }, { quick: true }),
    createBoxRule(line, { on, doubts: reasons }, { action: 'block', quick: true }),
  ];
}
