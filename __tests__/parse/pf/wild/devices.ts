// The devices of the sample pf texts in this folder.

import { Device } from '../../../../lib/net/device';
import { port, router } from '../../../devices';

const OFFICE = router(
  [port('igb0', 'outside', ['203.0.113.2/28']), port('igb1', 'inside', ['10.0.1.1/24'])],
  '203.0.113.10',
);

/** The devices of the rules in this folder. */
export const WILD_PF: Readonly<Record<string, Device>> = {
  'pfsense-27': OFFICE,
  'rules-debug': OFFICE,
  freebsd: router([port('em0', 'outside', ['203.0.113.2/28']), port('em1', 'inside', ['10.0.1.1/24'])], '203.0.113.10'),
  anchors: router([
    port('igb0', 'outside', ['203.0.113.2/28']),
    port('igb1', 'inside', ['10.0.1.1/24']),
    port('igb2', 'dmz', ['10.0.2.1/24']),
  ]),
  verbose: router([port('vtnet0', 'outside', ['198.51.100.20/24', '2001:db8:20::2/64'])]),
};
