// Describes devices with nftables to the driver and the lab: commands that check, load and list rules, the table that a
// release owns, and boot faults of nftables.service.

import { LINUX, createOtherFirewallFault } from '../../agent-protocol/linux-system';
import { createLinuxStopPoints } from '../../agent-protocol/linux-stop-points';
import { DeviceSystem } from '../../agent-protocol/device-system';

const DROP_IN_PATH = '/etc/systemd/system/nftables.service.d/cpanel-edge.conf';

/** Prints our tables without counters and handles. */
const LIST_OWN_TABLES =
  'for table in $(nft list tables | awk \'$3 ~ /^cpanel_edge/ { print $3 }\'); do nft -s list table inet "$table"; done';

export const system: DeviceSystem = {
  ...LINUX,
  agentProgram: {
    ...LINUX.agentProgram,
    stopPoints: createLinuxStopPoints({
      tools: { nft: '/usr/sbin/nft' },
      needs: ['nft'],
      checks: 'nft -c -f -',
      loads: 'nft -f -',
      atOnce: true,
      lists: 'nft list ruleset',
      held: LIST_OWN_TABLES,
    }),
  },
  findUnit({ text }) {
    const [firstLine = ''] = text.split('\n', 1);
    return /^table inet ([a-z][a-z0-9_]{0,99})$/.exec(firstLine)?.[0].replace(' inet', '');
  },
  bootFaults: {
    ...LINUX.bootFaults,
    ...createOtherFirewallFault('nftables', 'systemctl disable nftables'),
    'drop-in-missing': {
      description: `${DROP_IN_PATH} is gone: a start, reload or stop of nftables.service takes our rules away`,
      loads: true,
    },
    'drop-in-changed': {
      description: `${DROP_IN_PATH} is not as we wrote it: a start, reload or stop of nftables.service may take our rules away`,
      loads: true,
    },
  },
};
