import { createFileProgramLive } from '../../iptables/parse/made-of-files';

export const live = createFileProgramLive({
  name: 'csf',
  prefix: 'cc',
  settings: '/etc/csf/csf.conf',
  lines: '/etc/csf/csf.allow',
  verdicts: / -j LOGDROP(IN|OUT)$/,
});
