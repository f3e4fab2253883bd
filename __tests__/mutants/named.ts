import { ADDRESSES } from './named-addresses';
import { IPTABLES } from './named-iptables';
import { APF } from './named-apf';
import { CSF } from './named-csf';
import { FIREWALLD } from './named-firewalld';
import { NFTABLES } from './named-nftables';
import { PFSENSE } from './named-pfsense';
import { Named } from './text-edit';

/** Mistakes of which each once passed a proof, or would be as bad. All of them have to be seen wherever they can be made. */
export const NAMED: readonly Named[] = [...NFTABLES, ...PFSENSE, ...IPTABLES, ...FIREWALLD, ...CSF, ...APF, ...ADDRESSES];
