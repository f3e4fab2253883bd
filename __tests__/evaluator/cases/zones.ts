// Cases of cases.ts on conntrack zones.

import { Case, hook, inet, probe, reached } from './cases';

const DROPS_UNTRACKED = hook('input', '0', 'accept', 'ct state untracked drop');
const raw = (...rules: readonly string[]): string => hook('prerouting', '-300', 'accept', ...rules);

/**
 * A zone attaches a template to a packet that isn't tracked yet: the packet is then new, and a later notrack has no
 * effect; a notrack before the zone is undone. With either, the kernel accepts packets that are unknown here, 6.18.
 * Source: nft_ct_set_zone_eval and nft_notrack_eval in nft_ct.c.
 */
export const ZONES: readonly Case[] = (
  [
    ['a zone undoes an earlier notrack', [raw('tcp dport 443 notrack', 'ct zone set 5'), DROPS_UNTRACKED], 'unknown'],
    [
      'notrack after a zone has no effect',
      [raw('ct original zone set 5', 'tcp dport 443 notrack'), DROPS_UNTRACKED],
      'unknown',
    ],
    [
      'a packet with a zone may be new before connection tracking',
      [raw('ct zone set 5', 'ct state invalid drop')],
      'unknown',
    ],
    [
      'a packet with a zone may have a direction before connection tracking',
      [raw('ct zone set 5', 'ct direction original accept', 'drop')],
      'unknown',
    ],
    [
      'a packet with a zone is new',
      [raw('ct zone set 5'), hook('input', '0', 'drop', 'ct state invalid drop', 'ct state new accept')],
      reached,
    ],
    ['a packet with a zone is tracked', [raw('ct zone set 5'), DROPS_UNTRACKED], reached],
  ] as const
).map(([name, chains, becomes]) => ({
  name,
  text: inet(...chains),
  probe: probe('out', '198.51.100.7', '198.51.100.2', 443),
  becomes,
}));
