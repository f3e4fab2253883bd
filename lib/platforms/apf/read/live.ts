import { madeOfFiles } from '../../iptables/read/made-of-files';

export const live = madeOfFiles({
  name: 'apf',
  prefix: 'ca',
  settings: '/etc/apf-firewall/conf.apf',
  lines: '/etc/apf-firewall/allow_hosts.rules',
  verdicts: / -j (RESET|PROHIBIT)$/,
});
