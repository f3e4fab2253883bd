import { LINUX } from '../../delivering/linux';
import { System } from '../../delivering/system';

export const system: System = {
  ...LINUX,
  unitOf: ({ text, owner }) => (text.startsWith(`==> /etc/csf/csf.conf <==\n# cpanel-edge:${owner}\n`) ? `csf cc-${owner}` : undefined),
};
