import { madeOfFiles } from '../../iptables/parse/made-of-files';

export const live = madeOfFiles({
  name: 'csf',
  prefix: 'cc',
  settings: '/etc/csf/csf.conf',
  lines: '/etc/csf/csf.allow',
  verdicts: / -j LOGDROP(IN|OUT)$/,
});
