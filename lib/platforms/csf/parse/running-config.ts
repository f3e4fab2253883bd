// Inspects the iptables rules that a running csf has loaded: names the unit of a release, and the command that shows
// it.

import { createFileProgramLive } from '../../iptables/parse/file-program-inspector';

export const live = createFileProgramLive({
  name: 'csf',
  prefix: 'cc',
  settings: '/etc/csf/csf.conf',
  lines: '/etc/csf/csf.allow',
  verdicts: / -j LOGDROP(IN|OUT)$/,
});
