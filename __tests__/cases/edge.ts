import { CpanelFirewallProfileIntent } from '../../lib/intent/intent';

/** The gateway most cases stand on: one way out, one network behind it. */
export const EDGE = {
  device: 'edge',
  interfaces: [
    { name: 'wan0', role: 'outside', addresses: ['203.0.113.2/24'] },
    { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'] },
  ],
} as const;

/** Where administrators come from. */
export const ADMINS = '198.51.100.0/28';

export const MANAGEMENT: CpanelFirewallProfileIntent['management'] = { from: [ADMINS], port: 22 };
