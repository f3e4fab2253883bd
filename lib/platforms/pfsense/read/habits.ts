import { XmlElement } from '../../../xml/xml';
import { childOf, isSet } from './element';

/**
 * Anchors that pfSense writes on every box, and that stay empty where nothing is set up that fills them: hooks for hand-made rules, what
 * tunnels and the TFTP proxy add for one session, UPnP. Those of captive portals are there only where a portal is.
 */
const EMPTY = /^(natearly|natrules|userrules|openvpn|ipsec|relayd|tftp-proxy|miniupnpd)(\/\*)?$/;

/** `root`: the configuration, which says more than the names. */
export function staysEmpty(anchor: string, root?: XmlElement): boolean {
  if (!EMPTY.test(anchor)) return false;
  const mapping = childOf(root, 'installedpackages', 'miniupnpd', 'config');
  return !(anchor === 'miniupnpd' && isSet(mapping, 'enable'));
}

/**
 * Tables that programs on the box fill with clients that they keep out for a while. Without their content they count as empty, as
 * elements with a timeout do elsewhere: what they keep out now they let in later.
 */
export const holdsBans = (table: string): boolean => BANS.has(table);
const BANS = new Set([
  'snort2c',
  'virusprot',
  'sshguard',
  'sshlockout',
  'webConfiguratorlockout',
  'crowdsec_blacklists',
  'crowdsec6_blacklists',
]);
