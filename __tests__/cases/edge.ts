// The intent that most gateway cases share: a gateway with one uplink and one inside network, and a server.

import { CpanelFirewallProfileIntent } from '../../lib/intent/intent';

/** The gateway of most cases: one uplink and one inside network. */
export const EDGE = {
  device: 'edge',
  interfaces: [
    { name: 'wan0', role: 'outside', addresses: ['203.0.113.2/24'] },
    { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'] },
  ],
} as const;

/** The server of most cases: one address and no trusted networks. */
export const WEB1 = { device: 'web1', addresses: ['10.0.0.10/24'], trustedNetworks: 'none' } as const;

/** The administrators' prefix. */
export const ADMINS = '198.51.100.0/28';

export const MANAGEMENT: CpanelFirewallProfileIntent['management'] = { from: [ADMINS], port: 22 };
