// The inspectors of the iptables rules that a running APF has loaded, 9.7 (`live`) or 2.0.2 (`publishedLive`): APF's
// values (chain prefix, files, drop chains) for the inspector that csf and APF share.

import { RunningConfigInspector } from '../../../parse/running-config';
import { createFileProgramLive } from '../../iptables/parse/file-program-inspector';

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
