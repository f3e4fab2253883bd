import { LINUX, besideFault } from '../../agent-protocol/linux';
import { linuxPlaces } from '../../agent-protocol/linux-places';
import { System } from '../../agent-protocol/system';

const DROP_IN = '/etc/systemd/system/nftables.service.d/cpanel-edge.conf';

/** Without counters and handles. */
const HELD =
  'for table in $(nft list tables | awk \'$3 ~ /^cpanel_edge/ { print $3 }\'); do nft -s list table inet "$table"; done';

export const system: System = {
  ...LINUX,
  runs: {
    ...LINUX.runs,
    places: linuxPlaces({
      tools: { nft: '/usr/sbin/nft' },
      needs: ['nft'],
      checks: 'nft -c -f -',
      loads: 'nft -f -',
      atOnce: true,
      lists: 'nft list ruleset',
      held: HELD,
    }),
  },
  unitOf({ text }) {
    const [first = ''] = text.split('\n', 1);
    return /^table inet ([a-z][a-z0-9_]{0,99})$/.exec(first)?.[0].replace(' inet', '');
  },
  bootFaults: {
    ...LINUX.bootFaults,
    ...besideFault('nftables', 'systemctl disable nftables'),
    'drop-in-missing': {
      says: `${DROP_IN} is gone: whoever starts, reloads or stops nftables.service takes our rules away`,
      loads: true,
    },
    'drop-in-changed': {
      says: `${DROP_IN} is not as we wrote it: whoever starts, reloads or stops nftables.service may take our rules away`,
      loads: true,
    },
  },
};
