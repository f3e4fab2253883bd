import { Live } from '../../../parse/live';
import { madeOfFiles } from '../../iptables/parse/made-of-files';

const liveIn = (folder: string, prefix: string): Live =>
  madeOfFiles({
    name: 'apf',
    prefix,
    settings: `${folder}/conf.apf`,
    lines: `${folder}/allow_hosts.rules`,
    verdicts: / -j (RESET|PROHIBIT)$/,
  });

export const live = liveIn('/etc/apf-firewall', 'ca');
export const published = liveIn('/etc/apf', 'cu');
