import { madeOfFiles } from '../../iptables/read/made-of-files';
import { EVERY_TABLE } from './reader';

export const live = madeOfFiles({
  name: 'apf',
  prefix: 'ca',
  settings: '/etc/apf-firewall/conf.apf',
  lines: '/etc/apf-firewall/allow_hosts.rules',
  touches: EVERY_TABLE,
  verdicts: / -j (RESET|PROHIBIT)$/,
});
