// Parses the OpenVPN and IPsec tunnels of pfSense's config.xml that are enabled.

import { XmlElement } from '../../../../xml/parse-xml';
import { findChild, isSet, listChildren, getText } from '../elements/element';

/** Returns the servers and clients of OpenVPN that aren't disabled. */
export function listOpenvpnTunnels(root: XmlElement): readonly XmlElement[] {
  const openvpn = findChild(root, 'openvpn');
  return [...listChildren(openvpn, 'openvpn-server'), ...listChildren(openvpn, 'openvpn-client')].filter(
    (tunnel) => !isSet(tunnel, 'disable'),
  );
}

/** Returns whether some phase 1 or mobile client isn't disabled. Source: ipsec_enabled. */
export const isIpsecOn = (ipsec: XmlElement): boolean =>
  (listChildren(ipsec, 'phase1').some((phase) => !isSet(phase, 'disabled')) && !isSet(ipsec, 'disabled')) ||
  isSet(ipsec, 'client', 'enable');

/** Returns the phase 2 entries of tunnels that aren't disabled, each with its position in the list, from 1. */
export const listIpsecTunnels = (
  root: XmlElement,
): readonly { readonly phase: XmlElement; readonly position: number }[] =>
  listChildren(findChild(root, 'ipsec'), 'phase2')
    .map((phase, at) => ({ phase, position: at + 1 }))
    .filter(({ phase }) => !isSet(phase, 'disabled') && getText(phase, 'mode') !== 'transport');

export type PhaseEnd = 'localid' | 'natlocalid' | 'remoteid';

/** Returns one end of a phase 2 as text: `10.0.0.0/24`. */
export function getPhaseAddress(phase: XmlElement, end: PhaseEnd): string {
  const bits = getText(phase, end, 'netbits');
  return getText(phase, end, 'address') + (bits === '' ? '' : `/${bits}`);
}

/** Returns the network from which mobile clients get addresses; none without such clients. */
export function listMobilePools(root: XmlElement): readonly string[] {
  const client = findChild(root, 'ipsec', 'client');
  return isSet(client, 'enable') ? [`${getText(client, 'pool_address')}/${getText(client, 'pool_netbits')}`] : [];
}
