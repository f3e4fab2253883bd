import { LINUX } from '../../delivering/linux';
import { System } from '../../delivering/system';

const DROP_IN = '/etc/systemd/system/nftables.service.d/cpanel-edge.conf';

export const system: System = {
  ...LINUX,
  unitOf({ text }) {
    const [first = ''] = text.split('\n', 1);
    return /^table inet ([a-z][a-z0-9_]{0,99})$/.exec(first)?.[0].replace(' inet', '');
  },
  bootFaults: {
    ...LINUX.bootFaults,
    'drop-in-missing': { says: `${DROP_IN} is gone: whoever starts, reloads or stops nftables.service takes our rules away`, loads: true },
    'drop-in-changed': {
      says: `${DROP_IN} is not as we wrote it: whoever starts, reloads or stops nftables.service may take our rules away`,
      loads: true,
    },
  },
};
