// The inspector of the iptables rules that a running csf has loaded: csf's values (chain prefix, files, drop chains)
// for the inspector that csf and APF share.

import { createFileProgramLive } from '../../iptables/parse/file-program-inspector';

export const live = createFileProgramLive({
  name: 'csf',
  prefix: 'cc',
  settings: '/etc/csf/csf.conf',
  lines: '/etc/csf/csf.allow',
  verdicts: / -j LOGDROP(IN|OUT)$/,
});
