import { LINUX } from '../../delivering/linux';
import { System } from '../../delivering/system';

const DROP_IN = '/etc/systemd/system/firewalld.service.d/cpanel-edge.conf';

export const system: System = {
  ...LINUX,
  unitOf({ text, owner }) {
    const name = `cf-${owner}`;
    return text.startsWith('==> /etc/firewalld/') && text.includes(`==> /etc/firewalld/policies/${name}-in.xml <==`)
      ? `policies ${name}`
      : undefined;
  },
  refusals: {},
  bootFaults: {
    ...LINUX.bootFaults,
    'firewalld-missing': { says: `${DROP_IN} is gone: a start of firewalld may bring other rules than ours`, loads: true },
    'firewalld-changed': { says: `${DROP_IN} is not as we wrote it: a start of firewalld may bring other rules than ours`, loads: true },
  },
};
