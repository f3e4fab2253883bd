// The table of named mutants of all platforms: mistakes that the verifier must see.

import { ADDRESSES } from './addresses';
import { IPTABLES } from './iptables';
import { APF } from './apf';
import { CSF } from './csf';
import { FIREWALLD } from './firewalld';
import { NFTABLES } from './nftables';
import { PFSENSE } from './pfsense';
import { Named } from '../text/edit';

/** Mistakes that a verification once missed, or that would be as bad. Each must be seen wherever it can be made. */
export const NAMED: readonly Named[] = [
  ...NFTABLES,
  ...PFSENSE,
  ...IPTABLES,
  ...FIREWALLD,
  ...CSF,
  ...APF,
  ...ADDRESSES,
];
