import { XmlElement } from '../../../../xml/xml';
import { childOf, isSet, listOf, textAt } from '../elements/element';

/** Servers and clients of OpenVPN that aren't disabled. */
export function openvpnTunnels(root: XmlElement): readonly XmlElement[] {
  const openvpn = childOf(root, 'openvpn');
  return [...listOf(openvpn, 'openvpn-server'), ...listOf(openvpn, 'openvpn-client')].filter(
    (tunnel) => !isSet(tunnel, 'disable'),
  );
}

/** Source: ipsec_enabled: some phase 1 or mobile client that isn't disabled. */
export const ipsecRuns = (ipsec: XmlElement): boolean =>
  (listOf(ipsec, 'phase1').some((phase) => !isSet(phase, 'disabled')) && !isSet(ipsec, 'disabled')) ||
  isSet(ipsec, 'client', 'enable');

/** Phase 2 entries of tunnels that aren't disabled, each with its place in the list, from 1. */
export const ipsecTunnels = (root: XmlElement): readonly { readonly phase: XmlElement; readonly position: number }[] =>
  listOf(childOf(root, 'ipsec'), 'phase2')
    .map((phase, at) => ({ phase, position: at + 1 }))
    .filter(({ phase }) => !isSet(phase, 'disabled') && textAt(phase, 'mode') !== 'transport');

export type PhaseEnd = 'localid' | 'natlocalid' | 'remoteid';

/** One end of a phase 2 as text: `10.0.0.0/24`. */
export function endOf(phase: XmlElement, end: PhaseEnd): string {
  const bits = textAt(phase, end, 'netbits');
  return textAt(phase, end, 'address') + (bits === '' ? '' : `/${bits}`);
}

/** The network of which mobile clients get addresses; none where there are no such clients. */
export function mobilePool(root: XmlElement): readonly string[] {
  const client = childOf(root, 'ipsec', 'client');
  return isSet(client, 'enable') ? [`${textAt(client, 'pool_address')}/${textAt(client, 'pool_netbits')}`] : [];
}
