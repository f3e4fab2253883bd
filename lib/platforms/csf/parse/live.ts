import { createFileProgramLive } from '../../iptables/parse/file-program-live';

export const live = createFileProgramLive({
  name: 'csf',
  prefix: 'cc',
  settings: '/etc/csf/csf.conf',
  lines: '/etc/csf/csf.allow',
  verdicts: / -j LOGDROP(IN|OUT)$/,
});
