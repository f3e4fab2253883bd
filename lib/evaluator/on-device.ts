import { isNamed } from '../parse/foreign';
import { Context } from './context';
import { BaseChain } from './model';

export const BELOW = 'it may come by a device on which a list stands';

/**
 * Whether a packet meets a list, which may stand on devices: those of the ingress and egress hooks always do. What comes by a VLAN its device below has
 * seen before, whose name it has by custom. Source: __netif_receive_skb_core in net/core/dev.c.
 */
export function isMet(
  { hook, devices }: Pick<BaseChain, 'hook' | 'devices'>,
  { iif, oif }: Pick<Context, 'iif' | 'oif'>,
): 'yes' | 'perhaps' | 'no' {
  if (devices.length === 0 && hook !== 'ingress' && hook !== 'egress') return 'yes';
  const own = hook === 'egress' || hook === 'postrouting' ? oif : iif;
  const on = (name: string): boolean => devices.some((device) => isNamed(name, device));
  if (own === undefined || on(own)) return 'yes';
  const [, below] = /^(.+)\.\d{1,4}$/.exec(own) ?? [];
  return below !== undefined && on(below) ? 'perhaps' : 'no';
}
