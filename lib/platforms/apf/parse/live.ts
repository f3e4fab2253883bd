import { RunningConfigInspector } from '../../../parse/running-config';
import { createFileProgramLive } from '../../iptables/parse/file-program-live';

const createLive = (folder: string, prefix: string): RunningConfigInspector =>
  createFileProgramLive({
    name: 'apf',
    prefix,
    settings: `${folder}/conf.apf`,
    lines: `${folder}/allow_hosts.rules`,
    verdicts: / -j (RESET|PROHIBIT)$/,
  });

export const live = createLive('/etc/apf-firewall', 'ca');
export const publishedLive = createLive('/etc/apf', 'cu');
