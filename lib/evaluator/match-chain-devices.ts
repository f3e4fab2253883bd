// Decides whether a packet passes a chain that nftables binds to devices (ingress and egress hooks), by the names of
// its interfaces.

import { matchesInterfaceName } from '../parse/config-format';
import { PacketContext } from './packet-context';
import { BaseChain } from './ruleset-model';

export const PARENT_DEVICE_REASON = 'it may come by a device on which a list stands';

/**
 * Returns whether a packet meets a chain, which may stand on devices: chains of the ingress and egress hooks always do.
 * The device below a VLAN has seen the VLAN's packets before. By custom a VLAN's name begins with the name of that
 * device. Source: __netif_receive_skb_core in net/core/dev.c.
 */
export function matchDevices(
  { hook, devices }: Pick<BaseChain, 'hook' | 'devices'>,
  { iif, oif }: Pick<PacketContext, 'iif' | 'oif'>,
): 'yes' | 'perhaps' | 'no' {
  if (devices.length === 0 && hook !== 'ingress' && hook !== 'egress') return 'yes';
  const interfaceName = hook === 'egress' || hook === 'postrouting' ? oif : iif;
  const isListed = (name: string): boolean => devices.some((device) => matchesInterfaceName(name, device));
  if (interfaceName === undefined || isListed(interfaceName)) return 'yes';
  const [, parent] = /^(.+)\.\d{1,4}$/.exec(interfaceName) ?? [];
  return parent !== undefined && isListed(parent) ? 'perhaps' : 'no';
}
